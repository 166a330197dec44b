import type { Account, App } from "./app.ts";
import type { Mishaps } from "./mishaps.ts";
import { ANONYMOUS } from "./mishaps.ts";
import { administrator } from "./outside.ts";
import type { Site } from "./server.ts";

/** A state of the app worth looking at: how it is reached by somebody without a session. */
export interface State {
  readonly name: string;
  /** A page without the app on it: nobody asks for a session. */
  readonly plain?: true;
  readonly reach: (app: App, mishaps: Mishaps, site: Site) => Promise<void>;
}

const DAY = 24 * 3600;
const NOW = Math.floor(Date.now() / 1000);
const session = (id: string, name: string, days: number, more: object = {}) => ({
  id,
  name,
  current: false,
  network: "203.0.113.x",
  signed_in_at: NOW - days * DAY,
  last_seen_at: NOW - days * DAY,
  ...more,
});
const SESSIONS = {
  sessions: [
    session("a", "Chrome on Linux", 0, { current: true }),
    session("b", "Mobile Safari on iOS", 2),
    session("c", "Firefox on Windows", 40),
    session("d", "Edge on Windows", 3, { ended_at: NOW - DAY, end_reason: "refresh_token_reused" }),
  ],
};
const EVENTS = {
  events: ["locked", "refresh_token_reused", "role_changed", "signed_in"].map((kind) => ({
    kind,
    at: NOW,
    by_admin: kind === "role_changed",
    device: "Edge on Windows",
    network: "2001:db8:1::/48",
    detail: kind === "role_changed" ? "user" : "",
  })),
};

const KEYS = {
  keys: ["retired", "current", "next"].map((state, index) => ({
    kid: `k${index}`,
    algorithm: "ES256",
    state,
    published_at: NOW,
    current_from: NOW,
    ...(state === "retired" ? { retired_at: NOW, ends_at: NOW + DAY } : {}),
  })),
};

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
    name: "description of the calls",
    plain: true,
    reach: async (app) => {
      await app.page.goto("/docs/api");
    },
  },
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
    name: "account with other devices and marked events",
    reach: async (app) => {
      await app.page.route("**/api/sessions", (route) => route.fulfill({ json: SESSIONS }));
      await app.page.route("**/api/events", (route) => route.fulfill({ json: EVENTS }));
      await app.signUp();
      for (const fold of await app.page.locator("summary").all()) await fold.click();
    },
  },
  {
    name: "account whose lists did not come",
    reach: async (app, mishaps) => {
      mishaps.expect("503 /api/sessions", "503 /api/events");
      await app.page.route(/api\/(sessions|events)$/, (route) => route.fulfill({ status: 503 }));
      await app.signUp();
      await app.part("Security events").getByRole("alert").waitFor();
    },
  },
  {
    name: "new password with mistakes",
    reach: async (app) => {
      await app.signUp();
      await app.part("Change password").getByRole("button", { name: "Change password" }).click();
      await app.problem.waitFor();
    },
  },
  {
    name: "question before an account is deleted",
    reach: async (app) => {
      await app.signUp();
      await app.part("Delete account").getByRole("button").click();
      await app.dialog.waitFor();
    },
  },
  {
    name: "step-up with a wrong password",
    reach: async (app, mishaps) => {
      mishaps.expect("401 /api/sessions/revoke-all", "401 /api/step-up");
      const json = { type: "", title: "", status: 401, code: "insufficient_user_authentication", detail: "" };
      await app.page.route("**/api/sessions/revoke-all", (route) => route.fulfill({ status: 401, json }));
      await app.signUp();
      await app.part("Sessions").getByRole("button", { name: "Sign out everywhere", exact: true }).click();
      await app.stepUp("not my password");
      await app.dialog.getByText("That is not your password.").waitFor();
    },
  },
  {
    name: "administration, for somebody else",
    reach: async (app) => {
      await app.signUp();
      await app.page.goto("/admin/users");
      await app.page.getByText("This page is for administrators").waitFor();
    },
  },
  {
    name: "accounts",
    reach: async (app, _, site) => {
      await signInAsAdmin(app, site);
      await app.page.goto("/admin/users");
      await app.page.getByRole("table").waitFor();
    },
  },
  {
    name: "account, for an administrator",
    reach: async (app, _, site) => {
      const { email } = await signInAsAdmin(app, site);
      await app.page.goto(`/admin/users?search=${encodeURIComponent(email)}`);
      await app.page.getByRole("link", { name: `Manage ${email}` }).click();
      await app.part("Facts").waitFor();
    },
  },
  {
    name: "keys",
    reach: async (app, _, site) => {
      await signInAsAdmin(app, site);
      await app.page.route("**/api/admin/keys", (route) => route.fulfill({ json: KEYS }));
      await app.page.route("**/api/admin/events", (route) => route.fulfill({ json: EVENTS }));
      await app.page.goto("/admin/keys");
      await app.page.getByRole("table").waitFor();
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
export async function reach(state: State, app: App, mishaps: Mishaps, site: Site): Promise<void> {
  if (!state.plain) mishaps.expect(ANONYMOUS);
  await state.reach(app, mishaps, site);
}

async function signInAsAdmin(app: App, site: Site): Promise<Account> {
  const account = await administrator(site);
  await app.open("/signin");
  await app.isSignedOut();
  await app.signIn(account);
  await app.showsAccountOf(account);
  return account;
}
