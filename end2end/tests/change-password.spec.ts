import { stranger } from "../support/app.ts";
import { expect, test } from "../support/test.ts";

test("a new password ends the other sessions, and is the only one that is good", async ({
  account,
  app,
  mishaps,
  newDevice,
  page,
}) => {
  const other = await newDevice(account);
  const changed = { email: account.email, password: stranger().password };
  const part = app.part("Change password");
  await expect(part).toContainText("15 characters or more");
  await part.getByLabel("Current password", { exact: true }).fill(account.password);
  await part.getByLabel("New password", { exact: true }).fill(changed.password);
  await part.getByRole("button", { name: "Change password" }).click();
  await expect(part.getByRole("status").filter({ hasText: "Password changed." })).toHaveText(
    "Password changed. Your other sessions have ended.",
  );
  await expect(part.getByLabel("Current password", { exact: true })).toHaveValue("");
  await expect(part.getByLabel("New password", { exact: true })).toHaveValue("");
  await expect(app.row("Security events", "The password was changed")).toBeVisible();
  await app.askButton.click();
  await expect(app.answer).toContainText(account.email);

  await other.askButton.click();
  await expect(other.heading("Signed out")).toBeVisible();
  await expect(other.page.getByRole("main")).toContainText("The password of your account was changed.");

  await app.signOut();
  await page.getByRole("main").getByRole("link", { name: "Sign in again" }).click();
  mishaps.expect("401 /auth/login");
  await app.signIn(account);
  await expect(app.problem).toContainText("Email or password is not right.");
  await app.signIn(changed);
  await app.showsAccountOf(account);
});

test("a wrong password and a weak one are refused in words", async ({ account, app, mishaps, page }) => {
  mishaps.expect("401 /api/password", "400 /api/password");
  const part = app.part("Change password");
  const button = part.getByRole("button", { name: "Change password" });
  await button.click();
  await expect(app.problem).toContainText("Enter your current password.");
  await expect(app.problem).toContainText("Use 15 characters or more");
  await expect(page).toHaveTitle("Error: Your account · Counterfoil");

  const { password } = stranger();
  await part.getByLabel("Current password", { exact: true }).fill("not my password");
  await part.getByLabel("New password", { exact: true }).fill(password);
  await button.click();
  await expect(app.problem).toContainText("That is not your current password.");
  await expect(part.getByLabel("Current password", { exact: true })).toHaveValue("");
  await expect(part.getByLabel("New password", { exact: true })).toHaveValue(password);
  await app.problem.getByRole("link").click();
  await expect(part.getByLabel("Current password", { exact: true })).toBeFocused();

  await part.getByLabel("Current password", { exact: true }).fill(account.password);
  await part.getByLabel("New password", { exact: true }).fill("passwordpassword");
  await button.click();
  await expect(app.problem).toContainText("in a list of common ones");
  await app.showsAccountOf(account);
});

test("the form says which account a password manager is to change", async ({ account, app }) => {
  const form = app.part("Change password").locator("form");
  await expect(form.locator("input[autocomplete=username]")).toHaveValue(account.email);
  await expect(form.locator("input[autocomplete=current-password]")).toHaveCount(1);
  await expect(form.locator("input[autocomplete=new-password]")).toHaveCount(1);
});
