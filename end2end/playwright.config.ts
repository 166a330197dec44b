import { defineConfig } from "@playwright/test";
import type { Profile } from "./support/profile.ts";

const THIRD_PARTY = /lab-third-party/;

export default defineConfig<Profile>({
  testDir: "tests",
  // Screenshots are taken and other browsers measured when asked for: `npm run screenshots`, `npm run measure`.
  grepInvert: [
    ...(process.env["SCREENSHOTS"] ? [] : [/@screenshot/]),
    ...(process.env["MEASURE"] ? [] : [/@measure/]),
  ],
  workers: 2,
  // A test that passes the second time has found a race.
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "results.json" }]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    locale: "en-GB",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "chromium", testIgnore: THIRD_PARTY },
    {
      // As Chrome comes from Google; Debian's Chromium blocks third-party cookies unless it is told not to.
      name: "third-party-cookies",
      testMatch: THIRD_PARTY,
      use: { preferences: { profile: { cookie_controls_mode: 0 } } },
    },
  ],
});
