import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { openSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

/** Settings of the server, as the environment variables that it reads. */
export type Settings = Readonly<Record<`COUNTERFOIL_${string}`, string>>;

const BINARY = resolve(process.env["COUNTERFOIL_BIN"] ?? "../target/release/counterfoil");
const SITE_ROOT = resolve(process.env["COUNTERFOIL_SITE_ROOT"] ?? "../target/site");
const START_LIMIT = 15_000;

/** A server of its own: port, database and keys are nobody else's. */
export class Site {
  private constructor(
    readonly origin: string,
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly process: ChildProcess,
  ) {}

  static async start(settings: Settings): Promise<Site> {
    const origin = `http://localhost:${await freePort()}`;
    const folder = await mkdtemp(join(tmpdir(), "counterfoil-"));
    const log = openSync(join(folder, "log"), "a");
    const env = {
      COUNTERFOIL_MODE: "development",
      COUNTERFOIL_PUBLIC_ORIGIN: origin,
      COUNTERFOIL_DATA_DIR: join(folder, "data"),
      COUNTERFOIL_SITE_ROOT: SITE_ROOT,
      COUNTERFOIL_BCRYPT_COST: "4",
      COUNTERFOIL_LOG_FORMAT: "json",
      COUNTERFOIL_LAB: "off",
      // All tests of a file come from one network.
      COUNTERFOIL_LOGIN_LIMIT: "10000/1s",
      COUNTERFOIL_REGISTER_LIMIT: "10000/1s",
      COUNTERFOIL_REFRESH_LIMIT: "10000/1s",
      COUNTERFOIL_PASSWORD_LIMIT: "10000/1s",
      ...settings,
    };
    const child = spawn(BINARY, ["serve"], { env, stdio: ["ignore", "ignore", log] });
    closeSync(log);
    const site = new Site(origin, folder, env, child);
    await Promise.race([site.ready(), once(child, "exit"), once(child, "error")]);
    if (child.exitCode !== null || child.pid === undefined) {
      throw new Error(`${BINARY} did not start:\n${await site.log()}`);
    }
    return site;
  }

  /** Runs a command of the binary beside the server, on the same data. */
  async command(...words: string[]): Promise<string> {
    return (await promisify(execFile)(BINARY, words, { env: this.env })).stdout;
  }

  /** What the server has logged so far. */
  log(): Promise<string> {
    return readFile(join(this.folder, "log"), "utf8");
  }

  /** Stops the server the polite way, and fails if it logged an error or went wrong while it stopped. */
  async stop(): Promise<void> {
    const exited = this.process.exitCode === null ? once(this.process, "exit") : undefined;
    this.process.kill("SIGTERM");
    await exited;
    const log = await this.log();
    await rm(this.folder, { recursive: true });
    const errors = log.split("\n").filter((line) => line.includes('"level":"ERROR"'));
    if (this.process.exitCode !== 0 || errors.length > 0) {
      throw new Error(`the server ended with ${this.process.exitCode}, having logged:\n${errors.join("\n")}`);
    }
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + START_LIMIT;
    while (!(await fetch(`${this.origin}/readyz`).catch(() => undefined))?.ok) {
      if (Date.now() > deadline) throw new Error(`the server is not ready:\n${await this.log()}`);
      await pause(50);
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
