import { expect, test as base } from "@playwright/test";
import { App, type Account } from "./app.ts";
import { Calls } from "./calls.ts";
import { ANONYMOUS, Mishaps } from "./mishaps.ts";
import { Site, type Settings } from "./server.ts";

export { expect };

interface ForTests {
  /** What goes wrong in the browser; checked at the end of every test. */
  mishaps: Mishaps;
  /** The calls of all tabs. */
  calls: Calls;
  /** The app in the first tab. */
  app: App;
  /** The person who is signed in: somebody who has just signed up in the first tab. */
  account: Account;
  /** Opens the app in one more tab of the same browser. */
  newTab: () => Promise<App>;
}

interface ForWorkers {
  /** How this file's server differs from the others. */
  settings: Settings;
  site: Site;
}

export const test = base.extend<ForTests, ForWorkers>({
  settings: [{}, { option: true, scope: "worker" }],

  site: [
    async ({ settings }, use) => {
      const site = await Site.start(settings);
      await use(site);
      await site.stop();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ site }, use) => use(site.origin),

  mishaps: [
    async ({ context }, use) => {
      const mishaps = await Mishaps.of(context);
      await use(mishaps);
      await mishaps.check();
    },
    { auto: true },
  ],

  calls: async ({ context }, use) => use(new Calls(context)),

  app: async ({ page }, use) => use(new App(page)),

  account: async ({ app, calls, mishaps }, use) => {
    // The page asks whether there is a session, once, and there is none yet.
    mishaps.expect(ANONYMOUS);
    const account = await app.signUp();
    await expect.poll(() => calls.tokens()).not.toEqual([]);
    await use(account);
  },

  newTab: async ({ context }, use) => use(async () => new App(await context.newPage())),
});
