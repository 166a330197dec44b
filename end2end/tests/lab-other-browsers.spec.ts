import { writeFile } from "node:fs/promises";
import { expect, labOrigin, test } from "../support/control-room.ts";
import { Remote } from "../support/webdriver.ts";

// It takes firefox-esr, WebKitWebDriver and xvfb-run, which the other tests do without.
for (const name of ["firefox", "webkit"] as const) {
  test(`everything runs from one click in ${name}, and its table is kept @measure`, async ({ site }) => {
    test.setTimeout(300_000);
    const control = await labOrigin(site);
    const browser = await Remote[name]();
    try {
      await browser.open(control);
      await expect.poll(() => browser.read("'ready' in document.documentElement.dataset")).toBe(true);
      await browser.click("#run-all");
      const progress = () => browser.read("document.getElementById('progress').textContent");
      await expect.poll(progress, { timeout: 240_000 }).toContain("Done");
      const lab = await browser.read("document.body.dataset.lab");
      const table = await (await fetch(`${control}/labs/${lab}/table`)).json();
      const text = JSON.stringify({ ...table, browser: browser.name }, null, 1);
      await writeFile(new URL(`../../src/lab/measured/${name}.json`, import.meta.url), `${text}\n`);
    } finally {
      await browser.close();
    }
  });
}
