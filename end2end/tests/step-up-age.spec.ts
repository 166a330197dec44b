import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_STEP_UP_LIFE: "3s" } });

test("a password counts for a while, the page says until when, and then it is asked for again", async ({
  account,
  app,
  calls,
  mishaps,
  page,
}) => {
  mishaps.expect("401 /api/sessions/revoke-all");
  const confirmed = page.getByText(/^Confirmed until \d\d:\d\d$/);
  await expect(confirmed).toBeVisible();
  await expect(confirmed).toHaveCount(0);
  calls.forget();
  await app.part("Sessions").getByRole("button", { name: "Sign out everywhere", exact: true }).click();
  await app.stepUp(account.password);
  await expect(app.heading("Signed out")).toBeVisible();
  expect(calls.made()).toEqual([
    "POST /api/sessions/revoke-all",
    "POST /api/step-up",
    "POST /api/sessions/revoke-all",
  ]);
});

test("a deletion without a fresh password asks for it after the yes", async ({
  account,
  app,
  mishaps,
  page,
}) => {
  mishaps.expect("401 /api/account/delete");
  const confirmed = page.getByText("Confirmed until");
  await expect(confirmed).toBeVisible();
  await expect(confirmed).toHaveCount(0);
  await app.part("Delete account").getByRole("button", { name: "Delete account" }).click();
  await app.dialog.getByRole("button", { name: "Delete my account" }).click();
  await app.stepUp(account.password);
  await expect(page.getByRole("main")).toContainText("Your account and everything that was kept about it");
});
