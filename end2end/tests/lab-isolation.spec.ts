import type { BrowserContext, Cookie, Page } from "@playwright/test";
import { Lab, test as base, expect } from "../support/control-room.ts";
import { generation } from "../support/outside.ts";
import type { Site } from "../support/server.ts";

const test = base.extend<{ planted: Lab }>({
  // Beside a person who is signed in to the real app, in the same browser.
  planted: async ({ account, context, site }, use) => {
    expect(account.email).toContain("@");
    await use(await Lab.open(await context.newPage(), site));
  },
});

/** The only refresh cookie that the browser would send to the app. */
async function refreshCookie(context: BrowserContext, site: Site): Promise<Cookie> {
  const sent = await context.cookies(`${site.origin}/auth/refresh`);
  const [cookie, ...others] = sent.filter(({ name }) => name !== "__Http-device");
  expect(others).toEqual([]);
  if (!cookie) throw new Error("there is no refresh cookie");
  return cookie;
}

/** Everything that a page of another origin can try against the app; what it could read or see is given back. */
async function attack(page: Page, app: string): Promise<string[]> {
  return page.evaluate(async (app) => {
    const seen: string[] = [];
    const calls: [string, string][] = [
      ["GET", "/api/me"],
      ["GET", "/api/sessions"],
      ["POST", "/auth/refresh"],
      ["POST", "/auth/logout"],
      ["POST", "/api/sessions/revoke-others"],
      ["POST", "/api/password"],
    ];
    for (const [method, path] of calls) {
      for (const mode of ["cors", "no-cors"] as const) {
        for (const type of ["application/json", "text/plain"]) {
          const init: RequestInit = {
            method,
            mode,
            credentials: "include",
            headers: { "content-type": type },
          };
          if (method === "POST") init.body = "{}";
          const answer = await fetch(app + path, init).catch(() => undefined);
          if (answer && answer.type !== "opaque") seen.push(`${method} ${path}: ${await answer.text()}`);
        }
      }
    }

    // Cookies do not know ports, but they know hosts: none of these may land on the app's.
    const hex = "00000000";
    for (const name of [`__Http-refresh-${hex}`, `refresh-${hex}`, "__Http-device"]) {
      for (const domain of ["", "; domain=localhost", "; domain=.localhost"]) {
        document.cookie = `${name}=tossed; path=/auth${domain}`;
        document.cookie = `${name}=tossed; path=/auth; secure; samesite=none${domain}`;
      }
    }

    const frame = document.createElement("iframe");
    frame.name = "target";
    document.body.append(frame);
    const loaded = () => new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    for (const path of ["/", "/account", "/auth/refresh"]) {
      const done = loaded();
      frame.src = app + path;
      await done;
      try {
        seen.push(`framed ${path}: ${frame.contentDocument?.body.textContent ?? ""}`.trim());
      } catch {
        // Another origin's.
      }
    }
    for (const path of ["/auth/refresh", "/auth/logout", "/api/sessions/revoke-others"]) {
      const form = document.createElement("form");
      Object.assign(form, { method: "post", action: app + path, target: "target", enctype: "text/plain" });
      document.body.append(form);
      const done = loaded();
      form.submit();
      await done;
    }
    for (const path of ["/account", "/api/me", "/auth/refresh", "/auth/logout"]) {
      const image = new Image();
      await new Promise((resolve) => {
        image.onload = () => resolve(seen.push(`image ${path}`));
        image.onerror = resolve;
        image.src = app + path;
      });
    }
    return seen.filter((line) => !/^framed [^:]+:$/.test(line));
  }, app);
}

for (const [name, from] of [
  ["victim", (lab: Lab) => `${lab.victim}/${lab.id}/bank`],
  ["attacker", (lab: Lab) => `${lab.attacker}/${lab.id}`],
  ["sibling", (lab: Lab) => `${lab.sibling}/${lab.id}`],
] as const) {
  test(`the ${name} gets nothing from the real app and changes nothing in it`, async ({
    account,
    app,
    context,
    planted,
    site,
  }) => {
    const before = await refreshCookie(context, site);
    const page = await context.newPage();
    await page.goto(from(planted));
    expect(await attack(page, site.origin)).toEqual([]);
    expect(await refreshCookie(context, site)).toEqual(before);
    expect((await context.cookies(`${site.origin}/auth/x`)).map(({ value }) => value)).not.toContain(
      "tossed",
    );

    await app.askButton.click();
    await expect(app.answer).toContainText(account.email);
    await app.reload();
    await app.showsAccountOf(account);
    expect(generation(await refreshCookie(context, site))).toBe(generation(before) + 1);
  });

  test(`a window that the ${name} opens on the real app tells it nothing and does not obey it`, async ({
    account,
    app,
    context,
    planted,
    site,
  }) => {
    const before = await refreshCookie(context, site);
    const page = await context.newPage();
    await page.goto(from(planted));
    const opening = page.waitForEvent("popup");
    await page.evaluate((url) => {
      Object.assign(globalThis, { opened: window.open(url, "app") });
    }, `${site.origin}/account`);
    const popup = await opening;
    await expect(popup.getByRole("region", { name: "Profile" }).getByText(account.email)).toBeVisible();
    expect(await popup.evaluate(() => window.opener as unknown)).toBeNull();
    const seen = await page.evaluate(() => (globalThis as unknown as { opened: Window }).opened.closed);
    expect(seen, "the window is no longer the opener's").toBe(true);
    await app.askButton.click();
    await expect(app.answer).toContainText(account.email);
    // The window restored the session for itself, once, and nobody else did.
    expect(generation(await refreshCookie(context, site))).toBe(generation(before) + 1);
  });
}

test("the top-level form of another site does not sign anybody out", async ({
  account,
  app,
  context,
  planted,
  site,
}) => {
  const before = await refreshCookie(context, site);
  for (const origin of [`${planted.attacker}/${planted.id}`, `${planted.sibling}/${planted.id}`]) {
    for (const path of ["/auth/logout", "/auth/refresh"]) {
      const page = await context.newPage();
      await page.goto(origin);
      const arrived = page.waitForResponse(`${site.origin}${path}`);
      await page.evaluate((action) => {
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action, enctype: "text/plain" });
        document.body.append(form);
        form.submit();
      }, site.origin + path);
      expect((await arrived).status()).toBe(403);
      await page.close();
    }
  }
  expect(await refreshCookie(context, site)).toEqual(before);
  await app.reload();
  await app.showsAccountOf(account);
});
