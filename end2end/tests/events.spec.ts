import { readFile } from "node:fs/promises";
import { call, graceToPass, LOOPBACK, pair, refreshCookie } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_REFRESH_GRACE: "1s" } });

test("what happened to an account is listed, newest first, and can be taken away as JSON", async ({
  account,
  app,
  newDevice,
  page,
}) => {
  await newDevice(account);
  await app.reload();
  const events = app.part("Security events");
  await expect(events.getByRole("heading", { level: 3 })).toHaveText(["Signed in", "Signed in"]);
  await expect(events.getByRole("listitem").first()).toContainText("Firefox on Linux");
  await expect(events.getByRole("listitem").first()).toContainText(LOOPBACK);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    events.getByRole("button", { name: "Export as JSON" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("security-events.json");
  const list = JSON.parse(await readFile(await download.path(), "utf8")) as { events: unknown[] };
  expect(list.events).toHaveLength(2);
  expect(list.events[0]).toMatchObject({
    kind: "signed_in",
    device: "Firefox on Linux",
    network: LOOPBACK,
  });
});

test("a refresh token that was used twice is marked, and explained", async ({
  account,
  app,
  context,
  page,
  site,
}) => {
  const stolen = pair(await refreshCookie(context));
  await app.reload();
  await app.showsAccountOf(account);
  await expect(app.row("Sessions", /This device/)).toBeVisible();
  await graceToPass(site);
  await call(site, "/auth/refresh", { cookie: stolen });
  await app.open("/signin");
  await app.isSignedOut();
  await app.signIn(account);
  await app.showsAccountOf(account);

  const event = app.row(
    "Security events",
    "Warning: A refresh token was used twice, so its session was ended",
  );
  await event.getByText("What does this mean?").click();
  await expect(event).toContainText("two parties held it");
  await page.getByText("Ended sessions (1)").click();
  await expect(app.part("Sessions")).toContainText(
    "An old refresh token of your session was presented again.",
  );
});
