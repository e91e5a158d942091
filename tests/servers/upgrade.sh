# Sourced by tests/servers/run: a cluster with databases of every kind is upgraded, by copy and by links.

# in_use: all modules, calls in flight, an adopted user_profiles. adopted: an application's old tables, its functions cut over.
# Beside them one with the code only, and one that never heard of us.
old_cluster() {
    cluster_make upgrade-old "$older" fsync=off
    cluster_up upgrade-old
    cluster_env upgrade-old
    template supabase legacy
    fresh_database in_use supabase_legacy
    psql_as postgres in_use -o /dev/null -c "$ADOPTED_TABLE" -c 'CREATE EXTENSION model_access' -c 'SELECT model_access.install()' \
        -f tests/fixtures/people.sql -f tests/fixtures/users_things.sql -f tests/fixtures/in_use.sql
    fresh_database adopted supabase_legacy
    psql_as postgres adopted -o /dev/null -f tests/fixtures/seed_database.sql -f tests/fixtures/plpgsql_functions.sql \
        -c 'CREATE EXTENSION model_access' -c 'SELECT model_access.install()' -c 'SELECT model_access.cut_over()'
    fresh_database only_code supabase_legacy
    psql_as postgres only_code -c 'CREATE EXTENSION model_access'
    fresh_database without_us template0
    psql_as postgres without_us -c 'CREATE TABLE public.t AS SELECT generate_series(1, 9) AS n'
    psql_as supabase_admin postgres -c 'DROP DATABASE supabase_legacy'
}
ADOPTED_TABLE="CREATE TABLE public.user_profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE, nickname text, role text DEFAULT 'user');
    ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY;
    CREATE POLICY \"Own profile\" ON public.user_profiles FOR SELECT USING (auth.uid() = id);
    GRANT SELECT, UPDATE ON public.user_profiles TO authenticated"
DATABASES=(in_use adopted only_code without_us)

remember() {
    local database
    goes_on_without upgrade
    for database in "${DATABASES[@]}"; do
        holds "$database" >"$OUT/$database.holds"
        state_of "$database" >"$OUT/$database.state"
    done
    clients_maintain "$older" >"$OUT/maintain"
    unsound "$OUT"/*.holds "$OUT/maintain" "$OUT/goes_on_without_upgrade" | nothing 'the old databases are sound'
    grep -E '^(before|after)\|' "$OUT/goes_on_without_upgrade" | diff <(printf '%s\n' 'before|0' 'after|0') - | nothing 'calls go on in them'
}

# pg_upgrade leaves scripts where it runs, and its sockets.
upgrade() { # CLUSTER OPTION…
    local old=$WORK/clusters/upgrade-old new=$WORK/clusters/$1 socket
    socket=$(<"$new/socket")
    as_server bash -c 'cd "$1" && exec "${@:2}"' _ "$socket" "$WORK/servers/$major/bin/pg_upgrade" -U supabase_admin -s "$socket" \
        -b "$WORK/servers/$older/bin" -B "$WORK/servers/$major/bin" -d "$old/data" -D "$new/data" "${@:2}"
}

upgraded() { # CLUSTER HOW OPTION…
    local new=$1 database
    about="pg_upgrade $older to $major $2"
    cluster_make "$new" "$major" fsync=off
    step 'the check finds nothing against it' upgrade "$new" "${@:3}" --check || return 0
    step 'upgraded' upgrade "$new" "${@:3}" --no-sync || return 0
    cluster_up "$new"
    cluster_env "$new"
    for database in "${DATABASES[@]}"; do
        holds "$database" | diff "$OUT/$database.holds" - | nothing "$database holds the same, by the same library, and is sound"
        state_of "$database" | diff "$OUT/$database.state" - | nothing "$database has the same objects and privileges, the application's too"
    done
    clients_maintain "$major" | diff "$OUT/maintain" - | nothing 'clients have no new privilege'
    changed in_use | nothing 'install() finds nothing to do'
    changed adopted | nothing 'nor where tables were adopted'
    goes_on in_use | diff "$OUT/goes_on_without_upgrade" - | nothing 'calls go on as without an upgrade'
    value adopted 'SELECT model_access.cut_back(); SELECT model_access.uninstall()'  | grep -E 'ERROR|left alone|not |failed' | nothing 'the way back of an adopted database is open'
    extension_of_the_superuser
    cluster_stop "$new"
}
# Who runs pg_upgrade owns every extension afterwards; PostgreSQL keeps no other owner. Only he can drop it, or update it.
extension_of_the_superuser() {
    psql_as postgres only_code -c 'DROP EXTENSION model_access' 2>&1 | diff <(echo 'ERROR:  must be owner of extension model_access') - |
        nothing 'the extension is the superuser'"'"'s now'
    step 'who drops it' psql_as supabase_admin only_code -c 'DROP EXTENSION model_access' || return 0
    step 'all can be made anew by the developer role' psql_as postgres only_code -o /dev/null -c 'CREATE EXTENSION model_access' -c 'SELECT model_access.install()' || return 0
    value only_code 'SELECT v FROM model_access.verify() AS v WHERE NOT v.ok' | nothing 'and is sound'
}
changed() { value "$1" "SELECT object, action FROM model_access.install() WHERE action NOT IN ('kept', 'left alone')"; }
clients_maintain() { # MAJOR
    [[ $1 -lt 17 ]] || value in_use "SELECT c.oid::regclass, r.rolname FROM pg_class AS c, pg_roles AS r
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND r.rolname IN ('anon', 'authenticated', 'service_role')
          AND c.relname NOT LIKE 'our\_%' AND has_table_privilege(r.rolname, c.oid, 'MAINTAIN') ORDER BY 1, 2"
}

upgrades() {
    about="pg_upgrade from $older"
    old_cluster
    remember
    cluster_down upgrade-old
    upgraded upgraded-by-copy "by copy"
    upgraded upgraded-by-link "by links" --link # the last: from then on the old cluster must not start again
    cluster_stop upgrade-old
}
