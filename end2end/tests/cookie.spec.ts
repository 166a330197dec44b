import { pair, refreshCookie, sessionCookies } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

const WEEK = 7 * 24 * 60 * 60;

test("the refresh cookie is named, flagged and scoped as promised", async ({ account, calls, context }) => {
  const cookie = await refreshCookie(context);
  expect(cookie).toMatchObject({
    domain: "localhost",
    path: "/auth",
    httpOnly: true,
    secure: true,
    sameSite: "Strict",
  });
  expect(Math.abs(cookie.expires - Date.now() / 1000 - WEEK)).toBeLessThan(60);
  const claims = Buffer.from((await calls.newestToken()).split(".")[1] ?? "", "base64url").toString();
  const { sid } = JSON.parse(claims) as { sid: string };
  expect(cookie.name, account.email).toBe(`__Http-refresh-${sid.slice(0, 8)}`);
  expect(await sessionCookies(context)).toEqual([cookie]);
});

test("the device cookie is flagged and scoped as the refresh cookie, and outlives the session", async ({
  account,
  app,
  context,
}) => {
  const device = async () => (await context.cookies()).filter(({ name }) => name === "__Http-device");
  const [cookie] = await device();
  expect(cookie, account.email).toMatchObject({
    domain: "localhost",
    path: "/auth",
    httpOnly: true,
    secure: true,
    sameSite: "Strict",
  });
  expect(Math.abs((cookie?.expires ?? 0) - Date.now() / 1000 - 180 * 24 * 60 * 60)).toBeLessThan(60);
  await app.signOut();
  expect(await device()).toEqual([cookie]);
});

test("no script can read it, replace it or clear it", async ({ account, context, page }) => {
  const cookie = await refreshCookie(context);
  const readable = await page.evaluate(({ name }) => {
    history.replaceState(null, "", "/auth/anything");
    document.cookie = `${name}=planted; path=/auth; secure; samesite=strict`;
    document.cookie = `${name}=; path=/auth; secure; max-age=0`;
    document.cookie = "__Http-refresh-00000000=planted; path=/auth; secure; samesite=strict";
    return document.cookie;
  }, cookie);
  expect(readable, account.email).toBe("");
  expect(await sessionCookies(context)).toEqual([cookie]);
});

test("it goes to the calls under /auth alone", async ({ account, app, context, page }) => {
  const carriers = new Set<string>();
  const others = new Set<string>();
  page.on("request", async (request) => {
    const { pathname } = new URL(request.url());
    ((await request.allHeaders())["cookie"] ? carriers : others).add(pathname);
  });
  await app.reload();
  await app.showsAccountOf(account);
  await app.askButton.click();
  await expect(app.answer).toContainText(account.email);
  expect([...carriers]).toEqual(["/auth/refresh"]);
  expect([...others]).toEqual(expect.arrayContaining(["/account", "/api/me"]));
  expect(pair(await refreshCookie(context))).toMatch(/^__Http-refresh-[0-9a-f]{8}=cf1_[\w-]{91}$/);
});

test("a second sign-in in the same browser takes the place of the first", async ({
  account,
  app,
  context,
  mishaps,
  newTab,
}) => {
  // A tab that does not know yet that somebody is signed in, because its question was lost.
  mishaps.expect("net::ERR_FAILED /auth/refresh");
  const first = await refreshCookie(context);
  const other = await newTab();
  await other.page.route("**/auth/refresh", (route) => route.abort());
  await other.open("/signin");
  await other.signIn(account);
  await other.showsAccountOf(account);
  const second = await refreshCookie(context);
  expect(second.name).not.toBe(first.name);
  await app.showsAccountOf(account);
});
