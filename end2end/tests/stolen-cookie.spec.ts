import { call, graceToPass, pair, refreshCookie, sessionCookies } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_REFRESH_GRACE: "1s" } });

const WHY = "An old refresh token of your session was presented again.";

test("a stolen cookie that is replayed too late ends the session, and the page says why", async ({
  account,
  app,
  context,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect("401 /api/me");
  const stolen = pair(await refreshCookie(context));
  await app.reload();
  await app.showsAccountOf(account);
  await expect(page.getByText("Member since").locator("xpath=following-sibling::dd[1]")).not.toBeEmpty();
  await graceToPass(site);

  const replay = await call(site, "/auth/refresh", { cookie: stolen });
  expect(replay.status).toBe(401);
  expect(replay.body).toMatchObject({ code: "refresh_token_reused" });
  expect(replay.body).not.toHaveProperty("access_token");

  await app.askButton.click();
  await expect(app.heading("Signed out")).toBeVisible();
  await expect(page.getByRole("main")).toContainText(WHY);
  await expect(page.getByText(account.email)).toHaveCount(0);
  expect(await sessionCookies(context)).toEqual([]);
});

test("a thief who refreshes first is found out when the owner comes back", async ({
  account,
  app,
  context,
  page,
  site,
}) => {
  const cookie = pair(await refreshCookie(context));
  const theirs = await call(site, "/auth/refresh", { cookie });
  const token = theirs.body.access_token ?? "";
  expect((await call(site, "/api/me", { method: "GET", token })).status).toBe(200);
  await graceToPass(site);

  await app.reload();
  await expect(app.heading("Signed out")).toBeVisible();
  await expect(page.getByRole("main")).toContainText(WHY);
  await expect(page.getByText(account.email)).toHaveCount(0);
  expect((await call(site, "/api/me", { method: "GET", token })).body.code).toBe("token_revoked");
});

test("the sign-in page says why too", async ({ account, app, context, page, site }) => {
  const cookie = pair(await refreshCookie(context));
  await app.reload();
  await app.showsAccountOf(account);
  await expect(page.getByText("Member since").locator("xpath=following-sibling::dd[1]")).not.toBeEmpty();
  await graceToPass(site);
  await call(site, "/auth/refresh", { cookie });

  await app.open("/signin");
  await expect(page.getByRole("status").filter({ hasText: WHY })).toBeVisible();
  await app.signIn(account);
  await app.showsAccountOf(account);
});
