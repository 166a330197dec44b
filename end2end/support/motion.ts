import type { Page } from "@playwright/test";

/** Notes how long everything takes that begins to move in the page. */
export async function watchMoves(page: Page): Promise<void> {
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
}

/** How long each thing took that has moved since the page was loaded, in milliseconds. */
export function moves(page: Page): Promise<number[]> {
  return page.evaluate("moves");
}
