import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

test("an address that does not exist is a real 404 with a page that helps", async ({
  app,
  mishaps,
  page,
}) => {
  mishaps.expect(ANONYMOUS, "404 /no/such/page");
  const response = await app.open("/no/such/page");
  expect(response.status()).toBe(404);
  await expect(app.heading("Page not found")).toBeVisible();
  await expect(page).toHaveTitle("Page not found · Counterfoil");
  await page.getByRole("link", { name: "Go to the home page" }).click();
  await expect(app.heading("Sign-in you can check.")).toBeFocused();
});

test("a call that does not exist is a problem document, not a page", async ({ request }) => {
  for (const path of ["/api/no-such-call", "/auth/no-such-call"]) {
    const response = await request.post(path, { data: {} });
    expect(response.status()).toBe(404);
    expect(response.headers()["content-type"]).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "not_found" });
  }
});
