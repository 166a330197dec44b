import type { Page } from "@playwright/test";
import { stranger } from "../support/app.ts";
import { registered } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

const WASM = "**/pkg/*.wasm*";

test("a page whose program cannot be loaded reads well, and says what does not work", async ({
  app,
  mishaps,
  page,
}) => {
  mishaps.expect("net::ERR_FAILED /pkg/counterfoil.wasm", "uncaught Failed to fetch");
  await page.route(WASM, (route) => route.abort());
  await page.goto("/");
  await expect(page.getByRole("alert").filter({ hasText: "This page could not start" })).toBeVisible();
  await expect(app.heading("Sign-in you can check.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["How it works", "What it does not stop"]);
  await page.getByRole("link", { name: "Error codes" }).click();
  await expect(app.heading("Error codes")).toBeVisible();
  await expect(page.getByRole("row")).not.toHaveCount(0);
});

test("a password that is submitted to a page that never starts goes nowhere", async ({
  app,
  calls,
  mishaps,
  page,
}) => {
  mishaps.expect("net::ERR_FAILED /pkg/counterfoil.wasm", "uncaught Failed to fetch");
  await page.route(WASM, (route) => route.abort());
  const urls = urlsOf(page);
  await page.goto("/signin");
  const account = stranger();
  await app.signIn(account);
  await app.password.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "This page could not start" })).toBeVisible();
  await expect(app.password).toHaveValue(account.password);
  expect(calls.made()).toEqual([]);
  expect(urls.filter((url) => url.includes("sentence"))).toEqual([]);
  await expect(page).toHaveURL("/signin");
});

for (const how of ["by its button", "by Enter"]) {
  test(`a form that is submitted early, ${how}, is sent once the page has come alive`, async ({
    app,
    page,
    site,
  }) => {
    let load = (): void => undefined;
    const asked = new Promise<void>((resolve) => (load = resolve));
    await page.route(WASM, async (route) => {
      await asked;
      await route.continue();
    });
    const urls = urlsOf(page);
    const account = await registered(site);
    await page.goto("/signin");
    await app.fill(account);
    await (how === "by Enter" ? app.password.press("Enter") : app.submitButton("Sign in").click());
    await expect(page.locator("form")).toHaveAttribute("data-held", "");
    await expect(page.locator("html")).not.toHaveAttribute("data-hydrated");
    await expect(app.password).toHaveValue(account.password);

    load();
    await app.showsAccountOf(account);
    await expect(page).toHaveURL("/account");
    expect(urls.filter((url) => url.includes("sentence"))).toEqual([]);
  });
}

/** Every address that the page goes to or asks for. */
function urlsOf(page: Page): string[] {
  const urls: string[] = [];
  page.on("request", (request) => urls.push(decodeURIComponent(request.url())));
  page.on("framenavigated", (frame) => urls.push(decodeURIComponent(frame.url())));
  return urls;
}
