# Sourced by tests/servers/run: a primary with a standby that reads, takes over, and beside it a base backup restored to a moment.

at() { (cluster_env "$1" && "${@:2}"); } # CLUSTER COMMAND…
base_backup() { # CLUSTER OPTION…: of the primary
    cluster_folder "$1" "$major"
    as_server "$WORK/servers/$major/bin/pg_basebackup" -D "$WORK/clusters/$1/data" --checkpoint=fast --no-sync "${@:2}" \
        -d "host=$(<"$WORK/clusters/primary/socket") user=supabase_admin application_name=$1"
    cluster_settings "$1" unix_socket_directories="$(<"$WORK/clusters/$1/socket")" synchronous_standby_names= archive_mode=off
}
until_true() { # CLUSTER DATABASE QUERY
    local try
    for try in {1..300}; do
        [[ $(at "$1" psql_as supabase_admin "$2" -Atc "$3") != t ]] || return 0
        sleep 0.1
    done
    return 1
}

# in_use stays as it is until the standby is promoted; calls is written all the time.
primary() {
    ARCHIVE=$WORK/clusters/primary-archive
    rm -rf "$ARCHIVE"
    mkdir -p "$ARCHIVE"
    [[ $EUID != 0 ]] || chown "$SERVER_USER" "$ARCHIVE"
    cluster_start primary "$major" fsync=off synchronous_commit=remote_apply archive_mode=on archive_command="cp \"%p\" \"$ARCHIVE/%f\""
    cluster_env primary
    template installed legacy
    fresh_database in_use installed_legacy
    psql_as postgres in_use -o /dev/null -f tests/fixtures/users_things.sql -f tests/fixtures/in_use.sql
    fresh_database calls in_use
    psql_as postgres calls -o /dev/null -c "UPDATE public.quota_limits SET limit_amount = 1000000 WHERE name <> 'at once'"
    goes_on_without calls
}
with_standby() {
    base_backup standby --write-recovery-conf
    cluster_up standby || return 1
    cluster_settings primary synchronous_standby_names=standby
    psql_as supabase_admin postgres -o /dev/null -c 'SELECT pg_reload_conf()'
    until_true primary postgres "SELECT count(*) = 1 FROM pg_stat_replication WHERE application_name = 'standby' AND sync_state = 'sync'"
}

# ---- what a standby says

reads() {
    holds in_use >"$OUT/primary.holds"
    psql_as authenticator in_use -f tests/servers/reads.sql >"$OUT/primary.reads" 2>&1
    at standby holds in_use >"$OUT/standby.holds"
    at standby psql_as authenticator in_use -f tests/servers/reads.sql >"$OUT/standby.reads" 2>&1
    same 'lists, checks, status, estimates, bills and exports are those of the primary' "$OUT/primary.holds" "$OUT/standby.holds"
    unsound "$OUT/standby.holds" | nothing 'verify() and verify_quota() run there, and find nothing wrong'
    same 'requests of users are answered as on the primary' "$OUT/primary.reads" "$OUT/standby.reads"
    unsound "$OUT/standby.reads" | nothing 'without an error'
}
writes() {
    at standby psql_as postgres in_use -f tests/servers/writes.sql >"$OUT/writes" 2>&1
    grep -vE '^has its answer\||\|25006 cannot [^|]* (in a read-only transaction|during recovery)$' "$OUT/writes" | nothing 'every function that writes is refused with 25006'
    grep '^has its answer' "$OUT/writes" | diff <(echo 'has its answer|t|f') - | nothing 'a retry of an admitted call gets its answer there'
    value in_use "SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = 'model_access'
                   WHERE EXISTS (SELECT FROM pg_proc AS w WHERE w.pronamespace = 'public'::regnamespace AND w.proname = p.proname)" |
        grep -vxFf <(grep -ohE '\b(public|model_access)\.\w+' tests/servers/{holds,writes}.sql | sed 's/.*\.//') | nothing 'no public function was left out'
}

# ---- the list that a backend of the standby keeps, while the primary changes the catalogue

