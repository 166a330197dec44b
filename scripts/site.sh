#!/usr/bin/env bash
# Builds the browser half into target/site: compile, bind, shrink, style, compress.
# Everything after the compiler is skipped when nothing that goes into it has changed.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/toolchain.sh
use_toolchain
scripts/tools.sh

# One at a time: `make serve` and `make test` may run side by side.
mkdir -p target
exec 9>target/.site.lock
if have flock; then flock 9; fi

wasm_cargo build --example lab-vault --profile wasm-release
wasm=target/$wasm_target/wasm-release/counterfoil.wasm
vault=target/$wasm_target/wasm-release/examples/lab_vault.wasm

site=target/site
stamp=target/site.stamp
inputs=$(digest "$wasm" "$vault" style public scripts/site.sh scripts/*.mjs scripts/package-lock.json .tools/.crates.toml)
if [ -d "$site" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$inputs" ]; then exit; fi

# Made beside the old one and swapped in, so that a running server never serves half a site.
say "making $site"
new=target/site.new
rm -rf "$new" target/site.old
mkdir -p "$new/pkg"
if [ -d public ]; then cp -R public/. "$new/"; fi

wasm-bindgen --target web --no-typescript --out-name counterfoil --out-dir "$new/pkg" "$wasm"

# The lab's victim serves this folder, and the app does not.
wasm-bindgen --target web --no-typescript --out-name vault --out-dir "$new/lab-victim" "$vault"

# Leptos asks for counterfoil.wasm. The flags name what Rust's WebAssembly uses by default;
# --strip-*: no names and no tool versions for those who do not need them. What counts is the compressed size:
# functions that stay whole and stand beside their like repeat more, which takes 7 % off it.
wasm-opt -Os --converge --one-caller-inline-max-function-size=0 --reorder-functions-by-name \
  --enable-bulk-memory --enable-mutable-globals --enable-multivalue --enable-nontrapping-float-to-int \
  --enable-reference-types --enable-sign-ext \
  --strip-debug --strip-producers --strip-target-features \
  "$new/pkg/counterfoil_bg.wasm" -o "$new/pkg/counterfoil.wasm"
rm "$new/pkg/counterfoil_bg.wasm"
sed 's/counterfoil_bg\.wasm/counterfoil.wasm/g' "$new/pkg/counterfoil.js" >"$new/pkg/renamed.js"
mv "$new/pkg/renamed.js" "$new/pkg/counterfoil.js"

node scripts/css.mjs style >"$new/pkg/counterfoil.css"
node scripts/precompress.mjs "$new"

if [ -d "$site" ]; then mv "$site" target/site.old; fi
mv "$new" "$site"
rm -rf target/site.old
printf '%s\n' "$inputs" >"$stamp"
