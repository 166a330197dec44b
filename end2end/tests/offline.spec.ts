import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_ACCESS_TOKEN_LIFE: "3s" } });

test.beforeEach(({ mishaps }) => mishaps.expect("net::ERR_INTERNET_DISCONNECTED /auth/refresh"));

test("whoever is offline stays signed in, is told so, and goes on when the connection is back", async ({
  account,
  app,
  context,
}) => {
  await context.setOffline(true);
  await expect(app.banner).toHaveText(
    "You are offline or the server cannot be reached. You are still signed in; we keep trying.",
  );
  await app.showsAccountOf(account);
  await context.setOffline(false);
  await expect(app.banner).toBeHidden();
  await app.showsAccountOf(account);
  await app.askButton.click();
  await expect(app.answer).toHaveText(`The server says: ${account.email}, role user.`);
});

test("a question that is asked offline gets an answer that says so", async ({
  account,
  app,
  context,
  mishaps,
}) => {
  mishaps.expect("net::ERR_INTERNET_DISCONNECTED /api/me");
  await context.setOffline(true);
  await app.askButton.click();
  await expect(app.answer).toContainText("The server did not say");
  await expect(app.answer).toContainText("Check your connection");
  await expect(app.banner).toBeVisible();
  await app.showsAccountOf(account);
});
