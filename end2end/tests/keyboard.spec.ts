import { stranger } from "../support/app.ts";
import { isSeen, stops, tabTo } from "../support/keyboard.ts";
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
