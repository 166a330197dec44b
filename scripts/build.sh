#!/usr/bin/env bash
# `make build`: what a deployment needs, one binary and one folder.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/site.sh
use_toolchain
locked cargo build --release --no-default-features --features ssr --bin counterfoil </dev/null

size() { du -sh "$1" | cut -f1; }
say "target/release/counterfoil  $(size target/release/counterfoil)  the server"
say "target/site                 $(size target/site)  what the browser gets"
say "run it with: target/release/counterfoil serve"
