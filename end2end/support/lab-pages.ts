import { expect, type Locator, type Page } from "@playwright/test";

/** Every page of the lab on the app's own origin, and its heading. */
export const LAB_PAGES: readonly (readonly [string, string])[] = [
  ["/lab", "The lab"],
  ["/lab/anatomy", "Anatomy of a token"],
  ["/lab/storage", "Where a token lives"],
  ["/lab/rotation", "Rotation"],
  ["/lab/patterns", "Six patterns"],
  ["/lab/patterns/sign", "Sign"],
  ["/lab/patterns/verify", "Verify"],
  ["/lab/patterns/pair", "Access and refresh"],
  ["/lab/patterns/rotation", "Rotation with reuse detection"],
  ["/lab/patterns/denylist", "Denylist"],
  ["/lab/patterns/guard", "Role guard"],
  ["/lab/choosing", "Choosing"],
  ["/lab/mistakes", "Six mistakes"],
  ["/lab/challenge", "Challenge"],
  ["/lab/quiz", "Quiz"],
  ["/lab/cheat-sheet", "Cheat sheet"],
];

/** A page of the lab in one tab. */
export class Lab {
  constructor(readonly page: Page) {}

  /** Opens a page and waits until its live parts have come alive. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    for (const live of await this.page.locator("[data-live]").all()) await expect(live).toBeVisible();
  }

  heading(name: string): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  /** A part of the page, by its heading. */
  part(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("main").getByRole("button", { name, exact: true });
  }
}
