import { ANONYMOUS } from "../support/mishaps.ts";
import { stranger } from "../support/app.ts";
import { call, registered } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_LOGIN_LIMIT: "5/1m", COUNTERFOIL_LOCKOUT: "2/30m" } });

test("a stranger who locks an account does not lock its owner out of a browser that they have used", async ({
  account,
  app,
  browser,
  mishaps,
  site,
}) => {
  await app.signOut();
  const wrong = { ...account, password: "not the password of anybody" };
  for (const guess of [wrong, wrong, account]) {
    expect((await call(site, "/auth/login", { body: guess })).status).toBe(401);
  }
  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const refused = await elsewhere.request.post("/auth/login", { data: account });
  expect(refused.status()).toBe(401);
  await elsewhere.close();

  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
  await app.signIn(account);
  await app.showsAccountOf(account);
});

test("who has tried too often is told how long to wait and can go on typing", async ({
  app,
  mishaps,
  page,
  site,
}) => {
  mishaps.expect(ANONYMOUS, "401 /auth/login", "429 /auth/login");
  const account = await registered(site);
  await app.open("/signin");
  // From the page, since the browser may have another address on this machine than the test.
  const refused = await page.evaluate(async (body) => {
    const headers = { "content-type": "application/json" };
    for (;;) {
      const { status } = await fetch("/auth/login", { method: "POST", headers, body });
      if (status !== 401) return status;
    }
  }, JSON.stringify(stranger()));
  expect(refused).toBe(429);
  await app.signIn(account);
  await expect(page.getByRole("main")).toContainText(/Too many tries\. You can try again in [01]:\d\d\./);
  const button = app.submitButton("Sign in");
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await expect(app.email).toBeEditable();
  await expect(app.password).toHaveValue(account.password);
});
