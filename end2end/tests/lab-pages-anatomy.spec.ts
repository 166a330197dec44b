import { Lab } from "../support/lab-pages.ts";
import { ANONYMOUS } from "../support/mishaps.ts";
import { expect, test } from "../support/test.ts";

test.describe("the bench", () => {
  test.beforeEach(async ({ page }) => {
    await new Lab(page).open("/lab/anatomy");
    await expect(page.getByLabel("Token", { exact: true })).toHaveValue(/^eyJ/);
  });

  test("a fresh token passes every line", async ({ page }) => {
    const lab = new Lab(page);
    await lab.button("Ask the verifier").click();
    await expect(page.getByText("Accepted: all 12 lines passed.")).toBeVisible();
    await expect(page.locator(".checklist [data-state=passed]")).toHaveCount(12);
  });

  test("an edited claim is packed at once, and the signature no longer fits", async ({ page }) => {
    const lab = new Lab(page);
    const token = page.getByLabel("Token", { exact: true });
    const before = await token.inputValue();
    await page.getByRole("tab", { name: "2 Payload" }).click();
    const claims = page.getByLabel("Claims, yours to edit");
    await claims.fill((await claims.inputValue()).replace('"user"', '"admin"'));
    await expect(token).not.toHaveValue(before);
    await lab.button("Ask the verifier").click();
    await expect(page.getByText("Refused at “signature”: 401 invalid_token.")).toBeVisible();
    await expect(page.locator("[data-line=kid]")).toHaveAttribute("data-state", "passed");
    await expect(page.locator("[data-line=iss]")).toHaveAttribute("data-state", "not-reached");
  });

  for (const [forgery, line] of [
    ["role → admin", "signature"],
    ["alg: none", "alg"],
    ["HS256 with the public key", "alg"],
    ["expired", "exp"],
    ["other aud", "aud"],
    ["unknown kid", "kid"],
    ["wrong typ", "typ"],
  ] as const) {
    test(`${forgery} is refused at ${line}`, async ({ page }) => {
      await new Lab(page).button(forgery).click();
      await expect(page.getByText(`Refused at “${line}”`)).toBeVisible();
    });
  }

  test("the tabs are one stop, and arrow keys go round", async ({ page }) => {
    await page.getByRole("tab", { name: "1 Header" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "2 Payload" })).toBeFocused();
    await expect(page.getByRole("tabpanel", { name: "2 Payload" })).toBeVisible();
    await page.keyboard.press("End");
    await expect(page.getByRole("tab", { name: "3 Signature" })).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "1 Header" })).toBeFocused();
  });

  test("whatever is pasted is unpacked as far as it goes, and never sent", async ({ page }) => {
    const lab = new Lab(page);
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.url() + (request.postData() ?? "")));
    const foreign = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2VjcmV0";
    await page.getByLabel("Token", { exact: true }).fill(foreign);
    await page.getByRole("tab", { name: "2 Payload" }).click();
    await expect(page.getByLabel("Claims, yours to edit")).toHaveValue(/somebody/);
    await lab.button("Ask the verifier").click();
    await expect(page.getByText("it is not sent to it")).toBeVisible();
    for (const odd of [
      "",
      "x",
      "a.b",
      "eyJ.eyJ.eyJ",
      "…..",
      `${foreign}.${foreign}`,
      "\u0000.\u0000.\u0000",
    ]) {
      await page.getByLabel("Token", { exact: true }).fill(odd);
      await lab.button("Ask the verifier").click();
    }
    await expect(page.getByText("A token has three parts; this text has")).toBeHidden();
    expect(sent).toEqual([]);
  });

  test("four characters are three bytes", async ({ page }) => {
    const quad = page.getByLabel("Four characters of the payload are three bytes");
    await quad.focus();
    await page.keyboard.press("Home");
    await expect(page.getByRole("row", { name: /Bytes 123 34/ })).toBeVisible();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("row", { name: /Bytes 123 34/ })).toBeHidden();
  });
});

test("my own token is shown without the token", async ({ account, calls, page }) => {
  const lab = new Lab(page);
  await lab.open("/lab/anatomy");
  await lab.button("My own token").click();
  await expect(page.getByText("This is your own token, unpacked.")).toBeVisible();
  await page.getByRole("tab", { name: "2 Payload" }).click();
  await expect(page.getByLabel("Claims, yours to edit")).toHaveValue(/"sid"/);
  const values = await page.evaluate(() => {
    const fields = [...document.querySelectorAll("textarea")].map(({ value }) => value);
    return document.documentElement.outerHTML + fields.join();
  });
  const parts = (await calls.newestToken()).split(".");
  for (const part of parts) expect(values, account.email).not.toContain(part);
  await lab.button("Ask the verifier").click();
  await expect(page.getByText("Your own token stays here.")).toBeVisible();
});

test("without a session there is no token of mine", async ({ mishaps, page }) => {
  mishaps.expect(ANONYMOUS);
  const lab = new Lab(page);
  await lab.open("/lab/anatomy");
  await lab.button("My own token").click();
  await expect(page.getByText("You are not signed in")).toBeVisible();
});
