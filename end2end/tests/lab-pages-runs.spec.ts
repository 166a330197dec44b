import { Lab } from "../support/lab-pages.ts";
import { expect, test } from "../support/test.ts";

/** Each pattern: what its run says in the end, what breaking it says, and the refusals that the console shows. */
const PATTERNS: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["sign", "200, all 12 lines passed", "401 invalid_token, refused at “signature”", []],
  ["verify", "200, all 12 lines passed", "401 invalid_token, refused at “alg”", []],
  ["pair", "401 token_expired, refused at “exp”", "401 session_expired", ["401 /lab/api/refresh"]],
  ["rotation", "the very same R1", "401 refresh_token_reused", ["401 /lab/api/refresh"]],
  ["denylist", "401 token_revoked, refused at “denylist”", "200, all 12 lines passed", []],
  ["guard", "403 forbidden", "401 invalid_token, refused at “signature”", ["403 /lab/api/present"]],
];

for (const [pattern, run, broken, refusals] of PATTERNS) {
  test(`the pattern ${pattern} runs and is broken`, async ({ mishaps, page }) => {
    mishaps.expect(...refusals);
    const lab = new Lab(page);
    await lab.open(`/lab/patterns/${pattern}`);
    const log = page.getByRole("list", { name: "What happened" });
    await lab.button("Run it").click();
    await expect(page.getByText("Done.")).toBeVisible();
    await expect(log.getByText(run).first()).toBeVisible();
    await page.getByRole("button", { name: /^Break it/ }).click();
    await expect(log.getByText(broken).first()).toBeVisible();
    await expect(page.getByText("Done.")).toBeVisible();
    await expect(page.getByRole("region", { name: /^Source of/ })).toContainText("fn ");
  });
}

/** Each mistake, and how it is seen to fail. */
const MISTAKES: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ["The token in localStorage", /Shown from elsewhere: 200/, []],
  ["No expiry", /Ten years later. The trusting verifier: accepted.*refused at “claims”/, []],
  ["No list of algorithms", /The trusting verifier: accepted.*refused at “alg”/, []],
  ["No rotation", /accepted.*accepted.*401 refresh_token_reused/, ["401 /lab/api/refresh"]],
  ["Secrets in the payload", /4111 1111 1111 1111/, []],
  ["One secret for both tokens", /accepted.*accepted.*refused at “well-formed”.*refused at “typ”/, []],
];

for (const [mistake, failure, refusals] of MISTAKES) {
  test(`the mistake fails: ${mistake}`, async ({ mishaps, page }) => {
    mishaps.expect(...refusals);
    const lab = new Lab(page);
    await lab.open("/lab/mistakes");
    const part = lab.part(mistake);
    await part.getByRole("button", { name: "Show it failing" }).click();
    await expect(part.getByText("Done.")).toBeVisible();
    await expect(part.getByRole("list")).toContainText(failure);
    expect(
      await page.evaluate(() => Object.values(localStorage).filter((value) => value.includes("eyJ"))),
    ).toEqual([]);
  });
}

test("the costs of bcrypt are measured on this server", async ({ page }) => {
  const lab = new Lab(page);
  await lab.open("/lab/choosing");
  await lab.button("Measure 10 to 14").click();
  await expect(page.getByText("Each step should have doubled the time.")).toBeVisible({ timeout: 40_000 });
  const times = await page.locator("td[data-cost]").allInnerTexts();
  expect(times.every((time) => /^\d+ ms$/.test(time))).toBe(true);
});

test("calculators say who can forge and how long a theft lasts", async ({ page }) => {
  const lab = new Lab(page);
  await lab.open("/lab/choosing");
  await page.getByLabel("Services that verify your tokens").fill("4");
  await expect(page.getByText("With HS256 5 programs could forge")).toBeVisible();
  await page.getByLabel("Minutes that an access token lives").fill("60");
  await expect(page.getByText("works for 1 hour at most and 30 minutes on average")).toBeVisible();
  const thief = lab.part("What a thief has, and for how long");
  await expect(thief).toContainText("acts as you for 1 hour, while the page is open");
  await expect(thief).toContainText("works for 1 hour more at most: 2 hours in all");
  await page.getByLabel("The tokens live in").selectOption("localStorage, both of them");
  await expect(thief).toContainText("is you from anywhere for 30 days");
});

