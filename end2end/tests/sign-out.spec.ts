import { call, pair, refreshCookie, sessionCookies } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test("signing out says so, with the focus on it, and leaves no cookie", async ({
  account,
  app,
  context,
  page,
}) => {
  await app.signOutButton.click();
  await expect(app.heading("Signed out")).toBeFocused();
  await expect(page.getByRole("main")).toContainText("You signed out.");
  await expect(page).toHaveURL("/signed-out");
  await expect(page.getByText(account.email)).toHaveCount(0);
  expect(await sessionCookies(context)).toEqual([]);
});

test("signing out takes effect at once on the server", async ({ account, app, calls, context, site }) => {
  const token = await calls.newestToken();
  const cookie = pair(await refreshCookie(context));
  await app.signOut();
  expect((await call(site, "/api/me", { method: "GET", token })).body.code, account.email).toBe(
    "token_revoked",
  );
  const { body } = await call(site, "/auth/refresh", { cookie });
  expect(body).toMatchObject({ code: "session_revoked", reason: "signed_out" });
});

test("signing out in one tab empties the others, which ask nobody", async ({
  account,
  app,
  calls,
  newTab,
}) => {
  const others = [await newTab(), await newTab()] as const;
  await others[0].open("/account");
  await others[1].open("/");
  for (const tab of others) await tab.isSignedIn();
  calls.forget();
  await app.signOut();

  await expect(others[0].heading("Signed out")).toBeVisible();
  await expect(others[0].page.getByRole("main")).toContainText("You signed out.");
  await expect(others[1].page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  await expect(others[1].page.getByRole("figure")).toContainText("A sample.");
  for (const tab of others) {
    await tab.isSignedOut();
    await expect(tab.page.getByText(account.email)).toHaveCount(0);
  }
  expect(calls.made()).toEqual(["POST /auth/logout"]);
});

test("a sign-out that does not reach the server says so, and can be repeated", async ({
  account,
  app,
  mishaps,
  page,
}) => {
  mishaps.expect("net::ERR_FAILED /auth/logout");
  await page.route("**/auth/logout", (route) => route.abort(), { times: 1 });
  await app.signOutButton.click();
  await expect(page.getByRole("alert").filter({ hasText: "You are still signed in" })).toBeVisible();
  await app.showsAccountOf(account);
  await app.signOut();
  await expect(page.getByRole("alert").filter({ hasText: "You are still signed in" })).toHaveCount(0);
});
