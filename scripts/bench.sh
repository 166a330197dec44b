#!/usr/bin/env bash
# `make bench`: measures the release build on this machine, in about three minutes once it is built.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/toolchain.sh
use_toolchain
services=$(scripts/services.sh start)
trap 'scripts/services.sh stop' EXIT
eval "$services"
locked cargo bench --quiet --no-default-features --features ssr --bench load "$@" </dev/null
