import type { BrowserContext, Request, Response } from "@playwright/test";

export const REFRESH = "POST /auth/refresh";
export const ME = "GET /api/me";

/** The calls that the pages of a context make, in order, and the access tokens that they are answered with. */
export class Calls {
  private list: string[] = [];
  private readonly answers: Promise<string | undefined>[] = [];

  constructor(context: BrowserContext) {
    context.on("request", (request) => {
      const call = callOf(request);
      if (call) this.list.push(call);
    });
    context.on("response", (response) => {
      if (callOf(response.request())?.startsWith("POST /auth/")) this.answers.push(tokenOf(response));
    });
  }

  /** What was called since the last `forget`. */
  made(): string[] {
    return [...this.list];
  }

  forget(): void {
    this.list = [];
  }

  /** Every access token so far, the newest last. */
  async tokens(): Promise<string[]> {
    const tokens = await Promise.all(this.answers);
    return tokens.filter((token) => token !== undefined);
  }

  async newestToken(): Promise<string> {
    const token = (await this.tokens()).at(-1);
    if (!token) throw new Error("no access token was issued yet");
    return token;
  }
}

function callOf(request: Request): string | undefined {
  const { pathname } = new URL(request.url());
  return /^\/(auth|api)\//.test(pathname) ? `${request.method()} ${pathname}` : undefined;
}

async function tokenOf(response: Response): Promise<string | undefined> {
  if (response.status() !== 200) return undefined;
  const body = (await response.json().catch(() => ({}))) as { access_token?: string };
  return body.access_token;
}
