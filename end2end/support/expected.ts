/** What each attack comes to in Chromium with third-party cookies blocked, strategy by strategy. */
export const STRATEGIES = [
  "local-storage",
  "readable-cookie",
  "http-only-none",
  "http-only-unspecified",
  "http-only-lax",
  "http-only-strict",
  "memory-js",
  "memory-wasm",
] as const;

export const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "xss-reads": ["stolen", "stolen", ...Array<string>(6).fill("nothing")],
  "xss-rides": Array<string>(8).fill("rode"),
  "xss-refreshes": ["", "", "", "", "", "", "stolen", "stolen"],
  "fetch-hook": ["stolen", ...Array<string>(5).fill("nothing"), "stolen", "stolen"],
  "heap-scan": ["", "", "", "", "", "", "", "stolen"],
  "heap-after-sign-out": ["", "", "", "", "", "", "", "stolen"],
  "csrf-background": ["refused", "blocked", "blocked", "blocked", "blocked", "blocked", "refused", "refused"],
  "csrf-form": ["refused", "blocked", "forged", "forged", "blocked", "blocked", "refused", "refused"],
  "sibling-port": ["refused", ...Array<string>(7).fill("forged")],
  "after-reload": [...Array<string>(6).fill("signed-in"), "needs-refresh", "needs-refresh"],
};
