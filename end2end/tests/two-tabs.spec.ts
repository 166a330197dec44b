import { REFRESH } from "../support/calls.ts";
import { expect, test } from "../support/test.ts";

test("two tabs that reload at once both stay signed in", async ({ account, app, calls, newTab }) => {
  const other = await newTab();
  await other.open("/account");
  await other.showsAccountOf(account);
  calls.forget();
  await Promise.all([app.reload(), other.reload()]);
  await Promise.all([app.showsAccountOf(account), other.showsAccountOf(account)]);
  expect(calls.made().filter((call) => call === REFRESH).length).toBeLessThanOrEqual(2);
});

test("a tab that signs in takes the other tabs along", async ({ app, mishaps, newTab }) => {
  mishaps.expect("401 /auth/refresh");
  const other = await newTab();
  await other.open("/signin?next=/problems");
  await other.isSignedOut();
  const account = await app.signUp();
  await expect(other.heading("Error codes")).toBeVisible();
  await expect(other.page.getByRole("banner").getByText(account.email)).toBeVisible();
});
