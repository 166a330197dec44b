import { expect, Lab } from "../support/control-room.ts";
import { test } from "../support/profile.ts";

for (const [strategy, verdict] of [
  ["http-only-none", "forged"],
  ["http-only-unspecified", "blocked"],
  ["http-only-lax", "blocked"],
  ["local-storage", "refused"],
] as const) {
  test(`where third-party cookies are allowed, another site's request in the background is ${verdict} for ${strategy}`, async ({
    context,
    site,
  }) => {
    const lab = await Lab.open(await context.newPage(), site);
    expect((await lab.run(strategy, "csrf-background")).verdict).toBe(verdict);
    const { requests } = (await lab.standing()).evidence;
    const forged = requests.find(({ deed, site }) => deed === "transfer" && site === "cross-site");
    expect(forged?.cookies).toEqual(verdict === "forged" ? ["session"] : []);
  });
}

test("and the check of where a request comes from refuses it", async ({ context, site }) => {
  const lab = await Lab.open(await context.newPage(), site);
  await lab.defend("origin-check");
  expect((await lab.run("http-only-none", "csrf-background")).verdict).toBe("refused");
});
