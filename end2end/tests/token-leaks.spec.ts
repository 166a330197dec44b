import type { Page } from "@playwright/test";
import { refreshCookie } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test("the tokens are in nothing that a script, a log or a passer-by can read", async ({
  account,
  app,
  calls,
  context,
  newTab,
  page,
  site,
}) => {
  const seen: string[] = [];
  context.on("console", (message) => seen.push(`console: ${message.text()}`));
  context.on("request", (request) => seen.push(`URL: ${request.url()}`));

  await app.askButton.click();
  await expect(app.answer).toContainText(account.email);
  seen.push(...(await readable(page)));
  for (const path of ["/", "/account", "/problems", "/signin?next=/account"]) {
    const tab = await newTab();
    const response = await tab.page.goto(path);
    seen.push(`HTML: ${await response?.text()}`);
    await tab.isSignedIn();
    seen.push(...(await readable(tab.page)));
  }
  seen.push(`server's log: ${await site.log()}`);

  const tokens = [...(await calls.tokens()), (await refreshCookie(context)).value];
  expect(tokens.length).toBeGreaterThanOrEqual(4);
  for (const secret of [...tokens.flatMap((token) => [token, ...token.split(".")]), account.password]) {
    const leak = seen.find((text) => text.includes(secret));
    expect(leak, `${secret} is readable`).toBeUndefined();
  }
  expect(seen.filter((text) => text.startsWith("DOM") && text.includes("eyJ"))).toEqual([]);
});

/** Whatever a script in the page can read without taking the page's WebAssembly apart. */
async function readable(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const globals = Object.getOwnPropertyNames(window).flatMap((name) => {
      const value: unknown = Reflect.get(window, name);
      return typeof value === "string" ? [value] : [];
    });
    const databases = await indexedDB.databases();
    const caches_ = await caches.keys();
    return [
      `DOM: ${document.documentElement.outerHTML}`,
      `DOM properties: ${[...document.querySelectorAll("input")].map((input) => input.value).join()}`,
      `URL: ${location.href} ${document.referrer} ${window.name}`,
      `history: ${JSON.stringify(history.state)}`,
      `localStorage: ${JSON.stringify(localStorage)}`,
      `sessionStorage: ${JSON.stringify(sessionStorage)}`,
      `IndexedDB: ${JSON.stringify(databases)}`,
      `caches: ${JSON.stringify(caches_)}`,
      `cookies: ${document.cookie}`,
      `globals: ${globals.join("\n")}`,
      `performance: ${JSON.stringify(performance.getEntries())}`,
    ];
  });
}

test("nothing is kept in the browser's storage at all", async ({ account, page }) => {
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookies: document.cookie,
  }));
  expect(kept, account.email).toEqual({ local: {}, session: {}, databases: [], caches: [], cookies: "" });
});
