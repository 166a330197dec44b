import { expect, test as base, type BrowserContext } from "@playwright/test";
import { App, type Account } from "./app.ts";
import { Calls } from "./calls.ts";
import { ANONYMOUS, Mishaps } from "./mishaps.ts";
import { administrator } from "./outside.ts";
import { Site, type Settings } from "./server.ts";

export { expect };

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

interface ForTests {
  /** What goes wrong in the browser; checked at the end of every test. */
  mishaps: Mishaps;
  /** The calls of all tabs. */
  calls: Calls;
  /** The app in the first tab. */
  app: App;
  /** The person who is signed in: somebody who has just signed up in the first tab. */
  account: Account;
  /** The administrator who is signed in, in the first tab. */
  admin: Account;
  /** Opens the app in one more tab of the same browser. */
  newTab: () => Promise<App>;
  /** Signs somebody in with another browser, by default a Firefox on Linux. */
  newDevice: (account: Account, userAgent?: string) => Promise<App>;
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

  admin: async ({ app, mishaps, site }, use) => {
    mishaps.expect(ANONYMOUS);
    const admin = await administrator(site);
    await app.open("/signin");
    await app.isSignedOut();
    await app.signIn(admin);
    await app.showsAccountOf(admin);
    await use(admin);
  },

  newTab: async ({ context }, use) => use(async () => new App(await context.newPage())),

  newDevice: async ({ browser, site }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (account, userAgent = FIREFOX) => {
      const context = await browser.newContext({ baseURL: site.origin, userAgent });
      contexts.push(context);
      const app = new App(await context.newPage());
      await app.open("/signin");
      await app.isSignedOut();
      await app.signIn(account);
      await app.showsAccountOf(account);
      return app;
    });
    for (const context of contexts) await context.close();
  },
});
