import type { Page } from "@playwright/test";
import { reach, STATES } from "../support/states.ts";
import { expect, test } from "../support/test.ts";

// What WCAG 2.2 SC 1.4.12 says must not break anything.
const SPACED =
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }";

for (const state of STATES) {
  test(`a narrow window needs no sideways scrolling: ${state.name}`, async ({ app, mishaps, page, site }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await reach(state, app, mishaps, site);
    expect.soft(await sticksOut(page)).toEqual([]);
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
    }, SPACED);
    expect.soft(await sticksOut(page), "with more space between letters and words").toEqual([]);
  });
}

/** What makes the page wider than the window. */
async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      return element.getBoundingClientRect().right > clientWidth + 1;
    });
    return [`${scrollWidth} px`, ...wide.map((element) => element.outerHTML.slice(0, 80))];
  });
}
