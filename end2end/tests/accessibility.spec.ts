import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { reach, STATES } from "../support/states.ts";
import { expect, test } from "../support/test.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const LOOKS: readonly [string, (page: Page) => Promise<void>][] = [
  ["light", (page) => page.emulateMedia({ colorScheme: "light" })],
  ["dark", (page) => page.emulateMedia({ colorScheme: "dark" })],
  ["320 px wide", (page) => page.setViewportSize({ width: 320, height: 640 })],
  ["with forced colours", (page) => page.emulateMedia({ forcedColors: "active" })],
];

for (const state of STATES) {
  test(`axe finds nothing wrong: ${state.name}`, async ({ app, mishaps, page, site }) => {
    await reach(state, app, mishaps, site);
    for (const [look, change] of LOOKS) {
      await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
      await page.setViewportSize({ width: 1280, height: 720 });
      await change(page);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      const summary = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => [id, html, any[0]?.message]),
      );
      expect.soft(summary, look).toEqual([]);
    }
  });
}
