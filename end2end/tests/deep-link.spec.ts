import { stranger } from "../support/app.ts";
import { ANONYMOUS } from "../support/mishaps.ts";
import { registered } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(({ mishaps }) => mishaps.expect(ANONYMOUS));

test("a link to the account leads there once somebody has signed in", async ({ app, page, site }) => {
  const account = await registered(site);
  await app.open("/account");
  await expect(app.heading("Sign in")).toBeVisible();
  await expect(page).toHaveURL("/signin?next=/account");
  await app.signIn(account);
  await app.showsAccountOf(account);
  await expect(page).toHaveURL("/account");
});

test("the way back survives a change of mind between signing in and signing up", async ({ app, page }) => {
  await app.open("/signin?next=/problems%23busy");
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(app.heading("Create account")).toBeFocused();
  await app.fill(stranger());
  await app.submitButton("Create account").click();
  await expect(app.heading("Error codes")).toBeVisible();
  await expect(page).toHaveURL("/problems#busy");
});

test("no history entry is left that Back would bounce off", async ({ app, page, site }) => {
  const account = await registered(site);
  await app.open("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Account" }).click();
  await expect(app.heading("Sign in")).toBeVisible();
  await app.signIn(account);
  await app.showsAccountOf(account);
  await page.goBack();
  await expect(app.heading("Sign-in you can check.")).toBeVisible();
  await expect(page).toHaveURL("/");
});
