#!/usr/bin/env bash
# Fuzzes a live server with what its OpenAPI document says of it. The last line is "N passed, N failed".
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

binary=$root/${COUNTERFOIL_BIN:-target/release/counterfoil}
python=.tools/python
venv "$python" scripts/requirements.txt

folder=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

port=$("$python/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export COUNTERFOIL_PUBLIC_ORIGIN="http://localhost:$port" COUNTERFOIL_DATA_DIR="$folder/data" COUNTERFOIL_BCRYPT_COST=4
# One machine is one network.
for name in LOGIN REGISTER REFRESH PASSWORD; do export "COUNTERFOIL_${name}_LIMIT=1000000/1m"; done
export COUNTERFOIL_LOCKOUT=1000000/1m
export COUNTERFOIL_SITE_ROOT="$root/target/site"
export FUZZ_BINARY="$binary" FUZZ_PASSWORD="a stub stays with its issuer"
COUNTERFOIL_LOG=warn "$binary" serve >>"$folder/log" 2>&1 &
server=$!

status=0
export SCHEMATHESIS_HOOKS="$root/scripts/schemathesis_accounts.py"
# It leaves a cache where it runs.
cd "$folder"
bounded 300 "$root/$python/bin/st" --config-file "$root/scripts/schemathesis.toml" run "$COUNTERFOIL_PUBLIC_ORIGIN/api/openapi.json" \
  --wait-for-schema 15 --max-time 90 --continue-on-failure --report junit --report-junit-path "$folder/junit.xml" </dev/null || status=$?
if ! kill -0 "$server" 2>/dev/null || grep -E 'ERROR|panicked' "$folder/log"; then
  warn "the server died or logged an error"
  status=1
fi
"$root/$python/bin/python" - "$folder/junit.xml" "$status" <<'PYTHON'
import sys
from xml.etree import ElementTree

try:
    cases = ElementTree.parse(sys.argv[1]).getroot().findall(".//testcase")
except OSError:
    cases = []
failed = sum(any(part.tag in ("failure", "error") for part in case) for case in cases)
print(f"{len(cases) - failed} passed, {max(failed, int(sys.argv[2] != '0'))} failed")
PYTHON
exit "$status"
