import { expect, test } from "../support/test.ts";

/** As the server answers when the password was given too long ago. */
const PROBLEM = {
  type: "/problems#insufficient_user_authentication",
  title: "Confirm that it is you",
  status: 401,
  code: "insufficient_user_authentication",
  detail: "Give your password to /api/step-up first.",
};

test.beforeEach(async ({ account, app, mishaps, page }) => {
  await app.showsAccountOf(account);
  mishaps.expect("401 /api/sessions/revoke-all");
  const refusal = { status: 401, contentType: "application/problem+json", json: PROBLEM };
  await page.route("**/api/sessions/revoke-all", (route) => route.fulfill(refusal), { times: 1 });
  await app.part("Sessions").getByRole("button", { name: "Sign out everywhere", exact: true }).click();
});

test("what asks for a fresh password is done once it has been given", async ({ account, app, calls }) => {
  const password = app.dialog.getByLabel("Your password", { exact: true });
  await expect(password).toBeFocused();
  await expect(app.dialog.locator("input[autocomplete=username]")).toHaveValue(account.email);
  await expect(password).toHaveAttribute("autocomplete", "current-password");
  calls.forget();
  await app.stepUp(account.password);
  await expect(app.heading("Signed out")).toBeVisible();
  expect(calls.made()).toEqual(["POST /api/step-up", "POST /api/sessions/revoke-all"]);
});

test("a wrong password is refused in the dialog, and the right one still does", async ({
  account,
  app,
  mishaps,
}) => {
  mishaps.expect("401 /api/step-up");
  const password = app.dialog.getByLabel("Your password", { exact: true });
  await app.stepUp("not my password");
  await expect(app.dialog).toContainText("That is not your password.");
  await expect(password).toBeFocused();
  await expect(password).toHaveValue("");
  await expect(password).toHaveAccessibleDescription(/That is not your password/);
  await app.stepUp(account.password);
  await expect(app.heading("Signed out")).toBeVisible();
});

test("Escape leaves everything as it was, and the focus where it came from", async ({
  account,
  app,
  page,
}) => {
  await expect(app.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(app.dialog).toHaveCount(0);
  await expect(
    app.part("Sessions").getByRole("button", { name: "Sign out everywhere", exact: true }),
  ).toBeFocused();
  await expect(app.part("Sessions")).toContainText("Confirm that it is you.");
  await app.askButton.click();
  await expect(app.answer).toContainText(account.email);
});

test("a dialog does not outlive the session that it asks about", async ({ account, app, newTab }) => {
  const other = await newTab();
  await other.open("/account");
  await other.showsAccountOf(account);
  await other.signOut();
  await expect(app.dialog).toHaveCount(0);
  await expect(app.heading("Signed out")).toBeVisible();
});

test("after too many wrong passwords the dialog counts down", async ({ app, mishaps, page }) => {
  mishaps.expect("429 /api/step-up");
  const json = {
    ...PROBLEM,
    title: "Too many tries",
    status: 429,
    code: "too_many_attempts",
    retry_after: 42,
  };
  await page.route("**/api/step-up", (route) => route.fulfill({ status: 429, json }));
  await app.stepUp("what I typed");
  await expect(app.dialog).toContainText(/Too many tries\. You can try again in 0:4\d\./);
  await expect(app.dialog.getByLabel("Your password", { exact: true })).toHaveValue("what I typed");
  await expect(app.dialog.getByRole("button", { name: "Confirm" })).toHaveAttribute("aria-disabled", "true");
});
