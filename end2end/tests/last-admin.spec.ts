import { expect, test } from "../support/test.ts";

// A server of this file's own: on the others there are more administrators than the one of the demo accounts.
test.use({ settings: { COUNTERFOIL_ACCESS_TOKEN_LIFE: "14m" } });

test("the last administrator can neither step down nor be deleted", async ({
  admin,
  app,
  mishaps,
  page,
  site,
}) => {
  await site.command("user", "set-role", "--email", "admin@example.com", "--role", "user");
  mishaps.expect("409 /api/admin/users/role", "409 /api/admin/users", "409 /api/account/delete");
  await app.open("/admin/users");
  await page.getByRole("link", { name: `Manage ${admin.email}` }).click();
  const outcome = app.part("Actions").getByRole("status");
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(outcome).toHaveText("That is the role already.");
  await page.getByRole("radio", { name: "user" }).check();
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(outcome).toHaveText(
    "There would be no administrator left. Make another account an administrator first.",
  );
  await page.getByRole("button", { name: "Delete account" }).click();
  await app.dialog.getByRole("button", { name: `Delete ${admin.email}` }).click();
  await expect(outcome).toContainText("There would be no administrator left.");

  await app.open("/account");
  const part = app.part("Delete account");
  await part.getByRole("button", { name: "Delete account" }).click();
  await app.dialog.getByRole("button", { name: "Delete my account" }).click();
  await expect(part.getByRole("status")).toContainText("There would be no administrator left.");
  await app.showsAccountOf(admin);
});
