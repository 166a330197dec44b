#!/usr/bin/env bash
# `make lint`: formatting, then clippy over both halves. `lint.sh format` and `lint.sh clippy` do one.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/toolchain.sh --lints
use_toolchain

format() { cargo fmt --check; }
clippy() {
  locked cargo clippy --no-default-features --features ssr --all-targets -- -D warnings </dev/null
  wasm_cargo clippy -- -D warnings
}

case ${1:-} in
format) format ;;
clippy) clippy ;;
*)
  format
  clippy
  ;;
esac
