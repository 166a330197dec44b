import { expect, type Lab, test } from "../support/control-room.ts";

/** What a defence changes, and what it does not: the defences, the cell, and what it then comes to. */
const FLIPS: readonly [string, string, string][] = [
  ["nonce-csp", "local-storage/xss-reads", "blocked"],
  ["nonce-csp", "http-only-strict/xss-rides", "blocked"],
  ["nonce-csp", "memory-js/xss-refreshes", "blocked"],
  ["nonce-csp", "memory-wasm/fetch-hook", "blocked"],
  ["nonce-csp", "memory-wasm/heap-scan", "blocked"],
  ["nonce-csp", "http-only-none/csrf-form", "forged"],
  ["trusted-types", "local-storage/xss-reads", "blocked"],
  ["trusted-types", "memory-wasm/heap-scan", "blocked"],
  ["connect-src", "local-storage/xss-reads", "stolen"],
  ["connect-src", "http-only-lax/xss-rides", "rode"],
  ["same-site", "http-only-none/csrf-form", "blocked"],
  ["same-site", "http-only-unspecified/csrf-form", "blocked"],
  ["same-site", "http-only-none/sibling-port", "forged"],
  ["same-site", "http-only-none/xss-rides", "rode"],
  ["origin-check", "http-only-none/csrf-form", "refused"],
  ["origin-check", "http-only-strict/sibling-port", "refused"],
  ["origin-check", "memory-js/sibling-port", "refused"],
  ["origin-check", "http-only-strict/xss-rides", "rode"],
  ["zeroize", "memory-wasm/heap-after-sign-out", "nothing"],
  ["zeroize", "memory-wasm/heap-scan", "stolen"],
  ["dpop", "local-storage/xss-reads", "dead-on-arrival"],
  ["dpop", "memory-js/xss-refreshes", "dead-on-arrival"],
  ["dpop", "memory-wasm/heap-scan", "dead-on-arrival"],
  ["dpop", "local-storage/fetch-hook", "stolen"],
  ["dpop", "local-storage/xss-rides", "rode"],
  ["dpop dpop-nonce", "local-storage/fetch-hook", "dead-on-arrival"],
  ["dpop dpop-nonce", "memory-wasm/fetch-hook", "dead-on-arrival"],
  ["dpop dpop-nonce", "memory-js/xss-rides", "rode"],
];

async function run(lab: Lab, defences: string, cell: string): Promise<string> {
  await lab.defend(...defences.split(" "));
  const [strategy = "", attack = ""] = cell.split("/");
  return (await lab.run(strategy, attack)).verdict;
}

for (const [defences, cell, verdict] of FLIPS) {
  test(`with ${defences}, ${cell} comes to ${verdict}`, async ({ lab }) => {
    expect(await run(lab, defences, cell), JSON.stringify((await lab.standing()).evidence)).toBe(verdict);
  });
}

test("what the page may connect to does not keep a script from leaving for the attacker", async ({ lab }) => {
  await run(lab, "connect-src", "local-storage/xss-reads");
  const { evidence } = await lab.standing();
  expect(evidence.loot.map(({ via }) => via)).toEqual(["navigation"]);
  expect(evidence.violations).toContain("connect-src");
});

test("Trusted Types do not see what the server's template writes", async ({ lab, page }) => {
  await page.getByLabel("on the server (template)").check();
  expect(await run(lab, "trusted-types", "local-storage/xss-reads")).toBe("stolen");
  expect(await run(lab, "nonce-csp", "local-storage/xss-rides")).toBe("blocked");
});

test("the key of a bound token cannot be exported", async ({ lab }) => {
  await run(lab, "dpop", "local-storage/xss-reads");
  expect((await lab.standing()).evidence.reports).toContain("exportKey: InvalidAccessError");
});

test("the attacker is in until a short-lived token expires, and the notebook says when it ended", async ({
  lab,
  page,
}) => {
  test.slow();
  await run(lab, "short-life", "local-storage/xss-reads");
  const notebook = page.getByRole("region", { name: "The attacker's notebook" });
  await expect(notebook).toContainText("Still in: 0:0");
  const left = async () => Number(/ends in 0:(\d\d)/.exec(await notebook.innerText())?.[1]);
  const before = await left();
  expect(before).toBeLessThanOrEqual(30);
  await expect.poll(left).toBeLessThan(before);
  const cutOff = notebook.locator("[data-attacker-cutoff]");
  await expect(cutOff).toContainText(/Cut off at .*, after 0:3/, { timeout: 60_000 });
  const [loot] = (await lab.standing()).evidence.loot;
  expect(loot?.replays.map(({ status }) => status)).toEqual([200, 401]);
  await expect(cutOff).toHaveAttribute("data-attacker-cutoff", String(loot?.replays[1]?.at));
});
