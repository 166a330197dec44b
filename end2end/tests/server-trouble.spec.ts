import type { Page, Route } from "@playwright/test";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_ACCESS_TOKEN_LIFE: "3s" } });

type Answer = Parameters<Route["fulfill"]>[0];

function problem(status: number, code: string, fields: object = {}): Answer {
  const json = { type: `/problems#${code}`, title: "No", status, code, detail: "Not now.", ...fields };
  return { status, json, contentType: "application/problem+json" };
}

const TROUBLES: readonly [string, number, Answer][] = [
  ["a busy server", 503, problem(503, "busy", { retry_after: 1 })],
  ["a server with a fault", 500, problem(500, "internal_error")],
  [
    "a proxy whose server is gone",
    502,
    { status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" },
  ],
  ["too many tries", 429, problem(429, "too_many_attempts", { retry_after: 1 })],
  ["nonsense", 200, { status: 200, contentType: "text/html", body: "Welcome to this hotel's Wi-Fi" }],
];

for (const [name, status, answer] of TROUBLES) {
  test(`${name} signs nobody out: during the visit`, async ({ account, app, mishaps, page }) => {
    if (status >= 400) mishaps.expect(`${status} /auth/refresh`);
    const recover = await refreshesAnswer(page, answer);
    await expect(app.banner).toContainText("You are still signed in");
    await app.showsAccountOf(account);
    await recover();
    await expect(app.banner).toBeHidden();
    await app.showsAccountOf(account);
  });

  test(`${name} signs nobody out: on a reload`, async ({ account, app, mishaps, page }) => {
    if (status >= 400) mishaps.expect(`${status} /auth/refresh`);
    const recover = await refreshesAnswer(page, answer);
    await app.reload();
    await expect(app.banner).toContainText("We keep trying");
    await app.isRestoring();
    await expect(page).toHaveURL("/account");
    await recover();
    await app.showsAccountOf(account);
    await expect(app.banner).toBeHidden();
  });
}

async function refreshesAnswer(page: Page, answer: Answer): Promise<() => Promise<void>> {
  await page.route("**/auth/refresh", (route) => route.fulfill(answer));
  return () => page.unroute("**/auth/refresh");
}
