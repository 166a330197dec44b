import type { Page } from "@playwright/test";
import type { App } from "../support/app.ts";
import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

const WIDTHS = [320, 768, 1280];

for (const width of WIDTHS) {
  test(`nothing moves when a page is reloaded by somebody who is signed in, ${width} px wide`, async ({
    account,
    app,
    page,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/account", "/", "/problems"]) {
      await page.goto(path);
      await settle(app, "signed-in");
      expect(await shifts(page), `${path} for ${account.email}`).toEqual([]);
    }
  });

  test(`nor for somebody who is not, ${width} px wide`, async ({ app, mishaps, page }) => {
    mishaps.expect(ANONYMOUS);
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/", "/signin", "/signup", "/signed-out", "/problems"]) {
      await page.goto(path);
      await settle(app, "signed-out");
      expect(await shifts(page), path).toEqual([]);
    }
  });
}

async function settle(app: App, session: "signed-in" | "signed-out"): Promise<void> {
  await app.hydrated();
  await (session === "signed-in" ? app.isSignedIn() : app.isSignedOut());
  await app.page.waitForLoadState("networkidle");
}

/** Every layout shift since the page was opened, with what moved. */
async function shifts(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    interface Shift extends PerformanceEntry {
      value: number;
      sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
    }
    const found: Shift[] = [];
    const observer = new PerformanceObserver((list) => found.push(...(list.getEntries() as Shift[])));
    observer.observe({ type: "layout-shift", buffered: true });
    // Shifts are reported with the frame after them.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    found.push(...(observer.takeRecords() as Shift[]));
    return found.map(({ value, sources }) => {
      const moved = sources.map(({ node, previousRect, currentRect }) => {
        const name = node instanceof Element ? node.outerHTML.slice(0, 80) : node?.textContent;
        return `${name} from ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`;
      });
      return `${value}: ${moved.join("; ")}`;
    });
  });
}
