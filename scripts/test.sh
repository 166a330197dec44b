#!/usr/bin/env bash
# `make test`: everything that has to hold, from formatting to the browser. Stops at the first stage
# that fails. The last line is always the count of tests: "N passed, N failed".
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

log=$(mktemp)
results=end2end/results.json
passed=0
failed=0
current=
summary=

# add PASSED FAILED: to the totals.
add() {
  passed=$((passed + ${1:-0}))
  failed=$((failed + ${2:-0}))
}

run() {
  current=$1
  stage "$current"
  local start=$SECONDS
  "${@:2}"
  summary+=$(printf '%-32s %4d s' "$current" $((SECONDS - start)))$'\n'
  current=
}

finish() {
  local status=$?
  rm -f "$log"
  scripts/services.sh stop
  stage "summary"
  printf '%s' "$summary"
  if [ "$status" != 0 ]; then
    say "FAILED in: ${current:-set-up}"
    # A stage without tests of its own (clippy, say) that fails is one failure.
    [ "$failed" != 0 ] || failed=1
  fi
  say "$passed passed, $failed failed"
  exit "$status"
}
trap finish EXIT

format() { scripts/lint.sh format; }
clippy() { scripts/lint.sh clippy; }

cargo_test() {
  local status=0 counts services test
  services=$(scripts/services.sh start)
  eval "$services"
  test=(locked cargo test --no-default-features --features ssr --no-fail-fast)
  "${test[@]}" </dev/null 2>&1 | tee "$log" || status=$?
  # What drives the whole application, once more over PostgreSQL.
  COUNTERFOIL_TEST_STORE=postgres "${test[@]}" --test integration -- account:: auth:: cost:: pruning:: races:: \
    throttle:: </dev/null 2>&1 | tee -a "$log" || status=$?
  counts=$(awk '/^test result:/ { p += $4; f += $6 } END { print p + 0, f + 0 }' "$log")
  scripts/services.sh stop
  # shellcheck disable=SC2086 # two numbers
  add $counts
  return "$status"
}

# counted SCRIPT: one whose last line is the count of its tests.
counted() {
  local status=0
  "$1" 2>&1 | tee "$log" || status=$?
  # shellcheck disable=SC2046 # two numbers
  add $(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log")
  return "$status"
}

browser_tests() {
  local status=0 counts
  CHROMIUM_PATH=$(scripts/browser.sh)
  export CHROMIUM_PATH
  export COUNTERFOIL_BIN="$root/target/release/counterfoil" COUNTERFOIL_SITE_ROOT="$root/target/site"
  rm -f "$results"
  (cd end2end && node_modules/.bin/playwright test </dev/null) || status=$?
  counts=$(node -p 'const s = JSON.parse(fs.readFileSync(process.argv[1])).stats; s.expected + s.flaky + " " + s.unexpected' "$results")
  # shellcheck disable=SC2086 # two numbers
  add $counts
  return "$status"
}

scripts/toolchain.sh --lints
use_toolchain
scripts/tools.sh
run "format" format
run "clippy" clippy
run "unit and integration tests" cargo_test
run "example verifiers" counted scripts/verifiers.sh
run "site and release server" scripts/build.sh
run "calls against their description" counted scripts/openapi.sh
run "bundle budget" node scripts/budget.mjs
run "browser tests" browser_tests
