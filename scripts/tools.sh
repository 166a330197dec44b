#!/usr/bin/env bash
# Makes sure of the tools around the compiler: a C compiler, Node, wasm-bindgen and wasm-opt.
# What it installs lands in .tools and scripts/node_modules, not in your system.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
use_toolchain || die "no fitting compiler; run scripts/toolchain.sh first"

# SQLite and the crypto library are C; their crates compile them.
if ! have cc; then
  on_debian || die "needs a C compiler (cc)"
  apt_install gcc libc6-dev
fi

node_major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$node_major" -lt 20 ] || ! have npm; then
  die "needs Node 20 or newer with npm (https://nodejs.org); found $(node --version 2>/dev/null || echo none)"
fi

# wasm-bindgen's command line and its crate speak a private format: the versions have to be the same.
version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock 2>/dev/null ||
  sed -n 's/^wasm-bindgen *=.*"=\([0-9.]*\)".*/\1/p' Cargo.toml)
[ -n "$version" ] || die "found no version of wasm-bindgen in Cargo.lock"
if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
  say "installing wasm-bindgen-cli $version into .tools (once, about two minutes)"
  install=(env -u CARGO_TARGET_DIR cargo install --quiet --root .tools --force --version "=$version" wasm-bindgen-cli)
  # --locked fails at once where a registry lags behind the versions that were locked.
  locked "${install[@]}" --locked </dev/null 2>/dev/null || locked "${install[@]}" </dev/null ||
    die "could not install wasm-bindgen-cli $version"
fi

# wasm-opt, as a Node program: the one that distributions package is often too old for today's Rust.
npm_ci scripts
