import { stranger } from "../support/app.ts";
import { ANONYMOUS } from "../support/mishaps.ts";
import { registered } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ app, mishaps }) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signup");
});

test("a new account is signed in at once, and its page has the focus", async ({ app, page }) => {
  const account = stranger();
  await app.fill(account);
  await app.submitButton("Create account").click();
  await app.showsAccountOf(account);
  await expect(page).toHaveURL("/account");
  await expect(page).toHaveTitle("Your account · Counterfoil");
  await expect(app.heading("Your account")).toBeFocused();
  await expect(page.getByRole("banner").getByText(account.email)).toBeVisible();
});

test("a short password is refused with the rule, and nothing is sent", async ({ app, calls, page }) => {
  await app.isSignedOut();
  calls.forget();
  await app.fill({ email: stranger().email, password: "fourteen chars" });
  await app.submitButton("Create account").click();
  await expect(app.problem).toContainText("Use 15 characters or more");
  await expect(app.password).toHaveAttribute("aria-invalid", "true");
  await expect(app.password).toHaveAccessibleDescription(/15 characters or more.*Use 15 characters or more/);
  await expect(page).toHaveTitle("Error: Create account · Counterfoil");
  await app.problem.getByRole("link").click();
  await expect(app.password).toBeFocused();
  expect(calls.made()).toEqual([]);
});

test("a common password is refused by the server, with what to do about it", async ({ app, mishaps }) => {
  mishaps.expect("400 /auth/register");
  await app.fill({ email: stranger().email, password: "qwertyuiopasdfghjkl" });
  await app.submitButton("Create account").click();
  await expect(app.problem).toContainText("in a list of common ones");
});

test("an address that has an account already is told so, and offered to sign in", async ({
  app,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect("409 /auth/register");
  const { email } = await registered(site);
  await app.fill({ ...stranger(), email });
  await app.submitButton("Create account").click();
  await expect(app.problem).toContainText("already has an account");
  await app.problem.getByRole("link", { name: "Sign in instead" }).click();
  await expect(app.heading("Sign in")).toBeFocused();
  await expect(page).toHaveURL("/signin");
});
