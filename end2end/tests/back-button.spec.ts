import { sessionCookies } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test("after a sign-out the Back button shows nothing of the account", async ({ account, app, page }) => {
  await app.signOut();
  await page.goBack();
  await app.isSignedOut();
  await expect(app.heading("Sign in")).toBeVisible();
  await expect(page.getByText(account.email)).toHaveCount(0);
});

test("nor does it after leaving the site", async ({ account, app, context, newTab, page }) => {
  await expect(page.getByRole("region", { name: "This session" }).getByRole("code")).not.toBeEmpty();
  await page.goto("about:blank");
  const other = await newTab();
  await other.open("/account");
  await other.showsAccountOf(account);
  await other.signOut();
  expect(await sessionCookies(context)).toEqual([]);

  await page.goBack();
  await app.isSignedOut();
  await expect(app.heading("Sign in")).toBeVisible();
  await expect(page.getByText(account.email)).toHaveCount(0);
});

test.afterEach(({ mishaps }) => mishaps.expect("401 /auth/refresh"));
