import { stranger } from "../support/app.ts";
import { expect, test } from "../support/test.ts";

test.use({ javaScriptEnabled: false });

test("without JavaScript the pages read well", async ({ app, page }) => {
  await page.goto("/");
  await expect(app.heading("Sign-in you can check.")).toBeVisible();
  await page.getByRole("link", { name: "Error codes" }).click();
  await expect(app.heading("Error codes")).toBeVisible();
});

for (const path of ["/signin", "/signup"]) {
  test(`without JavaScript ${path} says what signing in needs, and why`, async ({ page }) => {
    await page.goto(path);
    const notice = page.locator("noscript");
    await expect(notice).toBeVisible();
    expect(await notice.innerText()).toContain("Signing in needs JavaScript and WebAssembly");
  });
}

for (const path of ["/account", "/admin/users", "/admin/keys"]) {
  test(`without JavaScript ${path} says what it needs, and shows no form`, async ({ page }) => {
    await page.goto(path);
    expect(await page.locator("noscript").innerText()).toContain("JavaScript and WebAssembly");
    for (const form of await page.locator("form").all()) await expect(form).toBeHidden();
  });
}

test("without JavaScript a password that is submitted anyway gets into no URL", async ({
  app,
  mishaps,
  page,
}) => {
  mishaps.expect("415 /auth/login");
  await page.goto("/signin");
  await app.signIn(stranger());
  await expect(page).toHaveURL("/auth/login");
});
