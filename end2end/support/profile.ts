import { chromium } from "@playwright/test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "./control-room.ts";

export interface Profile {
  /** What stands in the settings of the browser before it starts. */
  preferences: object;
}

/** Tests of the lab in a browser whose settings the project names. */
export const test = base.extend<Profile>({
  preferences: [{}, { option: true }],

  context: async ({ launchOptions, preferences }, use) => {
    const profile = await mkdtemp(join(tmpdir(), "counterfoil-profile-"));
    await mkdir(join(profile, "Default"));
    await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
    const context = await chromium.launchPersistentContext(profile, launchOptions);
    await use(context);
    await context.close();
    await rm(profile, { recursive: true, force: true });
  },
});