# One session on the standby lives until the end, over the promotion. As copies its pipes are there in subshells too.
session() {
    coproc SESSION { at standby psql_as supabase_admin calls -At 2>&1; }
    exec 5<&"${SESSION[0]}" 6>&"${SESSION[1]}"
}
ask() ( # QUERY: the session's answer, or that there is none
    line=
    trap '' PIPE
    printf '%s;\nSELECT %s;\n' "$1" "'end of answer'" >&6 || true
    while IFS= read -r -t 60 line <&5 && [[ $line != 'end of answer' ]]; do echo "$line"; done
    [[ $line == 'end of answer' ]] || echo 'the session says no more'
)
follows() { # NAME STATEMENT…: by the developer role on the primary
    local name=$1 statement commands=() rows
    shift
    for statement in "$@"; do commands+=(-c "$statement"); done
    psql_as postgres calls -o /dev/null "${commands[@]}"
    rows=$(value calls "SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('B'))")
    ask "SELECT test.compared_list('B')" | diff <(echo "same, $rows rows") - | nothing "the kept list follows $name"
}
list_follows() {
    session
    ask "SELECT test.compared_list('B')" | diff <(echo 'same, 30 rows') - | nothing 'a session has a list'
    ask "SELECT DISTINCT name FROM pg_backend_memory_contexts WHERE name = 'model_access rows'" | diff <(echo 'model_access rows') - | nothing 'and keeps it'
    follows 'a model that opens' "SELECT public.update_model_tier_access('acme/m31', true, true, true, 'active')"
    follows 'a price' "UPDATE public.model_access SET prompt_price = '0.7' WHERE model_id = 'acme/m2'"
    follows 'a sync' 'SELECT public.sync_openrouter_models(test.feed(36))'
    follows 'what was rolled back' "BEGIN; UPDATE public.model_access SET status = 'disabled' WHERE true; ROLLBACK"
    follows 'what a savepoint took back' "BEGIN; SAVEPOINT a; UPDATE public.model_access SET status = 'disabled' WHERE true; ROLLBACK TO a;
        UPDATE public.model_access SET model_name = 'Renamed' WHERE model_id = 'acme/m6'; COMMIT"
    follows 'a new column' 'ALTER TABLE public.model_access ADD COLUMN ours_too text'
    follows 'a write without the trigger' 'BEGIN; ALTER TABLE public.model_access DISABLE TRIGGER USER; UPDATE public.model_access SET model_name = '"'Unseen'"' WHERE true; COMMIT'
    follows 'another one' "UPDATE public.model_access SET model_name = 'Unseen too' WHERE true"
    follows 'the trigger that is back' "ALTER TABLE public.model_access ENABLE TRIGGER our_trigger, ENABLE ALWAYS TRIGGER model_access_catalogue_version,
        ENABLE REPLICA TRIGGER model_access_catalogue_version_row" "UPDATE public.model_access SET model_name = 'Seen' WHERE true"
    follows 'a table that is empty' 'CREATE TABLE public.kept_aside AS SELECT * FROM public.model_access' 'TRUNCATE public.model_access CASCADE'
    follows 'and full again' 'INSERT INTO public.model_access SELECT * FROM public.kept_aside' 'DROP TABLE public.kept_aside'
    ask 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1' >"$OUT/old_snapshot"
    ask "SELECT test.compared_list('B')" >"$OUT/old_list"
    psql_as postgres calls -c "UPDATE public.model_access SET status = 'disabled' WHERE model_id = 'acme/m6'"
    ask "SELECT test.compared_list('B')" | diff "$OUT/old_list" - | nothing 'an old snapshot has the old list'
    ask 'COMMIT' | nothing 'to its end'
    follows 'what happened meanwhile' "UPDATE public.model_access SET status = 'active' WHERE model_id = 'acme/m6'"
}

# ---- the primary dies while calls run

