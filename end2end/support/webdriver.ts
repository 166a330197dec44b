import { spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { freePort } from "./server.ts";

/** Where WebDriver has its commands over HTTP (W3C, section 6.3); Firefox takes them by their names. */
const COMMANDS = {
  Navigate: "/url",
  ExecuteScript: "/execute/sync",
  FindElement: "/element",
  ElementClick: "/element/{id}/click",
} as const;

type Send = (command: keyof typeof COMMANDS, parameters: Record<string, unknown>) => Promise<unknown>;

/** A browser that Playwright does not drive. */
export class Remote {
  private constructor(
    readonly name: string,
    private readonly send: Send,
    readonly close: () => Promise<void>,
  ) {}

  /** Firefox by Marionette, the protocol of its own that WebDriver is translated to. */
  static async firefox(): Promise<Remote> {
    const profile = await mkdtemp(join(tmpdir(), "counterfoil-profile-"));
    // Whatever name Firefox looks up is this machine.
    const settings = { "marionette.port": 0, "network.dns.native-is-localhost": true };
    const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${value});\n`);
    await writeFile(join(profile, "user.js"), lines);
    const stop = start("firefox-esr", "--headless", "--marionette", "--profile", profile);
    const port = await found(() => readFile(join(profile, "MarionetteActivePort"), "utf8"));
    const marionette = await Marionette.connect(Number(port));
    const { capabilities } = (await marionette.send("NewSession", {})) as Session;
    return new Remote(
      `Firefox ${capabilities.browserVersion}`,
      (command, parameters) => marionette.send(command, parameters).then(valueOf),
      async () => {
        await stop();
        await rm(profile, { recursive: true, force: true });
      },
    );
  }

  /** WebKitGTK by WebDriver, on a screen that nobody sees. */
  static async webkit(): Promise<Remote> {
    const port = await freePort();
    const close = start("xvfb-run", "--auto-servernum", "WebKitWebDriver", `--port=${port}`);
    const call = async (method: string, path: string, parameters?: object) => {
      const body = parameters ? { body: JSON.stringify(parameters) } : {};
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...body });
      if (!answer.ok) throw new Error(await answer.text());
      return valueOf(await answer.json());
    };
    await found(() => call("GET", "/status"));
    const { capabilities, sessionId } = (await call("POST", "/session", { capabilities: {} })) as Session;
    return new Remote(
      `WebKitGTK ${capabilities.browserVersion}`,
      (command, parameters) => {
        const path = COMMANDS[command].replace("{id}", String(parameters["id"]));
        return call("POST", `/session/${sessionId}${path}`, parameters);
      },
      close,
    );
  }

  async open(url: string): Promise<void> {
    await this.send("Navigate", { url });
  }

  /** What a script gives back. */
  read(script: string): Promise<unknown> {
    return this.send("ExecuteScript", { script: `return ${script}`, args: [] });
  }

  /** Clicks, as a person does. */
  async click(selector: string): Promise<void> {
    const element = await this.send("FindElement", { using: "css selector", value: selector });
    await this.send("ElementClick", { id: Object.values(element as object)[0] });
  }
}

interface Session {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion: string };
}

const valueOf = (answer: unknown) => (answer as { value: unknown }).value;

/** Starts a program, and gives what ends it and all that it has started. */
function start(program: string, ...words: string[]): () => Promise<void> {
  const env = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };
  const child = spawn(program, words, { detached: true, env, stdio: "ignore" });
  const ended = new Promise<void>((resolve) =>
    child.once("exit", () => resolve()).once("error", () => resolve()),
  );
  return async () => {
    if (child.pid && child.exitCode === null) process.kill(-child.pid);
    await ended;
  };
}

/** What can be had after a while. */
async function found<T>(look: () => Promise<T>): Promise<T> {
  await expect(look, "the browser starts").toPass({ timeout: 20_000 });
  return look();
}

/** One command after the other, each as its length in bytes, a colon, and JSON. */
class Marionette {
  private commands = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly messages: AsyncGenerator<unknown>,
  ) {}

  static async connect(port: number): Promise<Marionette> {
    const socket = connect(port, "127.0.0.1");
    const messages = received(socket);
    // It greets first.
    await messages.next();
    return new Marionette(socket, messages);
  }

  async send(command: string, parameters: object): Promise<unknown> {
    const text = JSON.stringify([0, ++this.commands, `WebDriver:${command}`, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    const { value } = await this.messages.next();
    const [, , error, result] = value as unknown[];
    if (error) throw new Error(JSON.stringify(error));
    return result;
  }
}

async function* received(socket: Socket): AsyncGenerator<unknown> {
  let rest = Buffer.alloc(0);
  for await (const bytes of socket) {
    rest = Buffer.concat([rest, bytes as Buffer]);
    for (;;) {
      const colon = rest.indexOf(":");
      const end = colon + 1 + Number(rest.subarray(0, colon));
      if (colon < 0 || rest.length < end) break;
      yield JSON.parse(rest.subarray(colon + 1, end).toString());
      rest = rest.subarray(end);
    }
  }
}
