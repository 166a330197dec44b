import type { Route } from "@playwright/test";
import { ME, REFRESH } from "../support/calls.ts";
import { toExpire } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_ACCESS_TOKEN_LIFE: "3s" } });

const START = new Date("2030-01-01T00:00:00Z");
const HOURS_LATER = new Date("2030-01-01T06:00:00Z");

test("a call with an expired token succeeds after exactly one refresh", async ({
  app,
  calls,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect("401 /auth/refresh", "401 /api/me");
  // A device whose timers stand still, as in a suspended laptop: the scheduled refresh does not come.
  await page.clock.install({ time: START });
  const account = await app.signUp();
  const refreshed = page.waitForResponse("**/auth/refresh");
  await page.clock.pauseAt(HOURS_LATER);
  await refreshed;
  await toExpire(site, await calls.newestToken());

  calls.forget();
  await app.askButton.click();
  await expect(app.answer).toHaveText(`The server says: ${account.email}, role user.`);
  expect(calls.made()).toEqual([ME, REFRESH, ME]);
});

test("a call with an expired token waits for the refresh that is under way", async ({
  account,
  app,
  calls,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect("401 /api/me");
  const held: Route[] = [];
  await page.route("**/auth/refresh", (route) => void held.push(route));
  await expect.poll(() => held.length).toBe(1);
  await toExpire(site, await calls.newestToken());

  calls.forget();
  const refused = page.waitForResponse("**/api/me");
  await app.askButton.click();
  expect((await refused).status()).toBe(401);
  await held[0]?.continue();
  await expect(app.answer).toHaveText(`The server says: ${account.email}, role user.`);
  expect(held).toHaveLength(1);
  expect(calls.made()).toEqual([ME, ME]);
});

test("the device's clock does not matter", async ({ app, calls, page, mishaps }) => {
  mishaps.expect("401 /auth/refresh");
  await page.clock.setFixedTime(new Date("2001-01-01T00:00:00Z"));
  const account = await app.signUp();
  calls.forget();
  await app.reload();
  await app.showsAccountOf(account);
  await expect.poll(() => calls.made().filter((call) => call === REFRESH).length).toBeGreaterThan(1);
  await app.isSignedIn();
});
