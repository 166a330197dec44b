import type { Page } from "@playwright/test";
import { generation, graceToPass, refreshCookie, sendUnseen } from "../support/outside.ts";
import type { Site } from "../support/server.ts";
import { expect, test } from "../support/test.ts";

const REFRESH = "**/auth/refresh";

test.use({ settings: { COUNTERFOIL_REFRESH_GRACE: "1s" } });

test.beforeEach(({ mishaps }) => mishaps.expect("net::ERR_FAILED /auth/refresh"));

test("a reply that is lost costs a second try, not the session", async ({
  account,
  app,
  context,
  page,
  site,
}) => {
  await loseReplies(page, site);
  await page.reload();
  await expect(app.banner).toBeVisible();
  expect(generation(await refreshCookie(context))).toBe(0);
  await page.unroute(REFRESH);
  await app.showsAccountOf(account);
  await expect(app.banner).toBeHidden();
  expect(generation(await refreshCookie(context))).toBe(1);
});

test("a reply that is lost is made good by a reload long after the grace period", async ({
  account,
  app,
  context,
  page,
  site,
}) => {
  await loseReplies(page, site);
  await page.reload();
  await expect(app.banner).toBeVisible();
  await page.goto("about:blank");
  await page.unroute(REFRESH);
  await graceToPass(site);
  expect(generation(await refreshCookie(context))).toBe(0);
  await app.open("/account");
  await app.showsAccountOf(account);
  expect(generation(await refreshCookie(context))).toBe(1);
});

/** Lets the server answer the page's refreshes, but the page never hears of it, until it is unrouted. */
async function loseReplies(page: Page, site: Site): Promise<void> {
  await page.route(REFRESH, async (route) => {
    expect((await sendUnseen(site, route)).status).toBe(200);
    await route.abort();
  });
}
