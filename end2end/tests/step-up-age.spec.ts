import { call } from "../support/outside.ts";
import type { Site } from "../support/server.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_STEP_UP_LIFE: "3s" } });

test("a password counts for a while, the page says until when, and then it is asked for again", async ({
  account,
  app,
  calls,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect("401 /api/sessions/revoke-all");
  const confirmed = page.getByText(/^Confirmed until \d\d:\d\d$/);
  await expect(confirmed).toBeVisible();
  await toBeOld(site, await calls.newestToken());
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
  calls,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect("401 /api/account/delete");
  await toBeOld(site, await calls.newestToken());
  await app.part("Delete account").getByRole("button", { name: "Delete account" }).click();
  await app.dialog.getByRole("button", { name: "Delete my account" }).click();
  await app.stepUp(account.password);
  await expect(page.getByRole("main")).toContainText("Your account and everything that was kept about it");
});

/** Waits until the password of a session was given too long ago. */
async function toBeOld(site: Site, token: string): Promise<void> {
  const { body } = await call(site, "/api/me", { method: "GET", token });
  // The time is in whole seconds, so it can be up to one second later.
  await expect.poll(() => Date.now() / 1000).toBeGreaterThan((body.step_up_until ?? Infinity) + 1);
}
