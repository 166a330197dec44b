import { Lab, LAB_PAGES } from "../support/lab-pages.ts";
import { isInOrder } from "../support/looks.ts";
import { expect, test } from "../support/test.ts";

for (const [path, heading] of LAB_PAGES) {
  test(`axe finds nothing wrong: ${path}`, async ({ page }) => {
    const lab = new Lab(page);
    await lab.open(path);
    await expect(lab.heading(heading)).toBeVisible();
    await isInOrder(page);
  });

  test(`a narrow window needs no sideways scrolling: ${path}`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await new Lab(page).open(path);
    const sticksOut = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const wide = [...document.querySelectorAll("body *")].filter(
        (element) => !element.closest(".scroll") && element.getBoundingClientRect().right > clientWidth + 1,
      );
      return scrollWidth > clientWidth ? wide.map((element) => element.outerHTML.slice(0, 80)) : [];
    });
    expect(sticksOut).toEqual([]);
  });

  test(`whatever can be pressed is reached by Tab and is seen: ${path}`, async ({ page }) => {
    await new Lab(page).open(path);
    // Of radio buttons with one name, one is a stop.
    const reachable = await page.evaluate(() => {
      const stops = [
        ...document.querySelectorAll<HTMLElement>("a, button, input, textarea, select, summary"),
      ];
      const names = stops
        .filter((element) => element.checkVisibility() && element.tabIndex >= 0)
        .map((element, index) => (element.matches("[type=radio]") ? element.getAttribute("name") : index));
      return new Set(names).size;
    });
    const seen = new Set<string>();
    for (let press = 0; press < 2 * reachable + 20 && seen.size < reachable; press++) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        if (
          !element ||
          element === document.body ||
          !element.matches("a, button, input, textarea, select, summary")
        )
          return "";
        const { outlineStyle } = getComputedStyle(element);
        if (outlineStyle === "none") throw new Error(`no focus ring: ${element.outerHTML.slice(0, 80)}`);
        const all = [...document.querySelectorAll("a, button, input, textarea, select, summary")];
        return element.matches("[type=radio]")
          ? (element.getAttribute("name") ?? "")
          : String(all.indexOf(element));
      });
      if (name) seen.add(name);
    }
    expect(seen.size).toBe(reachable);
  });

  test(`nothing moves for those who asked for less motion: ${path}`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await new Lab(page).open(path);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  for (const [path, heading] of LAB_PAGES) {
    test(`a page reads whole: ${path}`, async ({ page }) => {
      await page.goto(path);
      await expect(new Lab(page).heading(heading)).toBeVisible();
      for (const live of await page.locator("[data-live]").all()) await expect(live).toBeHidden();
      for (const button of await page.getByRole("button").all()) await expect(button).toBeHidden();
      expect((await page.getByRole("main").innerText()).length).toBeGreaterThan(500);
    });
  }
});
