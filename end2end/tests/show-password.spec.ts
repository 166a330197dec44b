import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ app, mishaps }) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
});

test("a password can be shown and hidden again, and its button says which", async ({ app }) => {
  await app.password.fill("what I typed");
  await expect(app.password).toHaveAttribute("type", "password");
  await expect(app.showPassword).toHaveAttribute("aria-pressed", "false");
  await app.showPassword.click();
  await expect(app.password).toHaveAttribute("type", "text");
  await expect(app.showPassword).toHaveAttribute("aria-pressed", "true");
  await expect(app.password).toHaveValue("what I typed");
  await app.showPassword.click();
  await expect(app.password).toHaveAttribute("type", "password");
});

test("a shown password is hidden again before it is sent", async ({ app, mishaps, page }) => {
  mishaps.expect("401 /auth/login");
  await app.showPassword.click();
  await app.fill({ email: "me@example.com", password: "what I typed" });
  let type = "";
  await page.route("**/auth/login", async (route) => {
    type = (await app.password.getAttribute("type")) ?? "";
    await route.continue();
  });
  await app.submitButton("Sign in").click();
  await expect(app.problem).toBeVisible();
  expect(type).toBe("password");
});

test("fields are named and typed for password managers, and paste is allowed", async ({
  app,
  context,
  page,
}) => {
  await expect(app.email).toHaveAttribute("autocomplete", "username");
  await expect(app.password).toHaveAttribute("autocomplete", "current-password");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("from my password manager"));
  await app.password.focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(app.password).toHaveValue("from my password manager");
});
