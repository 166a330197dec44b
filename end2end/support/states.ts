import type { App } from "./app.ts";
import type { Mishaps } from "./mishaps.ts";
import { ANONYMOUS } from "./mishaps.ts";

/** A state of the app worth looking at: how it is reached by somebody without a session. */
export interface State {
  readonly name: string;
  readonly reach: (app: App, mishaps: Mishaps) => Promise<void>;
}

const page = (name: string, path: string): State => ({
  name,
  reach: async (app) => {
    await app.open(path);
    await app.isSignedOut();
  },
});

/** Every page, and what else can be on the screen. */
export const STATES: readonly State[] = [
  page("home", "/"),
  page("sign-in", "/signin"),
  page("sign-up", "/signup"),
  page("signed out", "/signed-out"),
  page("error codes", "/problems"),
  {
    name: "page not found",
    reach: async (app, mishaps) => {
      mishaps.expect("404 /no/such/page");
      await app.open("/no/such/page");
      await app.isSignedOut();
    },
  },
  {
    name: "sign-in with mistakes",
    reach: async (app) => {
      await app.open("/signin");
      await app.submitButton("Sign in").click();
      await app.problem.waitFor();
    },
  },
  {
    name: "sign-in that has to wait",
    reach: async (app, mishaps) => {
      mishaps.expect("503 /auth/login");
      const json = {
        type: "",
        title: "The server is busy",
        status: 503,
        code: "busy",
        detail: "",
        retry_after: 600,
      };
      await app.page.route("**/auth/login", (route) => route.fulfill({ status: 503, json }));
      await app.open("/signin");
      await app.signIn({ email: "me@example.com", password: "what I typed" });
      await app.page.getByText("You can try again in").first().waitFor();
    },
  },
  {
    name: "account",
    reach: async (app) => {
      await app.signUp();
      await app.askButton.click();
      await app.answer.waitFor();
    },
  },
  {
    name: "account out of the server's reach",
    reach: async (app, mishaps) => {
      mishaps.expect("503 /auth/refresh");
      await app.signUp();
      await app.page.route("**/auth/refresh", (route) => route.fulfill({ status: 503 }));
      await app.page.reload();
      await app.banner.waitFor();
    },
  },
  {
    name: "home of somebody who is signed in",
    reach: async (app) => {
      await app.signUp();
      await app.page.goto("/");
      await app.isSignedIn();
    },
  },
];

/** Goes to a state with what it costs declared. */
export async function reach(state: State, app: App, mishaps: Mishaps): Promise<void> {
  mishaps.expect(ANONYMOUS);
  await state.reach(app, mishaps);
}
