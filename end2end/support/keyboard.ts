import { expect, type Page } from "@playwright/test";

/** The names of everything that Tab stops at, from the top to the bottom of the page. */
export async function stops(page: Page): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement === document.body)) return names;
    await isSeen(page);
    names.push(await focusedName(page));
    if (names.length > 50) throw new Error(`the focus is trapped: ${names.join(", ")}`);
  }
}

/** Presses Tab until the focus is on what has this name, and sees to it that every stop can be seen. */
export async function tabTo(
  page: Page,
  name: string,
  key: "Tab" | "Shift+Tab" = "Tab",
  limit = 20,
): Promise<void> {
  for (let presses = 0; presses < limit; presses++) {
    await page.keyboard.press(key);
    // A frame's own page has the focus there.
    if (await page.evaluate(() => document.activeElement?.matches("body, iframe"))) continue;
    await isSeen(page);
    if ((await focusedName(page)) === name) return;
  }
  throw new Error(`"${name}" cannot be reached in ${limit} steps`);
}

async function focusedName(page: Page): Promise<string> {
  const snapshot = await page.locator(":focus").ariaSnapshot();
  return /"([^"]*)"/.exec(snapshot)?.[1] ?? snapshot;
}

/** What has the focus is marked with an outline, lies in the window, and is not covered (WCAG 2.4.7, 2.4.11). */
export async function isSeen(page: Page): Promise<void> {
  await expect(page.locator(":focus")).toBeInViewport({ ratio: 1 });
  const flaws = await page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused) return ["nothing has the focus"];
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    const [{ left, top, width, height } = new DOMRect()] = focused.getClientRects();
    const onTop = document.elementFromPoint(left + width / 2, top + height / 2);
    return [
      ...(focused.matches(":focus-visible") ? [] : ["not focus-visible"]),
      ...(outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
        ? []
        : [`outline ${outlineWidth} ${outlineStyle}`]),
      ...(onTop && focused.contains(onTop) ? [] : [`covered by ${onTop?.outerHTML.slice(0, 80)}`]),
    ].map((flaw) => `${flaw}: ${focused.outerHTML.slice(0, 120)}`);
  });
  expect(flaws).toEqual([]);
}
