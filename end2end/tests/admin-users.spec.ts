import type { Page } from "@playwright/test";
import { ANONYMOUS } from "../support/mishaps.ts";
import { administrator, call, registered } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test("an administrator finds an account by a part of its address and its role", async ({
  admin,
  app,
  page,
  site,
}) => {
  const somebody = await registered(site);
  await page.getByRole("banner").getByRole("link", { name: "Admin" }).click();
  await expect(app.heading("Accounts")).toBeFocused();
  const table = page.getByRole("table");
  await expect(table.getByRole("row", { name: somebody.email })).toBeVisible();

  await page.getByLabel("Email contains").fill(admin.email.slice(0, 8).toUpperCase());
  await page.getByRole("button", { name: "Search" }).click();
  await expect(table.getByRole("row", { name: admin.email })).toContainText("admin");
  await expect(table.getByRole("row", { name: somebody.email })).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/admin/users\\?search=${admin.email.slice(0, 8)}$`, "i"));

  await page.getByLabel("Role").selectOption("user");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("No account was found.")).toBeVisible();
  await page.goBack();
  await expect(table.getByRole("row", { name: admin.email })).toBeVisible();
  await app.reload();
  await expect(page.getByLabel("Email contains")).toHaveValue(admin.email.slice(0, 8).toUpperCase());
  await expect(table.getByRole("row", { name: admin.email })).toBeVisible();
});

test("more accounts than a page holds are on the next one", async ({ admin, app, page }) => {
  const user = (number: number) => ({
    id: number.toString(16).padStart(32, "0"),
    email: `${number}@example.com`,
    role: "user",
    created_at: 0,
    sessions: 0,
  });
  const PAGE = 2;
  await page.route("**/api/admin/users?**", (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get("offset"));
    const users = [0, 1, 2].slice(offset, offset + PAGE).map(user);
    return route.fulfill({ json: { users, total: 3, page_size: PAGE } });
  });
  await app.open("/admin/users");
  await expect(page.getByRole("caption"), admin.email).toHaveText("Accounts 1 to 2 of 3");
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("caption")).toHaveText("Accounts 3 to 3 of 3");
  await expect(page.getByRole("link", { name: "Next page" })).toHaveCount(0);
  await page.getByRole("link", { name: "Previous page" }).click();
  await expect(page.getByRole("caption")).toHaveText("Accounts 1 to 2 of 3");
});

test("a role that is given ends the sessions of the account, which says why", async ({
  account,
  app,
  mishaps,
  newDevice,
  page,
  site,
}) => {
  mishaps.expect("401 /api/me");
  const admin = await newDevice(await administrator(site));
  await manage(admin.page, account.email);
  await admin.page.getByRole("radio", { name: "admin" }).check();
  await admin.page.getByRole("button", { name: "Save role" }).click();
  await expect(admin.part("Actions")).toContainText("Role saved. The sessions of the account have ended.");
  await expect(admin.part("Facts")).toContainText("admin");
  await expect(
    admin.row("Security events", "The role was changed: admin, by an administrator"),
  ).toBeVisible();

  await app.askButton.click();
  await expect(app.heading("Signed out")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("The role of your account changed");
});

test("an administrator can sign somebody out everywhere", async ({ admin, app, newDevice, page, site }) => {
  const somebody = await registered(site);
  const theirs = await newDevice(somebody);
  await manage(page, somebody.email);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(app.part("Actions"), admin.email).toContainText("Signed out everywhere.");
  await expect(
    app.part("Facts").getByText("Live sessions").locator("xpath=following-sibling::dd[1]"),
  ).toHaveText("0");
  await theirs.askButton.click();
  await expect(theirs.heading("Signed out")).toBeVisible();
  await expect(theirs.page.getByRole("main")).toContainText("An administrator signed you out.");
});

test("an administrator can lift a lock", async ({ admin, app, page, site }) => {
  const somebody = await registered(site);
  for (let guess = 0; guess < 5; guess++) {
    await call(site, "/auth/login", { body: { email: somebody.email, password: "a wrong guess" } });
  }
  await app.open(`/admin/users?search=${encodeURIComponent(somebody.email)}`);
  await expect(page.getByRole("row", { name: somebody.email }), admin.email).toContainText("Locked until");
  await manage(page, somebody.email);
  await expect(app.part("Facts")).toContainText("Locked until");
  await page.getByRole("button", { name: "Lift the lock" }).click();
  await expect(app.part("Actions").getByRole("status")).toHaveText("The lock was lifted.");
  await expect(app.part("Actions").getByRole("heading", { name: "Actions" })).toBeFocused();
  await expect(app.part("Facts")).toContainText("Active");
  await expect(page.getByRole("button", { name: "Lift the lock" })).toHaveCount(0);
  expect((await call(site, "/auth/login", { body: somebody })).status).toBe(200);
});

test("an account is deleted after a yes that names it", async ({ admin, app, page, site }) => {
  const somebody = await registered(site);
  await manage(page, somebody.email);
  await page.getByRole("button", { name: "Delete account" }).click();
  await app.dialog.getByRole("button", { name: `Delete ${somebody.email}` }).click();
  await expect(page.getByRole("status").filter({ hasText: "The account was deleted." })).toBeVisible();
  await expect(app.heading("Account"), admin.email).toBeFocused();
  await page.getByRole("link", { name: "All accounts" }).click();
  await expect(page.getByRole("caption")).toBeVisible();
  await expect(page.getByText(somebody.email)).toHaveCount(0);
});

test("what an administrator changes asks for a fresh password", async ({
  admin,
  app,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect("401 /api/admin/users/revoke");
  const somebody = await registered(site);
  await manage(page, somebody.email);
  const json = { type: "", title: "", status: 401, code: "insufficient_user_authentication", detail: "" };
  await page.route("**/api/admin/users/revoke", (route) => route.fulfill({ status: 401, json }), {
    times: 1,
  });
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await app.stepUp(admin.password);
  await expect(app.part("Actions")).toContainText("Signed out everywhere.");
});

test("somebody without the role is told so, and asks for nothing", async ({ account, app, calls, page }) => {
  await expect(page.getByRole("banner").getByRole("link", { name: "Admin" })).toHaveCount(0);
  calls.forget();
  for (const path of ["/admin/users", "/admin/users/0123456789abcdef0123456789abcdef"]) {
    await app.open(path);
    await app.isSignedIn();
    await expect(page.getByText("This page is for administrators"), account.email).toBeVisible();
    await expect(page.getByRole("table")).toHaveCount(0);
  }
  expect(calls.made().filter((call) => call.includes("/api/"))).toEqual([]);
});

test("whoever is not signed in gets to the page by signing in", async ({ app, mishaps, page, site }) => {
  mishaps.expect(ANONYMOUS);
  const admin = await administrator(site);
  await app.open("/admin/users?role=admin");
  await expect(app.heading("Sign in")).toBeVisible();
  await app.signIn(admin);
  await expect(app.heading("Accounts")).toBeVisible();
  await expect(page.getByRole("row", { name: admin.email })).toBeVisible();
});

/** Opens the page of an account from the list of all. */
async function manage(page: Page, email: string): Promise<void> {
  await page.goto(`/admin/users?search=${encodeURIComponent(email)}`);
  await page.getByRole("link", { name: `Manage ${email}` }).click();
  await expect(page.getByRole("region", { name: "Facts" })).toContainText(email);
}
