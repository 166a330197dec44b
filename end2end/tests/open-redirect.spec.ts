import { ANONYMOUS } from "../support/mishaps.ts";
import { registered } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

const ELSEWHERE = [
  "https://evil.example/",
  "//evil.example/",
  "/\\evil.example/",
  "/\t/evil.example/",
  "\\\\evil.example/",
  "javascript:alert(1)",
  "http:evil.example",
  "account",
];

test("a sign-in leads to pages of this site alone", async ({ app, context, mishaps, page, site }) => {
  mishaps.expect(ANONYMOUS);
  const foreign: string[] = [];
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== site.origin) foreign.push(request.url());
  });
  const account = await registered(site);
  for (const next of ELSEWHERE) {
    await app.open(`/signin?next=${encodeURIComponent(next)}`);
    await app.isSignedOut();
    await app.signIn(account);
    await app.showsAccountOf(account);
    await expect(page).toHaveURL("/account");
    await expect(page.getByRole("region", { name: "This session" }).getByRole("code")).not.toBeEmpty();
    await app.signOut();
  }
  expect(foreign).toEqual([]);
});
