# Sourced by run: modules in any order, alone, one after the other and twice, end in the same database, onto one that is bare and onto one with organisations of an
# application. Compared are the inventory, what verify() says, and a dump of everything.

after() { # WORLD MODULE…: into $out/WORLD-MODULE-…, what stands after the modules were installed one by one; $stands names it
    local module calls=()
    for module in "${@:2}"; do calls+=(-c "SELECT * FROM model_access.install('{$module}')"); done
    stands=$out/$(tr ' ' - <<<"$*")
    fresh_database orders "orders_$1"
    psql_as postgres orders -o /dev/null -c 'SET client_min_messages = error' "${calls[@]}"
    stood "$(IFS=,; echo "${*:2}")" >"$stands"
}

stood() { # MODULES
    local modules="'{$1}'"
    psql_as postgres orders -At -c "SELECT * FROM model_access.inventory($modules)" -c "SELECT 'not ok', v.* FROM model_access.verify($modules) AS v WHERE NOT v.ok"
    pg_dump --schema-only --exclude-schema=auth -U postgres orders | sed '/^.\(un\)\?restrict /d'
}

the_same() { # NAME FILE FILE…: all are as the first
    local other differ=0
    for other in "${@:3}"; do
        cmp -s "$2" "$other" || { differ=1; echo "not ok - migration $1: ${2##*/} and ${other##*/}"; diff "$2" "$other" | head -n 20 || true; }
    done
    if grep -q '^not ok|' "$2"; then differ=1; echo "not ok - migration $1: verify()"; grep '^not ok|' "$2"; fi
    [[ $differ == 1 ]] || echo "ok - migration $1"
}

out=$WORK/logs/orders
rm -rf "$out"
mkdir -p "$out"
psql_as supabase_admin postgres -c 'DROP DATABASE IF EXISTS orders_bare WITH (FORCE)' -c 'DROP DATABASE IF EXISTS orders_own WITH (FORCE)' -c 'DROP DATABASE IF EXISTS orders_lenient WITH (FORCE)'
for world in bare own lenient; do
    fresh_database "orders_$world" supabase_explicit
    # Named, oauth asks for pgcrypto.
    psql_as postgres "orders_$world" -c 'CREATE EXTENSION model_access' -c 'CREATE SCHEMA crypto' -c 'CREATE EXTENSION pgcrypto WITH SCHEMA crypto'
    [[ $world == bare ]] || psql_as postgres "orders_$world" -f "tests/migration/${world}_organizations.sql"
done

plan=$(psql_as postgres orders_bare -At -f tests/migration/orders.sql)
if grep '^left out' <<<"$plan"; then echo "not ok - migration orders leave something out"; else echo "ok - migration each pair of modules is named and made both ways round"; fi

mapfile -t orders < <(sed -n 's/^order //p' <<<"$plan")
for world in bare own lenient; do
    files=()
    [[ $world != lenient ]] || orders=("${orders[@]:1:2}")
    for order in "${orders[@]}"; do
        after "$world" ${order//,/ }
        files+=("$stands")
    done
    the_same "all modules in ${#orders[@]} orders, $world" "${files[@]}"
done

# Of what brings much the parts one by one too.
while read -r module brings; do
    for world in bare own; do
        after "$world" "$module"
        files=("$stands" "$stands-twice")
        psql_as postgres orders -o /dev/null -c 'SET client_min_messages = error' -c "SELECT * FROM model_access.install('{$module}')"
        stood "$module" >"${files[1]}"
        if [[ $world == bare && $brings == *,*,*,* ]]; then
            after "$world" ${brings//,/ }
            files+=("$stands")
        fi
        the_same "$module alone and twice, $world" "${files[@]}"
    done
done < <(sed -n 's/^module //p' <<<"$plan")
