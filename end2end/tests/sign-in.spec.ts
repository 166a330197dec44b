import { stranger, type Account, type App } from "../support/app.ts";
import { ANONYMOUS } from "../support/mishaps.ts";
import { registered } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(async ({ app, mishaps }) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
});

test("the right password signs in", async ({ app, site }) => {
  const account = await registered(site);
  await app.signIn(account);
  await app.showsAccountOf(account);
  await expect(app.heading("Your account")).toBeFocused();
});

test("the address may be written in another case, with spaces around it", async ({ app, site }) => {
  const account = await registered(site);
  await app.signIn({ ...account, email: `  ${account.email.toUpperCase()} ` });
  await app.showsAccountOf(account);
});

test("a wrong password and an unknown account cannot be told apart", async ({ app, mishaps, site }) => {
  mishaps.expect("401 /auth/login");
  const known = await registered(site);
  const wrongPassword = await refusal(app, { ...stranger(), email: known.email });
  const unknownAccount = await refusal(app, stranger());
  expect(wrongPassword.status).toBe(401);
  expect(wrongPassword.summary).toContain("Email or password is not right.");
  expect(unknownAccount).toEqual(wrongPassword);
});

test("after a refusal the summary has the focus, the address stays, the password is gone", async ({
  app,
  mishaps,
  page,
}) => {
  mishaps.expect("401 /auth/login");
  const account = stranger();
  await refusal(app, account);
  await expect(page.locator(":focus")).toContainText("There is a problem");
  await expect(page).toHaveTitle("Error: Sign in · Counterfoil");
  await expect(app.email).toHaveValue(account.email);
  await expect(app.password).toHaveValue("");
});

/** All that a refused sign-in lets a person or a program see. */
async function refusal(app: App, account: Account) {
  const answered = app.page.waitForResponse("**/auth/login");
  await app.signIn(account);
  const response = await answered;
  const headers = await response.allHeaders();
  // What is left of the limit is the browser's own count, and goes down with every try.
  for (const name of ["date", "ratelimit", "x-request-id"]) delete headers[name];
  const body = await response.text();
  await expect(app.submitButton("Sign in")).toHaveAttribute("aria-busy", "false");
  return {
    status: response.status(),
    headers,
    body,
    summary: await app.problem.innerText(),
    title: await app.page.title(),
  };
}
