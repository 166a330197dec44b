import type { Page } from "@playwright/test";
import { expect, Lab, labOrigin, test } from "../support/control-room.ts";
import { tabTo } from "../support/keyboard.ts";
import { isInOrder } from "../support/looks.ts";

test("axe finds nothing wrong in the control room and its bank", async ({ lab, page }) => {
  await lab.run("local-storage", "xss-reads");
  await lab.cell("local-storage", "xss-reads").getByRole("button").click();
  await isInOrder(page);
});

test("everything can be run and read by keyboard alone", async ({ lab, page }) => {
  // The table is one of the stops.
  await page.setViewportSize({ width: 1280, height: 1000 });
  const { keyboard } = page;
  await tabTo(page, "localStorage");
  for (let step = 0; step < 5; step++) await keyboard.press("ArrowDown");
  await tabTo(page, "CSP with a nonce");
  await keyboard.press("Space");
  await tabTo(page, "Run the strategy's row");
  await keyboard.press("Enter");
  await lab.done(60_000);
  expect((await lab.read("http-only-strict", "xss-reads")).verdict).toBe("blocked");

  await tabTo(page, "CSP with a nonce", "Shift+Tab");
  await keyboard.press("Space");
  await tabTo(page, "Not run: localStorage, Script in the page acts as you");
  await keyboard.press("Enter");
  await lab.done();
  const cell = lab.cell("local-storage", "xss-rides").getByRole("button");
  await expect(cell).toBeFocused();
  await expect(cell).toHaveText("Acted as you");
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Evidence" })).toBeFocused();
  const evidence = page.getByRole("region", { name: "Evidence" });
  await expect(evidence).toContainText("The victim's server logged a transfer that the script asked for");
  await expect(evidence).toContainText("Sec-Fetch-Site: same-origin");
  await expect(evidence).toContainText(`Origin: ${lab.victim} · Content-Type: not sent`);
  await expect(evidence).toContainText("Authorization: Bearer … · cookies: none · credential: bearer");
  await keyboard.press("Escape");
  await expect(cell).toBeFocused();
});

test("the evidence of a theft shows the bytes that arrived", async ({ lab, page }) => {
  const { bytes } = await lab.run("local-storage", "xss-reads");
  await lab.cell("local-storage", "xss-reads").getByRole("button").click();
  const [loot] = (await lab.standing()).evidence.loot;
  const shown = page.getByRole("region", { name: "Evidence" }).getByRole("code");
  await expect(shown).toHaveText(loot?.value ?? "");
  expect((await shown.textContent())?.length).toBe(Number(bytes));
});

test("a row runs from one click and one popup", async ({ context, lab, page }) => {
  const popups: Page[] = [];
  context.on("page", (popup) => popups.push(popup));
  await page.getByRole("radio", { name: "httpOnly cookie, None" }).check();
  await page.getByRole("button", { name: "Run the strategy's row" }).click();
  await lab.done(60_000);
  expect(popups).toHaveLength(1);
  expect(await popups[0]?.evaluate(() => history.length)).toBe(1);
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
  const markdown = await copied("Markdown");
  expect(markdown).toMatch(/\| localStorage \| Stolen, \d+ B \| not run \|/);
  const table = JSON.parse(await copied("JSON")) as Record<string, unknown>;
  expect(table["browser"]).toMatch(/^Chrom\w+ \d+$/);
  const measured = new Date(Number(table["measured_at"])).toISOString().replace(/\.\d+/, "");
  expect(markdown.split("\n\n")[0]).toBe(`${String(table["browser"])}, ${measured}`);
  expect(table).not.toHaveProperty("seconds");
  expect(table["cells"]).toMatchObject([
    { strategy: "local-storage", attack: "xss-reads", verdict: "stolen" },
  ]);
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
    await expect(page.getByRole("table")).toHaveCount(3);
    await expect(page.getByRole("button")).toHaveCount(0);
    await expect(page.getByRole("radio")).toHaveCount(0);
    const measured = page.getByRole("table").first();
    await expect(measured.getByRole("row", { name: /^localStorage/ })).toContainText("Stolen");
  });
});
