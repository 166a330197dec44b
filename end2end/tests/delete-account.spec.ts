import { sessionCookies } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test("an account that is deleted is gone, everywhere and at once", async ({
  account,
  app,
  context,
  mishaps,
  newDevice,
  newTab,
  page,
}) => {
  const elsewhere = await newDevice(account);
  const tab = await newTab();
  await tab.open("/account");
  await tab.showsAccountOf(account);
  await app.part("Delete account").getByRole("button", { name: "Delete account" }).click();
  await expect(app.dialog).toContainText("This cannot be undone.");
  await app.dialog.getByRole("button", { name: "Delete my account" }).click();

  for (const { heading, page } of [app, tab].map((one) => ({
    heading: one.heading("Signed out"),
    page: one.page,
  }))) {
    await expect(heading).toBeVisible();
    await expect(page.getByRole("main")).toContainText("Your account and everything that was kept about it");
    await expect(page.getByText(account.email)).toHaveCount(0);
  }
  expect(await sessionCookies(context)).toEqual([]);
  await elsewhere.askButton.click();
  await expect(elsewhere.heading("Signed out")).toBeVisible();

  mishaps.expect("401 /auth/login");
  await app.open("/signin");
  await app.signIn(account);
  await expect(app.problem).toContainText("Email or password is not right.");
  await page.getByRole("main").getByRole("link", { name: "Create an account" }).click();
  await app.fill(account);
  await app.submitButton("Create account").click();
  await app.showsAccountOf(account);
});

test("nothing is deleted without a yes", async ({ account, app, calls }) => {
  const button = app.part("Delete account").getByRole("button", { name: "Delete account" });
  calls.forget();
  await button.click();
  await app.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(app.dialog).toHaveCount(0);
  await expect(button).toBeFocused();
  expect(calls.made()).toEqual([]);
  await app.showsAccountOf(account);
});
