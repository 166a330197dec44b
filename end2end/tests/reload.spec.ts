import { ME, REFRESH } from "../support/calls.ts";
import { expect, test } from "../support/test.ts";

test("a reload stays signed in by one silent refresh, and needs no other call to show the account", async ({
  account,
  app,
  calls,
  page,
}) => {
  // Whatever else the page asks for, it gets no answer until the account is on the screen.
  let answer = (): void => undefined;
  const shown = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/**", async (route) => {
    await shown;
    await route.continue();
  });
  calls.forget();
  await app.reload();
  await app.showsAccountOf(account);
  answer();
  await expect(page.getByText("Member since").locator("xpath=following-sibling::dd[1]")).not.toBeEmpty();
  expect(calls.made()).toEqual([REFRESH, ME, "GET /api/sessions", "GET /api/events"]);
});

test("a page that needs nothing else makes exactly one call", async ({ account, app, calls, page }) => {
  await page.goto("/");
  await app.isSignedIn();
  calls.forget();
  await app.reload();
  await expect(page.getByRole("banner").getByText(account.email)).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(calls.made()).toEqual([REFRESH]);
});

test("moving between pages makes no refresh at all", async ({ account, app, calls, page }) => {
  calls.forget();
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Home" }).click();
  await expect(app.heading("Sign-in you can check.")).toBeFocused();
  await main.getByRole("link", { name: "Account" }).click();
  await app.showsAccountOf(account);
  expect(calls.made()).not.toContain(REFRESH);
});
