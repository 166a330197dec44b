import { expect, test } from "../support/test.ts";

test.use({
  settings: {
    COUNTERFOIL_ACCESS_TOKEN_LIFE: "2s",
    COUNTERFOIL_SESSION_IDLE_LIFE: "6s",
    COUNTERFOIL_SESSION_ABSOLUTE_LIFE: "6s",
  },
});

test("a session that has reached its limit ends, and the page says why", async ({ account, app, page }) => {
  await expect(app.heading("Signed out")).toBeVisible();
  await expect(page.getByRole("main")).toContainText(
    "A session lasts a limited time from sign-in, and yours has reached it.",
  );
  await expect(page.getByText(account.email)).toHaveCount(0);
});

test("a session that an administrator ended by a change of role says why", async ({
  account,
  app,
  page,
  site,
}) => {
  await site.command("user", "set-role", "--email", account.email, "--role", "admin");
  await expect(app.heading("Signed out")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("The role of your account changed");
  await page.getByRole("main").getByRole("link", { name: "Sign in again" }).click();
  await app.signIn(account);
  await app.showsAccountOf(account);
  await expect(page.getByRole("region", { name: "Profile" })).toContainText("admin");
});
