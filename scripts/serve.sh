#!/usr/bin/env bash
# `make serve`: from a clean checkout to http://localhost:3000. Arguments go to `counterfoil serve`.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/site.sh
use_toolchain
locked cargo build --no-default-features --features ssr --bin counterfoil </dev/null
exec target/debug/counterfoil serve "$@"
