import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const moves: number[] = [];
    Object.assign(window, { moves });
    for (const type of ["animationstart", "transitionrun"]) {
      addEventListener(type, () => {
        moves.push(
          ...document
            .getAnimations()
            .map((move) => Number(move.effect?.getComputedTiming().activeDuration ?? 0)),
        );
      });
    }
  });
});

test("the stub that tears off at a sign-out takes less than a fifth of a second", async ({
  account,
  app,
  page,
}) => {
  await app.signOut();
  await expect.poll(() => moves(page), account.email).not.toEqual([]);
  expect(Math.max(...(await moves(page)))).toBeLessThanOrEqual(200);
});

test("nothing moves for those who asked for less motion", async ({ account, app, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await app.reload();
  await app.showsAccountOf(account);
  await app.askButton.click();
  await expect(app.answer).toBeVisible();
  await app.signOut();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(await moves(page)).toEqual([]);
});

function moves(page: Page): Promise<number[]> {
  return page.evaluate("moves");
}
