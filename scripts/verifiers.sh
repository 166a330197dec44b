#!/usr/bin/env bash
# Runs the example verifiers of access tokens, in Rust, Node and Python, against a live server.
# The last line is the count of checks: "N passed, N failed".
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
use_toolchain || die "no fitting compiler; run scripts/toolchain.sh first"

npm_ci examples/verify-node

python=.tools/verify-python
venv "$python" examples/verify-python/requirements.txt

locked cargo build --quiet --no-default-features --features ssr --bin counterfoil --example verify </dev/null
node scripts/verifiers.mjs target/debug/counterfoil \
  "Rust=target/debug/examples/verify" \
  "Node=node examples/verify-node/verify.js" \
  "Python=$python/bin/python examples/verify-python/verify.py"
