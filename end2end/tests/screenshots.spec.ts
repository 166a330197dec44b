import { expect, test } from "../support/test.ts";

test.use({ viewport: { width: 1200, height: 800 } });

test("home @screenshot", async ({ app, mishaps, page }) => {
  mishaps.expect("401 /auth/refresh");
  await app.open("/");
  await app.isSignedOut();
  await page.screenshot({ path: "screenshots/home.png" });
});

test("account in the dark @screenshot", async ({ app, mishaps, page }) => {
  mishaps.expect("401 /auth/refresh");
  await page.emulateMedia({ colorScheme: "dark" });
  await app.signUp({ email: "alice@example.com", password: "a sentence of her own" });
  await page.reload();
  await app.isSignedIn();
  await expect(page.getByRole("region", { name: "This session" }).getByRole("code")).not.toBeEmpty();
  await page.screenshot({ path: "screenshots/account-dark.png" });
});
