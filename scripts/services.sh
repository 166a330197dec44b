#!/usr/bin/env bash
# A PostgreSQL and a Redis for the tests: yours, where DATABASE_URL and REDIS_URL say, else two of its
# own on free ports of 127.0.0.1, over a folder that goes away with them. By hand:
#   eval "$(scripts/services.sh start)"
#   cargo test
#   scripts/services.sh stop
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

# The shell that called evaluates what is said to it here; everything else is for people. It waits until
# nobody can say more: a server that stays must not inherit it.
exec 3>&1 >&2
folder=${COUNTERFOIL_TEST_SERVICES_FOLDER:-}

export_to_caller() { printf 'export %s=%q\n' "$1" "$2" >&3; }

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# Debian keeps initdb and pg_ctl out of PATH.
postgres_programs() {
  local folders=(/usr/lib/postgresql/*/bin)
  if [ -x "${folders[-1]}/initdb" ]; then say "${folders[-1]}"; else dirname "$(command -v initdb)"; fi
}

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

# Nothing of it has to outlive a crash, so it never waits for the disk. It speaks TLS to whoever asks.
# (SCRAM and TLS take a debug build a tenth of a second a connection: the URL asks for neither.)
start_postgres() {
  local programs password port data="$folder/postgres"
  programs=$(postgres_programs 2>/dev/null) || { on_debian && apt_install postgresql && programs=$(postgres_programs); } ||
    die "needs PostgreSQL: install it, or give DATABASE_URL"
  port=$(free_port)
  password=$(random)
  mkdir -m 700 "$data"
  # A configuration of its own: the system's would make it a certificate that may not be a server's.
  printf '[req]\ndistinguished_name = name\n[name]\n' >"$folder/openssl.cnf"
  openssl req -x509 -config "$folder/openssl.cnf" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE -keyout "$data/key.pem" -out "$folder/postgres.pem" 2>/dev/null
  printf '%s\n' "$password" >"$data/password"
  [ "$(id -u)" != 0 ] || chown -R postgres "$data"
  as_postgres "$programs/initdb" --pgdata "$data/data" --username counterfoil --pwfile "$data/password" \
    --auth password --encoding UTF8 --no-locale --no-sync >/dev/null
  cat >>"$data/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
ssl = on
ssl_cert_file = '$folder/postgres.pem'
ssl_key_file = '$data/key.pem'
CONF
  as_postgres "$programs/pg_ctl" --pgdata "$data/data" --log "$data/log" --wait --timeout 60 start >/dev/null 3>&- ||
    { cat "$data/log"; die "PostgreSQL does not start"; }
  export_to_caller COUNTERFOIL_TEST_POSTGRES_URL "postgres://counterfoil:$password@127.0.0.1:$port/postgres?sslmode=disable"
  export_to_caller COUNTERFOIL_TEST_POSTGRES_CA "$folder/postgres.pem"
}

start_redis() {
  local port password tries=0
  have redis-server || { on_debian && apt_install redis-server; } || die "needs Redis: install it, or give REDIS_URL"
  port=$(free_port)
  password=$(random)
  mkdir "$folder/redis"
  # Read from standard input: a command line is for everybody to see.
  redis-server - >/dev/null 3>&- <<CONF
bind 127.0.0.1
port $port
requirepass $password
daemonize yes
dir $folder/redis
pidfile $folder/redis/pid
logfile $folder/redis/log
save ""
CONF
  until (exec 4<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    [ $((tries += 1)) -le 100 ] || { cat "$folder/redis/log"; die "Redis does not start"; }
    sleep 0.1
  done
  export_to_caller COUNTERFOIL_TEST_REDIS_URL "redis://default:$password@127.0.0.1:$port"
}

start() {
  folder=$(mktemp -d)
  trap 'status=$?; [ $status = 0 ] || stop; exit $status' EXIT
  chmod 711 "$folder"
  export_to_caller COUNTERFOIL_TEST_SERVICES_FOLDER "$folder"
  have openssl || { on_debian && apt_install openssl; } || die "needs openssl, for certificates"
  if [ -n "${DATABASE_URL:-}" ]; then
    export_to_caller COUNTERFOIL_TEST_POSTGRES_URL "$DATABASE_URL"
  else
    start_postgres
  fi
  if [ -n "${REDIS_URL:-}" ]; then
    export_to_caller COUNTERFOIL_TEST_REDIS_URL "$REDIS_URL"
  else
    start_redis
  fi
  # What some tests put in front of nodes, and a clock that they can step.
  if on_debian; then apt_install nginx-light libfaketime; fi
  # A test that misses its server fails from here on, and does not pass unseen.
  export_to_caller COUNTERFOIL_TEST_SERVICES required
}

# SIGINT is PostgreSQL's fast shutdown, and ends Redis too.
stop() {
  local file pid tries=0
  [ -d "$folder" ] || return 0
  for file in "$folder/postgres/data/postmaster.pid" "$folder/redis/pid"; do
    pid=$(head -n 1 "$file" 2>/dev/null) || continue
    kill -INT "$pid" 2>/dev/null || continue
    while kill -0 "$pid" 2>/dev/null && [ $((tries += 1)) -le 100 ]; do sleep 0.1; done
  done
  rm -rf "$folder"
}

case ${1:-} in
start) start ;;
stop) stop ;;
*) die "say start or stop" ;;
esac
