# Sourced after setup.sh: throwaway clusters below $WORK/clusters and databases shaped as Supabase's in them.
# A cluster's folder holds data/, log, and one-line files: major, socket (a short folder: socket paths end at 107 bytes).

STARTED=() # clusters that this script has to stop
stop_started() {
    local name
    for name in "${STARTED[@]}"; do cluster_stop "$name"; done
    STARTED=()
}
trap stop_started EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A pid file may outlive its server and its number may have been given to another process: ask where that one runs.
cluster_running() { # NAME
    local data=$WORK/clusters/$1/data pid
    pid=$(as_server head -n 1 "$data/postmaster.pid" 2>/dev/null) || return 1
    [[ $(as_server readlink "/proc/$pid/cwd" 2>/dev/null) == "$data" ]]
}

cluster_stop() { # NAME: stops it if it runs and removes it
    local dir=$WORK/clusters/$1 pg_ctl
    [[ -d $dir ]] || return 0
    if cluster_running "$1"; then
        pg_ctl=$WORK/servers/$(<"$dir/major")/bin/pg_ctl
        as_server "$pg_ctl" -D "$dir/data" -w -t 30 -m fast stop >/dev/null 2>&1 ||
            as_server "$pg_ctl" -D "$dir/data" -w -t 30 -m immediate stop >/dev/null
    fi
    [[ ! -f $dir/socket ]] || rm -rf "$(<"$dir/socket")"
    rm -rf "$dir"
}

cluster_start() { # NAME MAJOR [SETTING=VALUE…]
    cluster_make "$@"
    cluster_up "$1"
}

# A cluster's folder without its data.
cluster_folder() { # NAME MAJOR
    local name=$1 dir=$WORK/clusters/$1 socket
    cluster_stop "$name" # what a killed run left behind
    STARTED+=("$name")
    mkdir -p "$dir/data"
    socket=$(mktemp -d /tmp/model_access.XXXXXX)
    echo "$2" >"$dir/major"
    echo "$socket" >"$dir/socket"
    : >"$dir/log"
    chmod 755 "$socket"
    chmod 700 "$dir/data"
    [[ $EUID != 0 ]] || chown "$SERVER_USER" "$dir/data" "$dir/log" "$socket"
}

cluster_settings() { # NAME SETTING=VALUE…: adds them to its configuration
    local setting
    for setting in "${@:2}"; do
        printf "%s = '%s'\n" "${setting%%=*}" "${setting#*=}"
    done | as_server tee -a "$WORK/clusters/$1/data/postgresql.conf" >/dev/null
}

# Without checksums, which 18 would have by default: pg_upgrade wants both clusters alike.
cluster_make() { # NAME MAJOR [SETTING=VALUE…]: there, and not started
    local name=$1 major=$2 dir=$WORK/clusters/$1 options=(-U supabase_admin --auth=trust -E UTF8 --locale=C)
    [[ $major -lt 18 ]] || options+=(--no-data-checksums)
    cluster_folder "$name" "$major"
    as_server "$WORK/servers/$major/bin/initdb" -D "$dir/data" "${options[@]}" >"$dir/initdb.log" 2>&1 ||
        { cat "$dir/initdb.log" >&2; die "initdb failed"; }
    cluster_settings "$name" listen_addresses= unix_socket_directories="$(<"$dir/socket")" port=5432 max_connections=150 "${@:3}"
}

# A standby's receiver is not told where its libpq lies, and another one may be installed.
cluster_up() { # NAME: starts the server of a cluster that has none; fails with the end of its log
    local dir=$WORK/clusters/$1 major
    major=$(<"$dir/major")
    as_server env LD_LIBRARY_PATH="$WORK/servers/$major/lib" "$WORK/servers/$major/bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start >/dev/null ||
        { tail -n 30 "$dir/log" >&2; echo "error: PostgreSQL $major did not start" >&2; return 1; }
}

cluster_down() { # NAME: stops its server; the cluster stays
    local dir=$WORK/clusters/$1
    as_server "$WORK/servers/$(<"$dir/major")/bin/pg_ctl" -D "$dir/data" -w -t 60 -m fast stop >/dev/null
}

