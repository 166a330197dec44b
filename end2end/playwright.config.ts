import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  // Screenshots are taken when asked for: `npm run screenshots`.
  ...(process.env["SCREENSHOTS"] ? {} : { grepInvert: /@screenshot/ }),
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
});