test("the challenge knows what was opened and decoded, and forgets it when asked", async ({ page }) => {
  const lab = new Lab(page);
  await lab.open("/lab/challenge");
  await expect(page.getByText("0 of 9 done.")).toBeVisible();
  for (const [pattern] of PATTERNS) await lab.open(`/lab/patterns/${pattern}`);
  await lab.open("/lab/anatomy");
  for (const part of ["1 Header", "2 Payload", "3 Signature"]) {
    await page.getByRole("tab", { name: part }).click();
  }
  await lab.open("/lab/challenge");
  await expect(page.getByText("All 9 done.")).toBeVisible();
  await lab.open("/lab");
  const row = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Challenge" }) });
  await expect(row.getByText("Tried")).toBeVisible();
  await lab.open("/lab/challenge");
  await lab.button("Start over").click();
  await expect(page.getByText("0 of 9 done.")).toBeVisible();
});

test("the quiz checks one question at a time and says why", async ({ page }) => {
  const lab = new Lab(page);
  await lab.open("/lab/quiz");
  const first = page.locator("form").first();
  await lab.button("Check question 1").click();
  await expect(first.getByRole("status")).toHaveText("Choose an answer first.");
  await first.getByRole("radio").nth(0).check();
  await lab.button("Check question 1").click();
  await expect(first.getByRole("status")).toContainText("Not quite.");
  await expect(first.getByText("Whoever can verify HS256 can also sign.")).toBeVisible();
  await first.getByRole("radio").nth(1).check();
  await lab.button("Check question 1").click();
  await expect(first.getByRole("status")).toHaveText("Right.");
  await expect(page.getByText("1 of 10 right so far.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("1 of 10 right so far.")).toBeVisible();
});

test("every right answer of the quiz is taken as right, by keyboard alone", async ({ page }) => {
  await new Lab(page).open("/lab/quiz");
  for (const form of await page.locator("form").all()) {
    const right = Number(await form.getAttribute("data-right"));
    await form.getByRole("radio").first().focus();
    await page.keyboard.press("Space");
    for (let press = 0; press < right; press++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(form.getByRole("status")).toHaveText("Right.");
  }
  await expect(page.getByText("All 10 right.")).toBeVisible();
});

test("the cheat sheet prints on one page of A4", async ({ page }) => {
  await new Lab(page).open("/lab/cheat-sheet");
  const pdf = await page.pdf({ format: "A4" });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test("a table from the control room is shown, kept, and never taken for markup", async ({ page }) => {
  const lab = new Lab(page);
  await lab.open("/lab");
  const evil = "<img src=x onerror=alert(1)>";
  const cells = [
    { strategy: "local-storage", attack: "xss-reads", defences: [], verdict: "stolen", bytes: 149 },
    { strategy: "memory-js", attack: "xss-reads", defences: [evil], verdict: "nothing", bytes: null },
  ];
  await page.getByLabel("The table as JSON").fill(JSON.stringify({ browser: evil, measured_at: 1, seconds: 17, cells }));
  await lab.button("Show it").click();
  for (const look of ["brought", "kept"]) {
    await expect(page.getByRole("cell", { name: "Stolen, 149 B" }), look).toBeVisible();
    await expect(page.getByRole("cell", { name: `Nothing to take (with ${evil})` })).toBeVisible();
    await expect(page.getByText("2 of 60 run in 17 s")).toBeVisible();
    await page.reload();
  }
  await page.getByLabel("The table as JSON").fill("[]");
  await lab.button("Show it").click();
  await expect(page.getByText("This is not a table as the control room copies it.")).toBeVisible();
});
