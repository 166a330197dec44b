import { expect, type Locator, type Page, type Response } from "@playwright/test";
import { randomUUID } from "node:crypto";

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** Somebody whom the server does not know yet. */
export function stranger(): Account {
  const id = randomUUID();
  return { email: `${id.slice(0, 8)}@example.com`, password: `a sentence of my own ${id}` };
}

/** The app in one tab, as a person meets it: by role and name. */
export class App {
  readonly email: Locator;
  readonly password: Locator;
  readonly showPassword: Locator;
  readonly problem: Locator;
  readonly banner: Locator;
  readonly signOutButton: Locator;
  readonly askButton: Locator;
  readonly answer: Locator;
  readonly dialog: Locator;

  constructor(readonly page: Page) {
    const main = page.getByRole("main");
    this.email = page.getByLabel("Email", { exact: true });
    this.password = page.getByLabel("Password", { exact: true });
    this.showPassword = page.getByRole("button", { name: "Show password" });
    this.problem = page
      .getByRole("alert")
      .filter({ has: page.getByRole("heading", { name: "There is a problem" }) });
    this.banner = page.getByRole("status").filter({ hasText: "keep trying" });
    this.signOutButton = page.getByRole("banner").getByRole("button", { name: "Sign out" });
    this.askButton = main.getByRole("button", { name: "Ask the server who I am" });
    this.dialog = page.getByRole("dialog");
    this.answer = main.getByRole("status").filter({ hasText: "The server" });
  }

  /** Opens a page and waits until it has come alive. */
  async open(path: string): Promise<Response> {
    const response = await this.page.goto(path);
    await this.hydrated();
    if (!response) throw new Error(`${path} was not loaded`);
    return response;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.hydrated();
  }

  async hydrated(): Promise<void> {
    await expect(this.page.locator("html")).toHaveAttribute("data-hydrated", "");
  }

  async isSignedIn(): Promise<void> {
    await expect(this.page.locator("[data-session]")).toHaveAttribute("data-session", "signed-in");
  }

  async isSignedOut(): Promise<void> {
    await expect(this.page.locator("[data-session]")).toHaveAttribute("data-session", "signed-out");
  }

  async isRestoring(): Promise<void> {
    await expect(this.page.locator("[data-session]")).toHaveAttribute("data-session", "restoring");
  }

  heading(name: string): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  /** A part of the page, by its heading. */
  part(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** A row of a list, by what its heading says. */
  row(part: string, heading: string | RegExp): Locator {
    const rows = this.part(part).getByRole("listitem");
    return rows.filter({ has: this.page.getByRole("heading", { name: heading }) });
  }

  /** Gives the password to the dialog that asks for it. */
  async stepUp(password: string): Promise<void> {
    await this.dialog.getByLabel("Your password", { exact: true }).fill(password);
    await this.dialog.getByRole("button", { name: "Confirm" }).click();
  }

  submitButton(name: "Sign in" | "Create account"): Locator {
    return this.page.getByRole("main").getByRole("button", { name });
  }

  async fill({ email, password }: Account): Promise<void> {
    await this.email.fill(email);
    await this.password.fill(password);
  }

  /** Opens the sign-up page, makes an account, and waits for the account page. */
  async signUp(account: Account = stranger()): Promise<Account> {
    await this.open("/signup");
    await this.isSignedOut();
    await this.fill(account);
    await this.submitButton("Create account").click();
    await this.showsAccountOf(account);
    return account;
  }

  /** Signs in on the page that is open. */
  async signIn(account: Account): Promise<void> {
    await this.fill(account);
    await this.submitButton("Sign in").click();
  }

  async signOut(): Promise<void> {
    await this.signOutButton.click();
    await expect(this.heading("Signed out")).toBeVisible();
    await this.isSignedOut();
  }

  async showsAccountOf({ email }: Account): Promise<void> {
    await this.isSignedIn();
    await expect(this.heading("Your account")).toBeVisible();
    await expect(this.page.getByRole("region", { name: "Profile" }).getByText(email)).toBeVisible();
  }
}
