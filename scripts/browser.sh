#!/usr/bin/env bash
# Makes sure of Playwright and a Chromium for it, and prints the path of the latter (nothing else) on stdout:
# the one in CHROMIUM_PATH, the system's, Playwright's own download, or Debian's package.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
exec 3>&1 >&2
npm_ci end2end

# One that starts: a download is no use without the system's libraries it needs.
found() {
  local path
  path=$(command -v "$1" 2>/dev/null) || return 1
  "$path" --version >/dev/null 2>&1 </dev/null || return 1
  printf '%s\n' "$path" >&3
}

playwrights() {
  (cd end2end && node -p 'require("@playwright/test").chromium.executablePath()')
}

for name in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$name" ] && found "$name"; then exit; fi
done
if found "$(playwrights)"; then exit; fi

say "downloading Playwright's Chromium"
(cd end2end && bounded 300 node_modules/.bin/playwright install chromium) >/dev/null 2>&1 </dev/null || true
if found "$(playwrights)"; then exit; fi

on_debian || die "needs Chromium; set CHROMIUM_PATH to one"
apt_install chromium
found chromium || die "Debian's chromium does not start"
