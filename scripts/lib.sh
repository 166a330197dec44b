# shellcheck shell=bash
# What every script shares: where things are, how to speak, which compiler to use. To be sourced.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

cargo_home=${CARGO_HOME:-${HOME:-/root}/.cargo}
export PATH="$root/.tools/bin:$root/scripts/node_modules/.bin:$PATH:$cargo_home/bin"
export CARGO_TARGET_DIR="$root/target"
# Compiled into the server: without it Leptos would ask the browser to fetch counterfoil_bg.wasm.
export LEPTOS_OUTPUT_NAME=counterfoil

wasm_target=wasm32-unknown-unknown

say() { printf '%s\n' "$*"; }
stage() { printf '\n== %s\n' "$*"; }
warn() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
die() { warn "$@"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# bounded SECONDS COMMAND...: give up on a download that goes nowhere. (macOS has no `timeout`.)
bounded() {
  local limit=$1
  shift
  if have timeout; then timeout "$limit" "$@"; else "$@"; fi
}

# need_root WHAT: WHAT is what a person has to install by hand where nobody can become root.
need_root() {
  [ "$(id -u)" = 0 ] && return
  have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; } && return
  die "cannot become root here; please install by hand: $1"
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

on_debian() { have apt-get && have dpkg-query; }

# Installs the Debian packages that are missing. --no-remove: nothing of yours is taken away.
apt_install() {
  local package missing=() log
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  need_root "Debian's ${missing[*]}"
  say "installing Debian's ${missing[*]}"
  log=$(mktemp)
  if ! { as_root apt-get -q update && as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install \
    --yes --no-install-recommends --no-remove "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    die "could not install Debian's ${missing[*]}"
  fi
  rm -f "$log"
}

# Hash of the files (and folders of files) named, names included.
digest() {
  { find "$@" -type f -print0 2>/dev/null || true; } | LC_ALL=C sort -z | xargs -0 "${sha256[@]}" | "${sha256[@]}" | cut -d' ' -f1
}
if have sha256sum; then sha256=(sha256sum); else sha256=(shasum -a 256); fi

# npm_ci FOLDER: its node_modules as its lock says, only when the lock has changed. Install scripts
# do not run: nothing here needs one.
npm_ci() {
  local lock stamp="$1/node_modules/.lock-digest"
  lock=$(digest "$1/package-lock.json")
  [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && return
  say "npm ci in $1"
  (cd "$1" && npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null) >&2
  printf '%s\n' "$lock" >"$stamp"
}

# venv FOLDER REQUIREMENTS: a Python of its own with what the file says, only when that has changed.
venv() {
  local folder=$1 requirements=$2 wanted
  wanted=$(digest "$requirements")
  [ "$(cat "$folder/.digest" 2>/dev/null)" = "$wanted" ] && return
  have python3 || die "needs Python 3"
  say "installing $(tail -n 1 "$requirements") into $folder"
  python3 -m venv --clear "$folder" 2>/dev/null >&2 ||
    { on_debian && apt_install python3-venv && python3 -m venv --clear "$folder"; }
  bounded 300 "$folder/bin/pip" --quiet --disable-pip-version-check install --requirement "$requirements"
  printf '%s\n' "$wanted" >"$folder/.digest"
}

# cargo, one at a time: two builds side by side only slow each other down, and need twice the memory.
locked() {
  mkdir -p target
  if have flock; then flock target/.build.lock "$@"; else "$@"; fi
}

# Can this compiler make WebAssembly? Compiling and linking nothing takes a tenth of a second, and
# finds a missing target, a missing linker, and a std that another version of the compiler built.
makes_wasm() {
  local out
  out=$(mktemp)
  local status=0
  rustc --target "$wasm_target" --crate-type cdylib --crate-name probe -o "$out" - </dev/null >/dev/null 2>&1 || status=$?
  rm -f "$out"
  return "$status"
}

new_enough() {
  local need found
  need=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' Cargo.toml)
  found=$(rustc --version 2>/dev/null | cut -d' ' -f2)
  [ -n "$found" ] && [ "$(printf '%s\n' "$need" "$found" | sort -V | head -n 1)" = "$need" ]
}

fit() { have rustc && have cargo && new_enough && makes_wasm; }

# One compiler for both halves: yours if it can do it, else the one that toolchain.sh linked as `web`.
use_toolchain() {
  fit && return
  have rustup && rustup toolchain list 2>/dev/null | grep -q '^web\b' || return 1
  RUSTUP_TOOLCHAIN=web fit || return 1
  export RUSTUP_TOOLCHAIN=web
}

# Panic messages carry the paths of the sources, and everyone can read what the browser gets: the
# builder's folders get plain names. A setting for `cargo --config`, which unlike RUSTFLAGS the
# server's builds do not see, and in which paths may hold spaces.
plain_paths() {
  local flags
  flags=$(remaps | sed 's/.*/"--remap-path-prefix=&",/' | tr -d '\n')
  say "target.$wasm_target.rustflags = [$flags]"
}

# One FOLDER=NAME a line; the last one that fits wins.
remaps() {
  local registry library
  library=$(rustc --print sysroot)/lib/rustlib/src/rust
  say "$cargo_home=/cargo"
  say "$root=/counterfoil"
  if [ -d "$library" ]; then
    # Both, for cargo and rustc do not agree on following links.
    say "$(cd "$library" && pwd -P)=/rust"
    say "$library=/rust"
  fi
  for registry in "$cargo_home"/registry/src/*/; do say "${registry%/}=/crates"; done
}

# wasm_cargo SUBCOMMAND ARGUMENTS...: cargo for the browser half. (RUSTFLAGS would replace the setting.)
wasm_cargo() {
  local subcommand=$1
  shift
  [ -d "$cargo_home/registry/src" ] || locked cargo fetch --quiet </dev/null
  locked env -u RUSTFLAGS cargo "$subcommand" --config "$(plain_paths)" --lib --target "$wasm_target" \
    --no-default-features --features hydrate "$@" </dev/null
}
