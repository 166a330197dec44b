import type { Page } from "@playwright/test";
import { REFRESH, type Calls } from "../support/calls.ts";
import { expect, test } from "../support/test.ts";
import { countInWasmHeap } from "../support/wasm-heap.ts";

test.use({ settings: { COUNTERFOIL_ACCESS_TOKEN_LIFE: "4s" } });

test("the token is in the memory of WebAssembly while somebody is signed in, and nowhere in it afterwards", async ({
  account,
  app,
  calls,
  page,
}) => {
  await app.askButton.click();
  await expect(app.answer).toContainText(account.email);
  const token = await calls.newestToken();
  expect(Math.min(...(await countInWasmHeap(page, [token, ...partsOf(token)])))).toBeGreaterThan(0);
  await app.signOut();
  expect(await leftovers(page, calls)).toEqual([]);
});

test("tokens that were renewed leave no trace either", async ({ account, app, calls, page }) => {
  for (const _ of [1, 2]) await page.waitForResponse("**/auth/refresh");
  await expect.poll(async () => (await calls.tokens()).length).toBeGreaterThanOrEqual(3);
  const [newest, ...earlier] = (await calls.tokens()).reverse();
  await expect.poll(async () => countInWasmHeap(page, [newest ?? ""])).not.toEqual([0]);
  const traces = earlier.flatMap(partsOf);
  expect(await countInWasmHeap(page, traces), `of ${account.email}`).toEqual(traces.map(() => 0));
  await app.signOut();
  expect(await leftovers(page, calls)).toEqual([]);
});

test("a tab that was signed out by another one has wiped its memory too", async ({
  account,
  app,
  calls,
  newTab,
}) => {
  const other = await newTab();
  await other.open("/account");
  await other.showsAccountOf(account);
  await app.signOut();
  await other.isSignedOut();
  expect(await leftovers(other.page, calls)).toEqual([]);
});

test("a refused sign-in leaves no password in the memory", async ({ app, mishaps, page }) => {
  mishaps.expect("401 /auth/refresh", "401 /auth/login");
  const password = "the password of nobody at all";
  await app.open("/signin");
  await app.isSignedOut();
  await app.signIn({ email: "nobody@example.com", password });
  await expect(app.problem).toBeVisible();
  expect(await countInWasmHeap(page, [password])).toEqual([0]);
});

/** The parts that are not the same for every token: claims and signature. */
function partsOf(token: string): string[] {
  return token.split(".").slice(1);
}

async function leftovers(page: Page, calls: Calls): Promise<string[]> {
  const parts = (await calls.tokens()).flatMap(partsOf);
  expect(parts.length, REFRESH).toBeGreaterThan(0);
  const counts = await countInWasmHeap(page, parts);
  return parts.filter((_, index) => counts[index] !== 0);
}
