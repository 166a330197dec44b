import { moves, watchMoves } from "../support/motion.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(({ page }) => watchMoves(page));

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
