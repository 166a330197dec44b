import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

test("after too many tries the page counts down, keeps what was typed, and lets go when the time is up", async ({
  app,
  calls,
  mishaps,
  page,
}) => {
  mishaps.expect(ANONYMOUS, "429 /auth/login");
  await page.route("**/auth/login", (route) =>
    route.fulfill({
      status: 429,
      contentType: "application/problem+json",
      headers: { "retry-after": "42" },
      json: {
        type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
        title: "Too many tries",
        status: 429,
        code: "too_many_attempts",
        detail: "Wait.",
        retry_after: 42,
      },
    }),
  );
  await page.clock.install();
  await app.open("/signin");
  await app.isSignedOut();
  await page.clock.pauseAt(Date.now() + 60_000);
  const account = { email: "me@example.com", password: "what I typed" };
  await app.signIn(account);

  const main = page.getByRole("main");
  const button = app.submitButton("Sign in");
  const announcement = main.getByRole("status").filter({ hasText: "You can try again" });
  await expect(main).toContainText("Too many tries. You can try again in 0:42.");
  await expect(announcement).toHaveText("Too many tries. You can try again in 42 seconds.");
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(button).toBeEnabled({ enabled: false });
  await expect(app.email).toHaveValue(account.email);
  await expect(app.password).toHaveValue(account.password);

  await button.focus();
  await expect(button).toBeFocused();
  calls.forget();
  await page.keyboard.press("Enter");
  await page.clock.runFor(1_000);
  await expect(main).toContainText("You can try again in 0:41.");
  await expect(announcement).toHaveText("Too many tries. You can try again in 42 seconds.");
  await page.clock.runFor(11_000);
  await expect(announcement).toHaveText("You can try again in 30 seconds.");
  await page.clock.runFor(20_000);
  await expect(announcement).toHaveText("You can try again in 10 seconds.");
  await page.clock.runFor(10_000);
  await expect(announcement).toHaveText("You can try again now.");
  await expect(button).toHaveAttribute("aria-disabled", "false");
  await expect(button).toBeFocused();
  expect(calls.made()).toEqual([]);

  await page.unroute("**/auth/login");
  mishaps.expect("401 /auth/login");
  await page.keyboard.press("Enter");
  await expect(app.problem).toContainText("Email or password is not right.");
});

test("a tab whose timers were held back shows the time that is left, not the ticks that it saw", async ({
  app,
  mishaps,
  page,
}) => {
  mishaps.expect(ANONYMOUS, "503 /auth/login");
  const json = {
    type: "",
    title: "The server is busy",
    status: 503,
    code: "busy",
    detail: "",
    retry_after: 600,
  };
  await page.route("**/auth/login", (route) => route.fulfill({ status: 503, json }));
  await page.clock.install();
  await app.open("/signin");
  await app.isSignedOut();
  await page.clock.pauseAt(Date.now() + 60_000);
  await app.signIn({ email: "me@example.com", password: "what I typed" });
  await expect(page.getByRole("main")).toContainText("You can try again in 10:00.");
  // Fires each timer that is due once at most, as a browser does for a tab in the background.
  await page.clock.fastForward(500_000);
  await expect(page.getByRole("main")).toContainText("You can try again in 1:40.");
});
