import { expect, type BrowserContext, type ConsoleMessage } from "@playwright/test";

/** What it costs, by design, to open a page in a browser without a session. */
export const ANONYMOUS = "401 /auth/refresh";

/**
 * Everything that went wrong in the browser during a test: errors and warnings on the console, uncaught exceptions,
 * violations of the content security policy. A test declares what it provokes; anything else fails it.
 *
 * A refused or failed request reads `401 /auth/refresh` or `net::ERR_FAILED /auth/refresh`.
 */
export class Mishaps {
  private readonly found: string[] = [];
  private readonly expected = new Set<string>();

  private constructor(private readonly context: BrowserContext) {
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.found.push(described(message));
    });
    context.on("weberror", (error) => this.found.push(`uncaught ${error.error().message}`));
  }

  static async of(context: BrowserContext): Promise<Mishaps> {
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
        console.error(`CSP: ${effectiveDirective} ${blockedURI}`);
      });
    });
    return new Mishaps(context);
  }

  /** Declares what the test provokes. It may happen more than once, but it has to happen. */
  expect(...mishaps: string[]): void {
    for (const mishap of mishaps) this.expected.add(mishap);
  }

  async check(): Promise<void> {
    // Messages arrive in order, so an answer from a page means that there is none left on the way.
    await Promise.all(
      this.context.pages().map((page) => page.evaluate(() => document.readyState).catch(() => undefined)),
    );
    const undeclared = this.found.filter((mishap) => !this.expected.has(mishap));
    const missing = [...this.expected].filter((mishap) => !this.found.includes(mishap));
    expect(undeclared, "what went wrong in the browser without being declared").toEqual([]);
    expect(missing, "what was declared to go wrong and did not").toEqual([]);
  }
}

function described(message: ConsoleMessage): string {
  const failure = /^Failed to load resource: (?:.*status of (\d+)|(net::\w+))/.exec(message.text());
  if (!failure) return `console: ${message.text()}`;
  return `${failure[1] ?? failure[2]} ${new URL(message.location().url).pathname}`;
}
