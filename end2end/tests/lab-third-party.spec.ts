import { chromium } from "@playwright/test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, Lab, test as base } from "../support/control-room.ts";

// Where third-party cookies are allowed, which Debian's Chromium does not do by itself.
const test = base.extend({
  context: async ({ launchOptions }, use) => {
    const profile = await mkdtemp(join(tmpdir(), "counterfoil-profile-"));
    await mkdir(join(profile, "Default"));
    const preferences = { profile: { cookie_controls_mode: 0 } };
    await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
    const context = await chromium.launchPersistentContext(profile, launchOptions);
    await use(context);
    await context.close();
    await rm(profile, { recursive: true, force: true });
  },
});

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
