import { Lab } from "../support/lab-pages.ts";
import { expect, test } from "../support/test.ts";

/** The course of events, who loses, and the refusals on the way. */
const COURSES: readonly (readonly [string, string, readonly string[]])[] = [
  ["A normal refresh", "nobody was signed out", []],
  ["Two tabs at once", "nobody was signed out", []],
  ["A lost reply", "nobody was signed out", []],
  [
    "A copy is replayed",
    "the session was ended",
    ["401 refresh_token_reused", "401 session_revoked", "401 token_revoked"],
  ],
  ["The thief is faster", "the session was ended", ["401 refresh_token_reused", "401 token_revoked"]],
];

for (const [course, end, refusals] of COURSES) {
  test(`${course}: ${end}`, async ({ mishaps, page }) => {
    if (refusals.length > 0) mishaps.expect("401 /lab/api/refresh");
    const lab = new Lab(page);
    await lab.open("/lab/rotation");
    await page.getByRole("radio", { name: course }).check();
    await lab.button("Run to the end").click();
    await expect(page.getByText(`The end: ${end}`)).toBeVisible();
    const said = page.getByRole("list", { name: "What was said so far" });
    for (const refusal of refusals) await expect(said.getByText(refusal)).toBeVisible();
    if (refusals.length === 0) await expect(said.getByText("401")).toHaveCount(0);
    else await expect(said.getByText("GIVEN, not stolen")).toBeVisible();
  });
}

test("the second tab gets the very same token", async ({ page }) => {
  const lab = new Lab(page);
  await lab.open("/lab/rotation");
  await page.getByRole("radio", { name: "Two tabs at once" }).check();
  await lab.button("Run to the end").click();
  await expect(page.getByText("It is the very same R1.")).toBeVisible();
});

test("a course goes step by step, and a reset begins anew", async ({ page }) => {
  const lab = new Lab(page);
  await lab.open("/lab/rotation");
  const said = page.getByRole("list", { name: "What was said so far" }).getByRole("listitem");
  await lab.button("Step").click();
  await expect(said).toHaveCount(1);
  await lab.button("Step").click();
  await expect(said).toHaveCount(2);
  await expect(page.getByRole("list", { name: "Generations of this session" }).getByText("R0")).toBeVisible();
  await lab.button("Reset").click();
  await expect(said).toHaveCount(0);
});
