-- A denial that nobody contends changes no row, writes no WAL, assigns no transaction id and leaves no lock; so do check and a key.
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 1 WHERE true;
SELECT public.set_quota_limit('org', 'tokens', 'daily', 10, p_per => 'organization') > 0 AS set;
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 1);
CREATE FUNCTION pg_temp.cost(p_statement text) RETURNS TABLE (wal_records int, xid boolean, locks bigint) LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, WAL, FORMAT json) ' || p_statement INTO plan;
    RETURN QUERY SELECT (plan #>> '{0,Plan,WAL Records}')::int, pg_current_xact_id_if_assigned() IS NOT NULL,
        (SELECT count(*) FROM pg_locks AS l WHERE l.pid = pg_backend_pid() AND (l.locktype IN ('advisory', 'tuple', 'transactionid') OR l.mode IN ('RowShareLock', 'RowExclusiveLock') AND l.relation::regclass::text LIKE '%quota%'));
END $$;
SET ROLE service_role;
\set consume 'SELECT * FROM public.consume_model_quota(test.id($$A$$), $$acme/m1$$, 1'
SELECT allowed, reason FROM public.consume_model_quota(test.id('A'), 'acme/m1', 1);
SELECT * FROM pg_temp.cost(:'consume' || ')');
SELECT * FROM pg_temp.cost(:'consume' || ', 1, $$key$$)');
SELECT * FROM pg_temp.cost('SELECT * FROM public.reserve_model_quota(test.id($$A$$), $$acme/m1$$, 1, 1)');
SELECT * FROM pg_temp.cost('SELECT public.consume_model_quota_batch(jsonb_build_array(jsonb_build_object($$user_uuid$$, test.id($$A$$), $$model_id$$, $$acme/m1$$, $$tokens$$, 1)))');
SELECT * FROM pg_temp.cost('SELECT * FROM public.check_model_quota(test.id($$A$$), $$acme/m1$$)');
SELECT * FROM pg_temp.cost('SELECT * FROM public.get_quota_status(test.id($$A$$))');
-- A limit of 0 refuses the first request of somebody without a counter: demand 8.
UPDATE public.model_access SET daily_limit = 0 WHERE true;
SELECT * FROM pg_temp.cost('SELECT * FROM public.consume_model_quota(test.id($$B$$), $$acme/m1$$, 1)');
SELECT count(*) AS counters_of_b FROM public.quota_usage WHERE subject = test.id('B');
-- An admission does write.
UPDATE public.model_access SET daily_limit = 9 WHERE true;
SELECT wal_records > 0 AS wal, xid, locks > 0 AS locks FROM pg_temp.cost(:'consume' || ')');
