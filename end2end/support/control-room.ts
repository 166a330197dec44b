import { expect, type Locator, type Page } from "@playwright/test";
import { Mishaps } from "./mishaps.ts";
import type { Site } from "./server.ts";
import { test as base } from "./test.ts";

/** A request as the victim's server logged it. */
export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly deed: string;
  readonly site: string;
  readonly origin: string | null;
  readonly cookies: readonly string[];
  readonly credential: string | null;
  readonly status: number;
}

export interface Loot {
  readonly at: number;
  readonly via: string;
  readonly value: string;
  readonly replays: readonly { at: number; status: number; body: string }[];
}

/** What the control room says of a run. */
export interface Standing {
  readonly run: number;
  readonly plan: { readonly strategy: string; readonly attack: string };
  readonly judgement: {
    readonly verdict: string;
    readonly bytes: number | null;
    readonly replay: number | null;
  };
  readonly evidence: {
    readonly requests: readonly Logged[];
    readonly violations: readonly string[];
    readonly loot: readonly Loot[];
    readonly reports: readonly string[];
    readonly obstacle: string | null;
  };
}

/** What a cell of the table says to programs. */
export interface Cell {
  readonly verdict: string;
  readonly bytes: string;
  readonly replay: string;
  readonly deed: string;
}

/** The control room in one tab. */
export class Lab {
  private constructor(
    readonly page: Page,
    readonly control: string,
    readonly victim: string,
    readonly attacker: string,
    readonly sibling: string,
    readonly id: string,
  ) {}

  static async open(page: Page, site: Site): Promise<Lab> {
    const control = await labOrigin(site);
    await page.goto(control);
    await expect(page.locator("html[data-ready]")).toBeAttached();
    const data = await page.evaluate(() => ({ ...document.body.dataset }));
    const { victim = "", attacker = "", sibling = "", lab = "" } = data;
    return new Lab(page, control, victim, attacker, sibling, lab);
  }

  cell(strategy: string, attack: string): Locator {
    return this.page.locator(`td[data-cell="${strategy}/${attack}"]`);
  }

  /** Runs one cell by its button and gives what the table then says. */
  async run(strategy: string, attack: string): Promise<Cell> {
    const cell = this.cell(strategy, attack);
    const before = (await this.standing()).run;
    await this.page.evaluate(
      (name) =>
        document.querySelector<HTMLElement>(`td[data-cell="${name}"]`)?.removeAttribute("data-verdict"),
      `${strategy}/${attack}`,
    );
    await cell.getByRole("button").click();
    await this.done();
    expect((await this.standing()).run).toBeGreaterThan(before);
    return this.read(strategy, attack);
  }

  async done(limit = 20_000): Promise<void> {
    await expect(this.page.getByRole("status")).toContainText("Done", { timeout: limit });
  }

  async read(strategy: string, attack: string): Promise<Cell> {
    return this.cell(strategy, attack).evaluate((cell) => {
      const { verdict = "", bytes = "", replay = "", deed = "" } = cell.dataset;
      return { verdict, bytes, replay, deed };
    });
  }

  /** What the servers logged of the run that is under way or over. */
  async standing(): Promise<Standing> {
    return (await (await fetch(`${this.control}/labs/${this.id}/run`)).json()) as Standing;
  }

  async defend(...defences: string[]): Promise<void> {
    for (const box of await this.page.locator("input[name=defence]").all()) {
      await box.setChecked(defences.includes(await box.inputValue()));
    }
  }
}

/** Where the control room of a server is. */
export async function labOrigin(site: Site): Promise<string> {
  const line = (await site.log()).split("\n").find((line) => line.includes("serving the lab"));
  const origin = /"origin":"([^"]+)"/.exec(line ?? "")?.[1];
  if (!origin) throw new Error("the server serves no lab");
  return origin;
}

/** Tests of the lab: what goes wrong in its browser is what it is for. */
export const test = base.extend<{ lab: Lab }>({
  settings: [{ COUNTERFOIL_LAB: "on", COUNTERFOIL_LAB_PORT: "0" }, { scope: "worker" }],
  mishaps: async ({ context }, use) => use(await Mishaps.of(context)),
  lab: async ({ page, site }, use) => use(await Lab.open(page, site)),
});
export { expect };
