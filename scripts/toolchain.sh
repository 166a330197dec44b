#!/usr/bin/env bash
# Makes sure of a Rust compiler that can make WebAssembly; with --lints, of clippy and rustfmt too.
# Three ways, the first that works: the compiler that is there, rustup, Debian's packages.
# (No rust-toolchain.toml: with one, rustup tries a download on every call, and fails where it cannot.)
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

lints() { cargo clippy --version && cargo fmt --version; } >/dev/null 2>&1

ready() { use_toolchain && { [ "${1:-}" != --lints ] || lints; }; }

from_rustup() {
  have rustup && new_enough || return 1
  [ "${RUSTUP_TOOLCHAIN:-}" != web ] || return 1
  bounded 120 rustup target add "$wasm_target" >/dev/null 2>&1 || return 1
  lints || bounded 120 rustup component add clippy rustfmt >/dev/null 2>&1 || true
}

newest_lld() { apt-cache pkgnames lld- | grep -E '^lld-[0-9]+$' | sort -V | tail -n 1; }

# Debian's compiler for its browsers is recent, but comes without std for the web: built here, once.
from_debian() {
  local packages=(rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web)
  [ -n "$(newest_lld || true)" ] || { need_root "Debian's ${packages[*]} and lld" && as_root apt-get -q update >/dev/null </dev/null; }
  local lld
  lld=$(newest_lld || true)
  [ -n "$lld" ] || die "Debian's package lists name no lld"
  apt_install "${packages[@]}" "$lld"

  if have rustup; then
    rustup toolchain list | grep -q '^web\b' || rustup toolchain link web /usr
    export RUSTUP_TOOLCHAIN=web
  fi
  new_enough || die "Debian's $(rustc --version) is older than Cargo.toml asks for"

  makes_wasm && return
  need_root "rust-lld and the standard library for $wasm_target, beside $(rustc --print sysroot)"
  # rustc looks for its linker under this name, beside its own programs.
  local host
  host=$(rustc -vV | sed -n 's/^host: //p')
  as_root mkdir -p "/usr/lib/rustlib/$host/bin"
  as_root ln -sf "/usr/bin/$lld" "/usr/lib/rustlib/$host/bin/rust-lld"
  makes_wasm || build_std
}

build_std() {
  say "building Rust's standard library for the web (once, about a minute)"
  local work lib cargo
  work=$(mktemp -d)
  lib=$(rustc --print target-libdir --target "$wasm_target")
  mkdir "$work/src"
  : >"$work/src/lib.rs"
  printf '[package]\nname = "empty"\nedition = "2021"\n' >"$work/Cargo.toml"

  # RUSTC_BOOTSTRAP lets a stable compiler build std. Fetched first, for plain_paths to know where to.
  cargo=(env -u RUSTFLAGS RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/target" cargo)
  locked "${cargo[@]}" fetch --quiet --manifest-path "$work/Cargo.toml" -Zbuild-std </dev/null
  locked "${cargo[@]}" build --quiet --release --manifest-path "$work/Cargo.toml" --target "$wasm_target" \
    --config "$(plain_paths)" -Zbuild-std=std,panic_abort,panic_unwind </dev/null

  # Emptied first: two copies of std break every build. So would what was built with another std,
  # which cargo does not notice.
  rm -f "$work/target/$wasm_target/release/deps/"libempty*
  as_root rm -rf "$lib"
  as_root mkdir -p "$lib"
  as_root cp "$work/target/$wasm_target/release/deps/"*.rlib "$lib/"
  rm -rf "$work"
  locked rm -rf "target/$wasm_target"
}

ready "$@" && exit
if from_rustup && ready "$@"; then exit; fi
on_debian || die "needs a Rust compiler, new enough for Cargo.toml, with clippy, rustfmt and the target $wasm_target (https://rustup.rs)"
say "rustup has no $wasm_target to offer here; using Debian's Rust"
from_debian
ready "$@" || die "the Rust compiler $(rustc --version) still cannot make $wasm_target"