# kill -9 of the postmaster and, so that none of them finishes its work, of every process that it has. Returns when all are
# dead: a zombie is, though its number stands until somebody asks for its end.
cluster_crash() { # NAME
    local data=$WORK/clusters/$1/data pid processes process
    cluster_running "$1" || die "the cluster $1 does not run"
    pid=$(as_server head -n 1 "$data/postmaster.pid")
    kill -STOP "$pid" # no new ones while they are listed
    read -ra processes <"/proc/$pid/task/$pid/children" || true
    kill -KILL "$pid" "${processes[@]}"
    for process in "$pid" "${processes[@]}"; do
        while [[ $(awk '$1 == "State:" { print $2 }' "/proc/$process/status" 2>/dev/null) == [^Z]* ]]; do sleep 0.02; done
    done
    # The number of a zombie would look like another server.
    as_server rm -f "$data/postmaster.pid" "$(<"$WORK/clusters/$1/socket")"/.s.PGSQL.5432{,.lock}
}

cluster_keep() { # NAME: it goes on when this script ends
    local name kept=()
    for name in "${STARTED[@]}"; do [[ $name == "$1" ]] || kept+=("$name"); done
    STARTED=("${kept[@]}")
}

cluster_env() { # NAME: clients of this shell talk to it
    local dir=$WORK/clusters/$1
    unset PGDATABASE PGOPTIONS PGSERVICE PGPASSFILE PGPASSWORD PGSSLMODE PGTZ
    export PGHOST PGPORT=5432 PGUSER=supabase_admin PGCLIENTENCODING=UTF8
    PGHOST=$(<"$dir/socket")
    export PATH=$WORK/servers/$(<"$dir/major")/bin:$PATH
}

# The cluster of the tests: bin/test starts one for all; a tests/*/run that is called by hand starts its own.
test_cluster() { # MAJOR
    cluster_running "test-$1" || cluster_start "test-$1" "$1" fsync=off
    cluster_env "test-$1"
}

psql_as() { # USER DATABASE [psql's options]
    PGOPTIONS=-cclient_min_messages=warning psql -X -q -v ON_ERROR_STOP=1 -P pager=off -U "$1" -d "$2" "${@:3}"
}

# A database as Supabase makes one. WORLD says what the developer role's new objects grant by default.
supabase_world() { # DATABASE explicit|legacy
    psql_as supabase_admin postgres -f tests/fixtures/roles.sql -c "CREATE DATABASE \"$1\" OWNER postgres"
    psql_as supabase_admin "$1" -f sql/supabase_compat.sql -f tests/fixtures/platform.sql -f "tests/fixtures/world_$2.sql"
    # A superuser as developer role would let every test of a privilege pass.
    [[ $(psql_as postgres "$1" -Atc "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == 'f|t' ]] ||
        die "the developer role must bypass row level security and be no superuser"
}

# Databases to copy: supabase_WORLD is bare; installed_WORLD has the extension, its tables and the test people.
# It gets its name when it is complete, so that a failed one is not taken for a template.
template() { # supabase|installed explicit|legacy
    local name=$1_$2
    [[ $(psql_as supabase_admin postgres -Atc "SELECT count(*) FROM pg_database WHERE datname = '$name'") == 0 ]] || return 0
    psql_as supabase_admin postgres -c "DROP DATABASE IF EXISTS new_$name WITH (FORCE)"
    if [[ $1 == supabase ]]; then
        supabase_world "new_$name" "$2"
    else
        template supabase "$2"
        fresh_database "new_$name" "supabase_$2"
        psql_as postgres "new_$name" -o /dev/null -c 'CREATE EXTENSION model_access' \
            -c 'SELECT * FROM model_access.install()' -f tests/fixtures/people.sql
    fi
    psql_as supabase_admin postgres -c "ALTER DATABASE new_$name RENAME TO $name"
}

fresh_database() { # NAME TEMPLATE [OWNER]
    psql_as supabase_admin postgres -c "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" \
        -c "CREATE DATABASE \"$1\" TEMPLATE \"$2\" OWNER \"${3:-postgres}\""
}
