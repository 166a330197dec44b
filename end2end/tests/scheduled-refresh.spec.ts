import { ME, REFRESH } from "../support/calls.ts";
import { call } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_ACCESS_TOKEN_LIFE: "4s" } });

test("the token is renewed before it expires, and the person notices nothing", async ({
  account,
  app,
  calls,
  page,
}) => {
  await expect(app.page.getByRole("region", { name: "This session" }).getByRole("code")).not.toBeEmpty();
  await expect(app.row("Sessions", /This device/)).toBeVisible();
  await expect(app.row("Security events", "Signed in")).toBeVisible();
  await app.askButton.focus();
  const session = page.locator("[data-session]");
  await session.evaluate((app) => {
    const changes: string[] = [];
    new MutationObserver(() => changes.push(app.dataset["session"] ?? "")).observe(app, {
      attributeFilter: ["data-session"],
    });
    Object.assign(window, { changes });
  });
  const before = await page.getByRole("main").ariaSnapshot();
  const token = await calls.newestToken();
  calls.forget();

  for (const _ of [1, 2]) {
    const renewed = await page.waitForResponse("**/auth/refresh");
    expect(renewed.status()).toBe(200);
  }
  expect((await calls.tokens()).filter((known) => known === token)).toHaveLength(1);
  await expect(app.askButton).toBeFocused();
  await app.showsAccountOf(account);
  expect(calls.made()).toEqual([REFRESH, REFRESH]);
  expect(await page.evaluate("changes")).toEqual([]);
  expect(withoutTicket(await page.getByRole("main").ariaSnapshot())).toBe(withoutTicket(before));
});

test("when the renewed token arrives, the one before it is still good", async ({
  account,
  calls,
  page,
  site,
}) => {
  const before = await calls.newestToken();
  await page.waitForResponse("**/auth/refresh");
  const { status } = await call(site, "/api/me", { method: "GET", token: before });
  expect(status, `${ME} of ${account.email}`).toBe(200);
});

/** The token's own claims and its clock change; nothing else may. */
function withoutTicket(snapshot: string): string {
  return snapshot.replace(/\\"(exp|gen|iat|jti)\\": (\\"\w+\\"|\d+)|\d+:\d\d/g, "");
}
