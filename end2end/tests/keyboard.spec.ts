import type { Page } from "@playwright/test";
import { stranger } from "../support/app.ts";
import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

const HEADER = ["Skip to content", "Counterfoil", "Home", "Lab", "Account"];
const FOOTER = ["Error codes", "The calls", "Public keys"];

test("signing up, out and in again takes the keyboard alone", async ({ app, mishaps, page }) => {
  mishaps.expect(ANONYMOUS);
  const account = stranger();
  const { keyboard } = page;
  await app.open("/");
  await app.isSignedOut();

  await tabTo(page, "Sign up");
  await keyboard.press("Enter");
  await expect(app.heading("Create account")).toBeFocused();
  await tabTo(page, "Email");
  await keyboard.type(account.email);
  await tabTo(page, "Password");
  await keyboard.type(account.password);
  await tabTo(page, "Show password");
  await keyboard.press("Space");
  await expect(app.password).toHaveAttribute("type", "text");
  await tabTo(page, "Create account");
  await keyboard.press("Space");
  await expect(app.heading("Your account")).toBeFocused();
  await app.showsAccountOf(account);

  await tabTo(page, "Ask the server who I am");
  await keyboard.press("Enter");
  await expect(app.answer).toContainText(account.email);
  await expect(app.askButton).toBeFocused();
  await tabTo(page, "Sign out", "Shift+Tab");
  await keyboard.press("Enter");
  await expect(app.heading("Signed out")).toBeFocused();

  await tabTo(page, "Sign in again");
  await keyboard.press("Enter");
  await expect(app.heading("Sign in")).toBeFocused();
  await tabTo(page, "Email");
  await keyboard.type(account.email);
  await tabTo(page, "Password");
  await keyboard.type(account.password);
  await keyboard.press("Enter");
  await expect(app.heading("Your account")).toBeFocused();
  await app.showsAccountOf(account);
});

test("mistakes take the focus, and lead to the fields that they are about", async ({
  app,
  mishaps,
  page,
}) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
  await app.isSignedOut();
  await tabTo(page, "Email");
  await page.keyboard.press("Enter");
  await expect(page.locator(":focus")).toContainText("There is a problem");
  await tabTo(page, "Enter an email address, like name@example.com.");
  await tabTo(page, "Enter your password.");
  await page.keyboard.press("Enter");
  await expect(app.password).toBeFocused();
  await isSeen(page);
});

test("the skip link leads past the header", async ({ app, mishaps, page }) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
  await app.isSignedOut();
  await tabTo(page, "Skip to content");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await tabTo(page, "Email", "Tab", 1);
});

test("the focus goes through a page in the order in which it reads", async ({ app, mishaps, page }) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
  await app.isSignedOut();
  const form = ["Email", "Password", "Show password", "Sign in", "Create an account"];
  expect(await stops(page)).toEqual([...HEADER, "Sign in", "Sign up", ...form, ...FOOTER]);
  await app.signUp();
  await page.goto("/account");
  await app.isSignedIn();
  await expect(app.row("Sessions", /This device/)).toBeVisible();
  await expect(app.row("Security events", "Signed in")).toBeVisible();
  const contents = ["Profile", "Sessions", "Security events", "Password", "Delete account"];
  const token = ["Sign out of this browser", "Ask the server who I am"];
  const sessions = ["Sign out everywhere else", "Sign out everywhere"];
  const password = ["Current password", "Show current password", "New password", "Show new password"];
  const main = [
    ...contents,
    ...token,
    ...sessions,
    "Export as JSON",
    ...password,
    "Change password",
    "Delete account",
  ];
  expect(await stops(page)).toEqual([...HEADER, "Sign out", ...main, ...FOOTER]);
});

/** The names of everything that Tab stops at, from the top to the bottom of the page. */
async function stops(page: Page): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement === document.body)) return names;
    await isSeen(page);
    names.push(await focusedName(page));
    if (names.length > 50) throw new Error(`the focus is trapped: ${names.join(", ")}`);
  }
}

/** Presses Tab until the focus is on what has this name, and sees to it that every stop can be seen. */
async function tabTo(page: Page, name: string, key: "Tab" | "Shift+Tab" = "Tab", limit = 20): Promise<void> {
  for (let presses = 0; presses < limit; presses++) {
    await page.keyboard.press(key);
    if (await page.evaluate(() => document.activeElement !== document.body)) await isSeen(page);
    if ((await focusedName(page)) === name) return;
  }
  throw new Error(`"${name}" cannot be reached in ${limit} steps`);
}

async function focusedName(page: Page): Promise<string> {
  const snapshot = await page.locator(":focus").ariaSnapshot();
  return /"([^"]*)"/.exec(snapshot)?.[1] ?? snapshot;
}

/** What has the focus is marked with an outline, lies in the window, and is not covered (WCAG 2.4.7, 2.4.11). */
async function isSeen(page: Page): Promise<void> {
  await expect(page.locator(":focus")).toBeInViewport({ ratio: 1 });
  const flaws = await page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused) return ["nothing has the focus"];
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    const [{ left, top, width, height } = new DOMRect()] = focused.getClientRects();
    const onTop = document.elementFromPoint(left + width / 2, top + height / 2);
    return [
      ...(focused.matches(":focus-visible") ? [] : ["not focus-visible"]),
      ...(outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
        ? []
        : [`outline ${outlineWidth} ${outlineStyle}`]),
      ...(onTop && focused.contains(onTop) ? [] : [`covered by ${onTop?.outerHTML.slice(0, 80)}`]),
    ].map((flaw) => `${flaw}: ${focused.outerHTML.slice(0, 120)}`);
  });
  expect(flaws).toEqual([]);
}