# Calls of one client, each with a key of its own; every other client waits until the standby has applied, the others until it
# has written. psql prints a row when its commit was acknowledged.
calls_of_client() { # NUMBER
    local n who
    [[ $(($1 % 2)) == 0 ]] || echo 'SET synchronous_commit = on;'
    for n in {1..20000}; do
        who=${PEOPLE:$((n % 4)):1}
        printf "SELECT reservation_id FROM public.reserve_model_quota(test.id('%s'), 'acme/m6', 3, 4, 'r%s-%s') \\\\gset\n" "$who" "$1" "$n"
        printf "SELECT '%s', 'r%s-%s' FROM public.settle_model_quota(:'reservation_id', '{\"total_tokens\": 5}');\n" "$who" "$1" "$n"
        printf "SELECT '%s', 'c%s-%s' FROM public.consume_model_quota(test.id('%s'), 'acme/m7', 2, 1, 'c%s-%s') AS c WHERE c.allowed;\n" \
            "$who" "$1" "$n" "$who" "$1" "$n"
    done
}
PEOPLE=ABPS
CLIENTS=4
calls_begin() {
    local client
    CLIENT_PIDS=()
    for ((client = 1; client <= CLIENTS; client++)); do
        calls_of_client "$client" | psql_as postgres calls -At >"$OUT/acked.$client" 2>"$OUT/client.$client" &
        CLIENT_PIDS+=($!)
    done
}
# A moment between calls, and what had been committed by then. A recovery fails that finds no later commit in the archive: there
# is one, and its WAL is archived before the primary dies.
moment_passes() {
    sleep 1
    read -r before moment < <(psql_as postgres calls -AtF ' ' -c 'SELECT count(*) FROM public.ai_usage' -c "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00\"')" | paste -sd ' ')
    until_true primary calls "SELECT max(created_at) > '$moment' FROM public.ai_usage" || return 1
    segment=$(psql_as supabase_admin postgres -Atc 'SELECT pg_walfile_name(pg_switch_wal())')
    until_true primary postgres "SELECT last_archived_wal >= '$segment' FROM pg_stat_archiver"
}
dies_and_promotes() {
    calls_begin
    step 'a moment passes while calls run' moment_passes || return 1
    step 'the primary dies while calls run' cluster_crash primary || return 1
    wait "${CLIENT_PIDS[@]}" || true
    cat "$OUT"/acked.* >"$OUT/acked"
    step 'the standby is promoted' as_server "$WORK/servers/$major/bin/pg_ctl" -D "$WORK/clusters/standby/data" -w -t 60 promote || return 1
    cluster_env standby
    grep -LE 'connection to server was lost|terminat' "$OUT"/client.* | nothing 'every client was in the middle of its calls'
    say "$(wc -l <"$OUT/acked") calls were acknowledged"
}
lost_calls() {
    [[ -s $OUT/acked ]] || echo 'no call was acknowledged'
    psql_as postgres calls -At -c 'CREATE TEMP TABLE acked (who text, key text)' -c "\\copy acked FROM '$OUT/acked' (DELIMITER '|')" \
        -c 'SELECT a.* FROM acked AS a WHERE NOT EXISTS (SELECT FROM public.ai_usage AS u WHERE u.user_id = test.id(a.who) AND u.idempotency_key = a.key)' 2>&1 || echo 'psql failed'
}
# Every acknowledged call of one client, once more.
retried() {
    local rows
    [[ -s $OUT/acked.1 ]] || echo 'no call of the first client was acknowledged'
    rows=$(value calls 'SELECT count(*) FROM public.ai_usage')
    psql_as postgres calls -At -c 'CREATE TEMP TABLE acked (who text, key text)' -c "\\copy acked FROM '$OUT/acked.1' (DELIMITER '|')" \
        -c "SELECT a.*, c.reason FROM acked AS a CROSS JOIN LATERAL public.consume_model_quota(test.id(a.who), 'acme/m7', 2, 1, a.key) AS c WHERE a.key LIKE 'c%' AND NOT c.allowed" 2>&1 || echo 'psql failed'
    value calls "SELECT count(*) FROM public.ai_usage HAVING count(*) <> $rows"
}
took_over() {
    lost_calls | nothing 'no acknowledged call is lost'
    value calls 'SELECT * FROM public.verify_quota()' | nothing 'verify_quota() finds nothing wrong: no counter is behind the ledger'
    value calls 'SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok' | nothing 'nor does verify()'
    retried | nothing 'a retry gets the answer of before, and is counted once'
    goes_on in_use | diff "$OUT/goes_on_without_calls" - | nothing 'calls go on, those in flight end, keys and sequences go on'
    ask "SELECT test.compared_list('B')" | grep -v '^same' | nothing 'a session from before is as right'
    psql_as postgres calls -o /dev/null -c "SELECT public.update_model_tier_access('acme/m32', true, true, true, 'active')"
    ask "SELECT test.compared_list('B')" | diff <(echo "same, $(value calls "SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('B'))") rows") - | nothing 'and follows the catalogue'
    ask "SELECT allowed FROM public.consume_model_quota(test.id('B'), 'acme/m6', 1)" | diff <(echo t) - | nothing 'and calls'
}

# ---- the base backup, restored to the moment

restored() {
    cluster_settings moment restore_command="cp \"$ARCHIVE/%f\" \"%p\"" recovery_target_time="$moment" recovery_target_action=promote
    as_server touch "$WORK/clusters/moment/data/recovery.signal"
    cluster_up moment || return 1
    until_true moment postgres 'SELECT NOT pg_is_in_recovery()'
}
back_to_the_moment() {
    local rows
    about="restore to a moment on $major"
    step 'restored' restored || return 0
    cluster_env moment
    rows=$(value calls 'SELECT count(*) FROM public.ai_usage')
    { [[ $rows -ge $before && $rows -lt $(at standby value calls 'SELECT count(*) FROM public.ai_usage') ]] || echo "$rows rows, $before before"; } |
        nothing 'it holds what was committed by then, and less than came later'
    value calls "SELECT max(created_at) FROM public.ai_usage HAVING max(created_at) > '$moment'" | nothing 'what it holds was there by then'
    value calls 'SELECT * FROM public.verify_quota()' | nothing 'verify_quota() finds nothing wrong'
    value calls 'SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok' | nothing 'nor does verify()'
    goes_on in_use | diff "$OUT/goes_on_without_calls" - | nothing 'calls go on'
}

standbys() {
    local cluster
    about="standby on $major"
    primary
    step 'a standby follows' with_standby || return 0
    reads
    writes
    list_follows
    base_backup moment
    dies_and_promotes || return 0
    took_over
    back_to_the_moment
    for cluster in primary standby moment; do cluster_stop "$cluster"; done
    rm -rf "$ARCHIVE"
}
