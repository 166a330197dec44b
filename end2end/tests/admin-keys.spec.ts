import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_ACCESS_TOKEN_ALGORITHM: "es256" } });

test("an administrator sees which key signs, and which will", async ({ admin, app, page, site }) => {
  await site.command("keys", "rotate");
  await expect.poll(() => published(site.origin), "the running server takes the key over").toBe(2);
  await app.open("/admin/users");
  await page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: "Keys" }).click();
  await expect(app.heading("Keys"), admin.email).toBeFocused();
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText("current: signs every new token");
  await expect(rows.nth(2)).toContainText("next: others can fetch it, and it signs nothing yet");
  await expect(rows.nth(2)).toContainText("ES256");
  await expect(app.row("Events of the site", /^A new key to sign access tokens was published/)).toBeVisible();
});

async function published(origin: string): Promise<number> {
  const { keys } = (await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as { keys: unknown[] };
  return keys.length;
}

test("somebody without the role is told so, and asks for nothing", async ({ account, app, calls, page }) => {
  calls.forget();
  await app.open("/admin/keys");
  await app.isSignedIn();
  await expect(page.getByText("This page is for administrators"), account.email).toBeVisible();
  expect(calls.made().filter((call) => call.includes("/api/"))).toEqual([]);
});
