import { expect, Lab, test } from "../support/control-room.ts";
import { stops, tabTo } from "../support/keyboard.ts";
import { isInOrder } from "../support/looks.ts";
import { moves, watchMoves } from "../support/motion.ts";

// The other sites of the lab, each in a window of its own, after an attack has left something in them.
test.beforeEach(async ({ lab, page }) => {
  await watchMoves(page);
  await lab.run("local-storage", "xss-reads");
});

test("axe finds nothing wrong in the bank, in the attacker's window and in the sibling", async ({
  lab,
  page,
}) => {
  await page.goto(`${lab.victim}/${lab.id}/bank`);
  await expect(page.getByRole("region", { name: "Guestbook" })).toContainText("What a lovely bank!");
  await isInOrder(page);
  for (const url of [`${lab.attacker}/${lab.id}`, `${lab.sibling}/${lab.id}`]) {
    await page.goto(url);
    await isInOrder(page);
  }
});

test("the bank takes the keyboard alone, and the other sites ask for nothing", async ({ lab, page }) => {
  const { keyboard } = page;
  await page.goto(`${lab.victim}/${lab.id}/bank`);
  const state = page.getByRole("status");
  await expect(state).toHaveText("Signed in as Alice.");
  expect(await stops(page)).toEqual(["Be Alice", "Sign out", "Ask again", "Send 10 to Bob"]);
  await tabTo(page, "Send 10 to Bob");
  await keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Account" })).toContainText("Balance: 90");
  await tabTo(page, "Sign out", "Shift+Tab");
  await keyboard.press("Space");
  await expect(state).toHaveText("Nobody is signed in.");
  await tabTo(page, "Be Alice", "Shift+Tab");
  await keyboard.press("Enter");
  await expect(state).toHaveText("Signed in as Alice.");
  for (const url of [`${lab.attacker}/${lab.id}`, `${lab.sibling}/${lab.id}`]) {
    await page.goto(url);
    expect(await stops(page), url).toEqual([]);
  }
});

test("nothing moves for those who asked for less motion", async ({ page, site }) => {
  const moved = () => page.evaluate(() => new Promise(requestAnimationFrame)).then(() => moves(page));
  await page.emulateMedia({ reducedMotion: "reduce" });
  const lab = await Lab.open(page, site);
  await lab.run("local-storage", "xss-reads");
  await lab.cell("local-storage", "xss-reads").getByRole("button").click();
  expect(await moved()).toEqual([]);
  await page.goto(`${lab.victim}/${lab.id}/bank`);
  await page.getByRole("button", { name: "Send 10 to Bob" }).click();
  await expect(page.getByRole("region", { name: "Account" })).toContainText("Balance: 90");
  expect(await moved()).toEqual([]);
  for (const url of [`${lab.attacker}/${lab.id}`, `${lab.sibling}/${lab.id}`]) {
    await page.goto(url);
    expect(await moved(), url).toEqual([]);
  }
});
