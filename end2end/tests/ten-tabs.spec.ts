import { generation, graceToPass, refreshCookie } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

const TABS = 10;
const ROUNDS = 10;

test.describe.configure({ timeout: 180_000 });

for (const browser of ["a browser", "a browser without Web Locks"]) {
  test(`${browser} with ten tabs that reload together, again and again, never loses the session`, async ({
    account,
    app,
    context,
    newTab,
    site,
  }) => {
    if (browser.includes("without")) {
      await context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
    }
    const tabs = [app];
    while (tabs.length < TABS) tabs.push(await newTab());
    await Promise.all(tabs.map((tab) => tab.open("/account")));
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(tabs.map((tab) => tab.reload()));
      await Promise.all(tabs.map((tab) => tab.showsAccountOf(account)));
    }
    expect(generation(await refreshCookie(context))).toBeGreaterThanOrEqual(ROUNDS);
    // What the jar holds in the end is good for longer than the grace period.
    await graceToPass(site);
    await app.reload();
    await app.showsAccountOf(account);
  });
}
