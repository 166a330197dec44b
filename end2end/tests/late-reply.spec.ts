import { generation, graceToPass, refreshCookie, sendUnseen } from "../support/outside.ts";
import { expect, test } from "../support/test.ts";

test.use({ settings: { COUNTERFOIL_REFRESH_GRACE: "5s" } });

test("a reply that comes after another tab has refreshed twice is put right", async ({
  account,
  app,
  context,
  newTab,
  page,
  site,
}) => {
  // The other tab would wait for this one, which is what Web Locks are for; where there are none, it does not.
  await context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  let deliver = (): void => undefined;
  const overtaken = new Promise<void>((resolve) => (deliver = resolve));
  await page.route(
    "**/auth/refresh",
    async (route) => {
      const { status, headers, body } = await sendUnseen(site, route);
      await overtaken;
      await route.fulfill({
        status,
        json: body,
        headers: { "set-cookie": headers.getSetCookie().join("\n") },
      });
    },
    { times: 1 },
  );
  await app.reload();

  const other = await newTab();
  await other.open("/account");
  await other.showsAccountOf(account);
  await other.reload();
  await other.showsAccountOf(account);
  expect(generation(await refreshCookie(context))).toBe(2);
  await app.showsAccountOf(account);

  // The late reply sets the cookie back to the first generation, and the page refreshes once more.
  const healed = page.waitForResponse(async (response) => {
    return response.url().endsWith("/auth/refresh") && (await response.headerValue("x-request-id")) !== null;
  });
  deliver();
  expect((await healed).status()).toBe(200);
  await expect.poll(async () => generation(await refreshCookie(context))).toBe(2);
  await graceToPass(site);
  await Promise.all([app.reload(), other.reload()]);
  await Promise.all([app.showsAccountOf(account), other.showsAccountOf(account)]);
});
