import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

test("the password field says when Caps Lock is on, politely and without moving anything", async ({
  app,
  mishaps,
  page,
}) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
  const press = (capsLock: boolean) =>
    app.password.dispatchEvent("keydown", { key: "A", modifierCapsLock: capsLock, bubbles: true });
  const hint = page.getByRole("status").filter({ hasText: "Caps Lock is on." });
  const place = await app.submitButton("Sign in").boundingBox();

  await app.password.focus();
  await expect(hint).toHaveCount(0);
  await press(true);
  await expect(hint).toBeVisible();
  await expect(app.password).toHaveAccessibleDescription("Caps Lock is on.");
  expect(await app.submitButton("Sign in").boundingBox()).toEqual(place);
  await press(false);
  await expect(hint).toHaveCount(0);
  await press(true);
  await app.email.focus();
  await expect(hint).toHaveCount(0);
});

test("a password manager's bare key events do no harm", async ({ app, mishaps }) => {
  mishaps.expect(ANONYMOUS);
  await app.open("/signin");
  await app.password.evaluate((field) => field.dispatchEvent(new Event("keydown", { bubbles: true })));
  await app.fill({ email: "me@example.com", password: "pasted" });
  await expect(app.password).toHaveValue("pasted");
});
