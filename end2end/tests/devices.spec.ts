import { ANONYMOUS } from "../support/mishaps.ts";
import { LOOPBACK, sessionCookies } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

const WHY = "You were signed out from another of your devices.";

test("another device can be signed out, and says why at its next call", async ({
  account,
  app,
  newDevice,
}) => {
  const other = await newDevice(account);
  await app.reload();
  const sessions = app.part("Sessions");
  await expect(app.row("Sessions", /This device/)).toContainText("Active now");
  await expect(app.row("Sessions", "Firefox on Linux")).toContainText("Last seen just now");
  await expect(app.row("Sessions", "Firefox on Linux")).toContainText(LOOPBACK);

  await sessions.getByRole("button", { name: "Sign out Firefox on Linux" }).click();
  await expect(sessions.getByRole("status").filter({ hasText: "Signed out." })).toBeVisible();
  await expect(sessions.getByRole("heading", { name: "Sessions", exact: true })).toBeFocused();
  await expect(sessions.getByRole("button", { name: "Sign out Firefox on Linux" })).toHaveCount(0);
  await sessions.getByText("Ended sessions (1)").click();
  await expect(app.row("Sessions", "Firefox on Linux")).toContainText(WHY);
  await expect(app.row("Security events", "A device was signed out from another one")).toBeVisible();

  await other.askButton.click();
  await expect(other.heading("Signed out")).toBeVisible();
  await expect(other.page.getByRole("main")).toContainText(WHY);
  await expect(other.page.getByText(account.email)).toHaveCount(0);
});

test("devices with the same name can be told apart", async ({ account, app, newDevice }) => {
  const first = await newDevice(account);
  const second = await newDevice(account);
  await app.reload();
  const sessions = app.part("Sessions");
  await expect(
    sessions.getByRole("button", { name: "Sign out Firefox on Linux", exact: true }),
  ).toBeVisible();
  await sessions.getByRole("button", { name: "Sign out Firefox on Linux (2)" }).click();
  await expect(sessions.getByRole("status").filter({ hasText: "Signed out." })).toBeVisible();
  await second.askButton.click();
  await expect(second.heading("Signed out")).toBeVisible();
  await first.askButton.click();
  await expect(first.answer).toContainText(account.email);
});

test("signing out everywhere else asks first, and Escape is a no", async ({
  account,
  app,
  calls,
  newDevice,
  page,
}) => {
  const other = await newDevice(account);
  await app.reload();
  await app.showsAccountOf(account);
  const button = app.part("Sessions").getByRole("button", { name: "Sign out everywhere else" });
  calls.forget();
  await button.click();
  await expect(app.dialog).toContainText("This one stays signed in.");
  await page.keyboard.press("Escape");
  await expect(app.dialog).toHaveCount(0);
  await expect(button).toBeFocused();
  expect(calls.made()).not.toContain("POST /api/sessions/revoke-others");

  await button.click();
  await app.dialog.getByRole("button", { name: "Sign out the others" }).click();
  await expect(app.part("Sessions")).toContainText("Signed out everywhere else.");
  await expect(app.part("Sessions")).toContainText("Ended sessions (1)");
  await app.askButton.click();
  await expect(app.answer).toContainText(account.email);
  await other.askButton.click();
  await expect(other.heading("Signed out")).toBeVisible();
  await expect(other.page.getByRole("main")).toContainText(WHY);
});

test("signing out everywhere ends this session too, and leaves no cookie of one", async ({
  account,
  app,
  context,
  newDevice,
  page,
}) => {
  const other = await newDevice(account);
  await app.part("Sessions").getByRole("button", { name: "Sign out everywhere", exact: true }).click();
  await expect(app.heading("Signed out")).toBeFocused();
  await expect(page.getByRole("main")).toContainText("You signed out.");
  expect(await sessionCookies(context)).toEqual([]);
  await other.askButton.click();
  await expect(other.heading("Signed out")).toBeVisible();
});

test("a session that ended in between says so, and the list can be asked for again", async ({
  account,
  app,
  mishaps,
  newDevice,
  page,
}) => {
  mishaps.expect("404 /api/sessions/revoke", "503 /api/sessions");
  const other = await newDevice(account);
  await app.reload();
  const sessions = app.part("Sessions");
  const button = sessions.getByRole("button", { name: "Sign out Firefox on Linux" });
  await expect(button).toBeVisible();
  await other.signOut();
  await button.click();
  await expect(sessions.getByRole("status").filter({ hasText: "There is nothing here." })).toBeVisible();

  await page.route("**/api/sessions", (route) => route.fulfill({ status: 503 }), { times: 1 });
  await app.reload();
  await expect(sessions.getByRole("alert")).toBeVisible();
  await sessions.getByRole("button", { name: "Try again" }).click();
  await expect(app.row("Sessions", /This device/)).toBeVisible();
  await expect(sessions.getByRole("alert")).toHaveCount(0);
});

test("the list of one person is gone when another signs in", async ({
  account,
  app,
  mishaps,
  newDevice,
  newTab,
}) => {
  mishaps.expect(ANONYMOUS);
  await newDevice(account);
  await app.reload();
  await expect(app.row("Sessions", "Firefox on Linux")).toBeVisible();
  const other = await newTab();
  await other.open("/account");
  await other.isSignedIn();
  await app.signOut();
  const somebodyElse = await other.signUp();
  await app.open("/account");
  await app.showsAccountOf(somebodyElse);
  await expect(app.row("Sessions", /This device/)).toBeVisible();
  await expect(app.row("Sessions", "Firefox on Linux")).toHaveCount(0);
});
