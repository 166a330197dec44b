import { expect, type BrowserContext, type Cookie, type Route } from "@playwright/test";
import { stranger, type Account } from "./app.ts";
import type { Site } from "./server.ts";

/** What comes with a call that no browser makes. */
interface Call {
  readonly method?: "GET" | "POST";
  readonly cookie?: string;
  readonly token?: string;
  readonly body?: unknown;
}

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly code?: string;
    readonly reason?: string;
    readonly access_token?: string;
    readonly step_up_until?: number;
  };
}

/** The network of a browser that runs beside the server, as the pages show it. */
export const LOOPBACK = "this machine";

/** Calls the server as curl would: with no cookie jar, and with whatever it is told to present. */
export async function call(
  site: Site,
  path: string,
  { method = "POST", cookie, token, body }: Call,
): Promise<Reply> {
  const response = await fetch(site.origin + path, {
    method,
    headers: {
      ...(method === "POST" ? { "content-type": "application/json" } : {}),
      ...(cookie ? { cookie } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply["body"],
  };
}

/** Makes an account that no browser is signed in to. */
export async function registered(site: Site): Promise<Account> {
  const account = stranger();
  expect((await call(site, "/auth/register", { body: account })).status).toBe(200);
  return account;
}

/** Makes an account that administers the site. */
export async function administrator(site: Site): Promise<Account> {
  const account = await registered(site);
  await site.command("user", "set-role", "--email", account.email, "--role", "admin");
  return account;
}

/** Sends a page's request by another way, so that the answer does not touch the browser's cookies. */
export async function sendUnseen(site: Site, route: Route): Promise<Reply> {
  const { cookie } = await route.request().allHeaders();
  return call(site, new URL(route.request().url()).pathname, cookie ? { cookie } : {});
}

/** The cookies of a browser but for that of the device, which outlives every session. */
export async function sessionCookies(context: BrowserContext): Promise<Cookie[]> {
  return (await context.cookies()).filter(({ name }) => name !== "__Http-device");
}

/** The only refresh cookie in a browser. */
export async function refreshCookie(context: BrowserContext): Promise<Cookie> {
  const [cookie, ...others] = await sessionCookies(context);
  if (!cookie || others.length > 0) throw new Error(`${others.length + (cookie ? 1 : 0)} refresh cookies`);
  return cookie;
}

/** A cookie as a request header has it. */
export function pair({ name, value }: Cookie): string {
  return `${name}=${value}`;
}

/** How often the session of a refresh token had rotated when it was made. */
export function generation({ value }: Cookie): number {
  return Buffer.from(value.replace(/^cf1_/, ""), "base64url").readUInt32BE(16);
}

/**
 * Waits until a token that was replaced before now is no longer good: until the server says so of one that was replaced
 * just now, in a session of its own.
 */
export async function graceToPass(site: Site): Promise<void> {
  const cookieOf = ({ headers }: Reply) => headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const first = await call(site, "/auth/register", { body: stranger() });
  const second = await call(site, "/auth/refresh", { cookie: cookieOf(first) });
  // Until its successor has been used, a replaced token stays good for longer.
  await call(site, "/api/me", { method: "GET", token: second.body.access_token ?? "" });
  const replay = async () => (await call(site, "/auth/refresh", { cookie: cookieOf(first) })).body.code;
  await expect.poll(replay, { intervals: [250], timeout: 20_000 }).toBe("refresh_token_reused");
}

/** Waits until the server says that an access token has expired. */
export async function toExpire(site: Site, token: string): Promise<void> {
  const use = async () => (await call(site, "/api/me", { method: "GET", token })).body.code;
  await expect.poll(use, { intervals: [100], timeout: 10_000 }).toBe("token_expired");
}
