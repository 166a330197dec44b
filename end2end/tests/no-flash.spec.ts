import { expect, test } from "../support/test.ts";

test("no sign-in form flashes up while the session is being restored", async ({ account, app, page }) => {
  await page.addInitScript(() => {
    const flashes: string[] = [];
    Object.assign(window, { flashes });
    new MutationObserver(() => {
      const form = document.querySelector("form[action='/auth/login']");
      if (form) flashes.push(`a sign-in form at ${location.pathname}`);
      if (location.pathname !== "/account") flashes.push(location.pathname);
      const links = [...document.querySelectorAll("header a")].map((link) => link.textContent);
      if (links.includes("Sign in")) flashes.push("a link to sign in");
    }).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  });
  await app.reload();
  await app.showsAccountOf(account);
  expect(await page.evaluate("flashes")).toEqual([]);

  // The same when the answer takes its time: the page has come alive and was painted by then.
  await page.route("**/auth/refresh", async (route) => {
    await app.hydrated();
    await page.evaluate(
      () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
    );
    await app.isRestoring();
    await route.continue();
  });
  await app.reload();
  await app.showsAccountOf(account);
  expect(await page.evaluate("flashes")).toEqual([]);
});

test("the server sends no sign-in form for the account page", async ({ account, context, site }) => {
  const page = await context.request.get(`${site.origin}/account`);
  expect(page.headers()["cache-control"], account.email).toBe("no-store");
  const html = await page.text();
  expect(html).toContain('data-session="restoring"');
  expect(html).not.toContain("/auth/login");
  expect(html).not.toContain(account.email);
});
