import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

type Media = NonNullable<Parameters<Page["emulateMedia"]>[0]>;

const LOOKS: readonly [string, Media, number][] = [
  ["light", { colorScheme: "light" }, 1280],
  ["dark", { colorScheme: "dark" }, 1280],
  ["320 px wide", { colorScheme: "light" }, 320],
  ["with forced colours", { colorScheme: "light", forcedColors: "active" }, 1280],
];

/** Axe finds nothing wrong in a page, and it needs no sideways scrolling, however it is looked at. */
export async function isInOrder(page: Page): Promise<void> {
  for (const [look, media, width] of LOOKS) {
    await page.emulateMedia({ forcedColors: "none", ...media });
    await page.setViewportSize({ width, height: 720 });
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    const summary = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => [id, html, any[0]?.message]),
    );
    expect.soft(summary, look).toEqual([]);
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(needed, look).toBeLessThanOrEqual(width);
  }
}
