import { stranger } from "../support/app.ts";
import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_PASSWORD_MIN_CHARS: "10" } });

test("the pages follow the server's own rule for new passwords", async ({ app, mishaps, page }) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signup");
  const { email } = stranger();
  await app.fill({ email, password: "nine chars".slice(1) });
  await app.submitButton("Create account").click();
  await expect(app.problem).toContainText("Use 10 characters or more");
  const account = { email, password: "ten  chars" };
  await app.fill(account);
  await app.submitButton("Create account").click();
  await app.showsAccountOf(account);
  await expect(page.locator("#new-pw-hint")).toHaveText(/^10 characters or more/);
});
