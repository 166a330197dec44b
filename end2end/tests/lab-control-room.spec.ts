import AxeBuilder from "@axe-core/playwright";
import { expect, Lab, labOrigin, test } from "../support/control-room.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const [look, media, width] of [
  ["light", { colorScheme: "light" }, 1280],
  ["dark", { colorScheme: "dark" }, 1280],
  ["320 px wide", { colorScheme: "light" }, 320],
  ["with forced colours", { forcedColors: "active" }, 1280],
] as const) {
  test(`axe finds nothing wrong in the control room and its bank: ${look}`, async ({ lab, page }) => {
    await lab.run("local-storage", "xss-reads");
    await lab.cell("local-storage", "xss-reads").getByRole("button").click();
    await page.emulateMedia(media);
    await page.setViewportSize({ width, height: 800 });
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    const summary = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => [id, html, any[0]?.message]),
    );
    expect(summary).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test("the pages of the other sites are in order too", async ({ lab, page }) => {
  for (const url of [`${lab.attacker}/${lab.id}`, `${lab.sibling}/${lab.id}`]) {
    await page.goto(url);
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    expect(
      violations.map(({ id }) => id),
      url,
    ).toEqual([]);
  }
});

test("everything can be run and read by keyboard alone", async ({ lab, page }) => {
  const cell = lab.cell("http-only-strict", "xss-reads").getByRole("button");
  await cell.focus();
  await page.keyboard.press("Enter");
  await lab.done();
  await expect(cell).toHaveText("Nothing to take");
  await cell.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Evidence" })).toBeFocused();
  const evidence = page.getByRole("region", { name: "Evidence" });
  await expect(evidence).toContainText("The script ran to its end and reported that it found no token.");
  await expect(evidence).toContainText("Sec-Fetch-Site: same-origin");
  await expect(evidence).toContainText("cookies: session");
  await page.keyboard.press("Escape");
  await expect(cell).toBeFocused();
});

test("a row runs from one click and one popup", async ({ context, lab, page }) => {
  const popups: string[] = [];
  context.on("page", (popup) => popups.push(popup.url()));
  await page.getByRole("radio", { name: "httpOnly cookie, None" }).check();
  await page.getByRole("button", { name: "Run the strategy's row" }).click();
  await lab.done(60_000);
  expect(popups).toHaveLength(1);
  await expect(page.getByRole("status")).toContainText("Done: 7 attacks");
  expect((await lab.read("http-only-none", "csrf-form")).verdict).toBe("forged");
});

test("without its popup an attack from another origin is inconclusive, and never safe", async ({
  page,
  site,
}) => {
  await page.addInitScript(() => {
    window.open = () => null;
  });
  const lab = await Lab.open(page, site);
  for (const attack of ["csrf-background", "csrf-form", "sibling-port"]) {
    expect((await lab.run("local-storage", attack)).verdict, attack).toBe("inconclusive");
    expect((await lab.standing()).evidence.obstacle).toBe("popup-blocked");
  }
});

test("an attacker that cannot be reached makes an attack inconclusive", async ({ lab, page }) => {
  await page.route(`${lab.attacker}/**`, (route) => route.abort());
  expect((await lab.run("http-only-strict", "xss-reads")).verdict).toBe("inconclusive");
  expect((await lab.standing()).evidence.obstacle).toBe("unreachable");
});

test("the table can be taken along as Markdown and as JSON", async ({ context, lab, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await lab.run("local-storage", "xss-reads");
  const copied = async (kind: string) => {
    await page.getByRole("button", { name: `Copy as ${kind}` }).click();
    await expect(page.getByRole("status")).toHaveText(`Copied as ${kind}.`);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied("Markdown")).toMatch(/\| localStorage \| Stolen, \d+ B \| not run \|/);
  const table = JSON.parse(await copied("JSON")) as { browser: string; cells: unknown[] };
  expect(table.browser).toMatch(/^Chrom\w+ \d+$/);
  expect(table.cells).toMatchObject([{ strategy: "local-storage", attack: "xss-reads", verdict: "stolen" }]);
});

test("a reset forgets the lab, on the server and in the browser", async ({ context, lab, page }) => {
  await lab.run("http-only-lax", "xss-reads");
  const sessions = async () => (await context.cookies()).filter(({ name }) => name === "session");
  expect(await sessions()).toHaveLength(1);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect.poll(async () => (await fetch(`${lab.control}/labs/${lab.id}/run`)).status).toBe(404);
  await expect.poll(sessions).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the control room can be read", async ({ page, site }) => {
    await page.goto(await labOrigin(site));
    await expect(page.locator("noscript p")).toContainText("The attacks need JavaScript.");
    await expect(page.getByRole("table")).toHaveCount(2);
    const measured = page.getByRole("table").nth(1);
    await expect(measured.getByRole("row", { name: /^localStorage/ })).toContainText("Stolen");
  });
});
