-- QUO: what clients may do with quotas, as PostgREST shapes requests.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 2 WHERE true;
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id IN (test.id('A'), test.id('P'));
SELECT public.set_quota_limit('org', 'tokens', 'daily', 1000, 'organization', '00000000-0000-4000-8000-0000000000f1', 'organization') > 0 AS set;
SELECT public.set_quota_limit('own', 'tokens', 'daily', 500, 'user', test.id('A')::text) > 0 AS set;
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 100);
SELECT allowed FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 100, 100);
SELECT allowed FROM public.consume_model_quota(test.id('B'), 'acme/m1', 100);
CREATE FUNCTION test.seen() RETURNS TABLE (relation text, rows bigint) LANGUAGE sql AS $$
    SELECT * FROM (SELECT 'ai_usage', count(*) FROM public.ai_usage UNION ALL SELECT 'quota_usage', count(*) FROM public.quota_usage UNION ALL SELECT 'quota_limits', count(*) FROM public.quota_limits
    UNION ALL SELECT 'quota_reservations', count(*) FROM public.quota_reservations UNION ALL SELECT 'quota_alerts', count(*) FROM public.quota_alerts UNION ALL SELECT 'organizations', count(*) FROM public.organizations) AS x (relation, rows) ORDER BY 1
$$;
\connect - authenticator
-- A user sees his own rows, an organisation's admin (P) the organisation's too, another user his, nobody else's.
BEGIN; SELECT test.request('authenticated', 'A'); SELECT * FROM test.seen(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'P'); SELECT * FROM test.seen(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'B'); SELECT * FROM test.seen(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'X'); SELECT * FROM test.seen(); ROLLBACK;
-- QUO-01, QUO-11: no write to any of the tables, own rows or others'.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT t, left(test.outcome(format('INSERT INTO public.%I DEFAULT VALUES', t)), 5) AS insert, left(test.outcome(format('UPDATE public.%I SET %s WHERE true', t, c)), 5) AS update, left(test.outcome(format('DELETE FROM public.%I WHERE true', t)), 5) AS delete
  FROM (VALUES ('ai_usage', 'tokens_used = -2000000000'), ('quota_usage', 'used = 0'), ('quota_limits', 'limit_amount = NULL'), ('quota_holds', 'amount = 0'), ('quota_reservations', 'tokens = 0'), ('quota_requests', 'result = ''{}'''), ('quota_alerts', 'used = 0'), ('quota_limit_history', 'reason = ''''')) AS x (t, c);
SELECT left(test.outcome('SELECT * FROM public.quota_holds'), 5) AS holds, left(test.outcome('SELECT * FROM public.quota_requests'), 5) AS requests, left(test.outcome('SELECT * FROM public.quota_limit_history'), 5) AS history;
ROLLBACK;
-- QUO-02: what is the server's is 403 for clients, whoever and whatever is named; his own status and check are his.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT f, left(test.outcome('SELECT ' || f), 5) FROM unnest(ARRAY['public.consume_model_quota(test.id(''A''), ''acme/m1'', 1)', 'public.consume_model_quota(test.id(''X''), ''acme/m1'', 1)', 'public.reserve_model_quota(test.id(''A''), ''acme/m1'', 1, 1)',
    'public.require_model_quota(test.id(''A''), ''acme/m1'', 1, 1)', 'public.settle_model_quota(gen_random_uuid(), ''{}'')', 'public.release_model_quota(gen_random_uuid())', 'public.extend_model_quota(gen_random_uuid(), ''1 minute'')', 'public.consume_model_quota_batch(''[]'')',
    'public.record_model_usage(test.id(''A''), ''acme/m1'', ''{"total_tokens": 1}'')', 'public.set_quota_limit(''x'', ''tokens'', ''daily'', 1)', 'public.remove_quota_limit(1)', 'public.adjust_quota(test.id(''A''), ''acme/m1'', ''org'', -1, '''')', 'public.expire_reservations()', 'public.verify_quota()',
    'public.check_model_quota(test.id(''B''), ''acme/m1'')', 'public.check_model_quota(test.id(''X''), ''acme/m1'')', 'public.get_quota_status(test.id(''B''))', 'public.get_quota_status()', 'public.check_model_quota(NULL, ''acme/m1'')']) AS f;
SELECT name, used, held, remaining FROM public.get_quota_status() WHERE model IN ('*', 'acme/m1') ORDER BY name;
SELECT allowed, limit_name, remaining FROM public.check_model_quota(NULL, 'acme/m1', 1);
ROLLBACK;
BEGIN; SELECT test.request('anon'); SELECT test.outcome('SELECT public.get_quota_status()'), test.outcome('SELECT public.check_model_quota(NULL, ''acme/m1'')'); ROLLBACK;
-- QUO-06: require_… raises what PostgREST turns into a response; its message and detail are JSON objects.
CREATE FUNCTION pg_temp.response(p_model text, p_tokens bigint) RETURNS TABLE (sqlstate text, code text, status text, headers text, hint text, reason text) LANGUAGE plpgsql AS $$
DECLARE detail text; state text; body jsonb;
BEGIN
    PERFORM public.require_model_quota(test.id('A'), p_model, 0, p_tokens);
    RETURN QUERY SELECT '-', '-', '-', '-', '-', '-';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, state = RETURNED_SQLSTATE;
    body := SQLERRM::jsonb;
    RETURN QUERY SELECT state, body ->> 'code', detail::jsonb ->> 'status', regexp_replace(detail::jsonb ->> 'headers', '"[1-9]\d*"', '"<seconds>"'), body ->> 'hint', (body ->> 'details')::jsonb ->> 'reason';
END $$;
BEGIN;
SELECT test.request('service_role');
SELECT * FROM pg_temp.response('acme/none', 1);
SELECT * FROM pg_temp.response('acme/m1', 1);
SELECT * FROM pg_temp.response('acme/m2', 400);
SELECT * FROM pg_temp.response('acme/m2', 501);
SELECT * FROM pg_temp.response('acme/m2', 1);
ROLLBACK;
-- QUO-07: a denial is an answer; nothing of it is stored.
BEGIN; SELECT test.request('service_role'); SELECT allowed, reason FROM public.consume_model_quota(test.id('A'), 'acme/m1', 1); SELECT pg_current_xact_id_if_assigned() IS NULL AS wrote_nothing; COMMIT;
-- QUO-08: rolled back, nothing happened.
BEGIN; SELECT test.request('service_role'); SELECT allowed FROM public.consume_model_quota(test.id('B'), 'acme/m2', 7); ROLLBACK;
-- QUO-09: the window does not move with the session's zone.
BEGIN; SELECT test.request('service_role');
SELECT count(DISTINCT extract(epoch FROM resets_at)) AS windows FROM unnest(ARRAY['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati']) AS zone, LATERAL (SELECT set_config('TimeZone', zone, true) AS z OFFSET 0) AS s, LATERAL (SELECT c.resets_at FROM public.check_model_quota(test.id('B'), 'acme/m' || (length(s.z) * 0 + 1), 1) AS c OFFSET 0) AS c;
ROLLBACK;
-- QUO-12: reading functions work in a read-only transaction, as a GET or a standby has it; consuming does not.
BEGIN READ ONLY; SELECT test.request('service_role'); SELECT allowed FROM public.check_model_quota(test.id('B'), 'acme/m2'); SELECT count(*) > 0 AS status FROM public.get_quota_status(test.id('B')); SELECT count(*) FROM public.verify_quota();
SELECT left(test.outcome('SELECT public.consume_model_quota(test.id(''B''), ''acme/m2'', 1)'), 5) AS consume; ROLLBACK;
-- QUO-14: a partition is closed, even to those who may read the ledger.
BEGIN; SELECT test.request('service_role'); SELECT DISTINCT left(test.outcome(format(s, c.oid::regclass)), 5) FROM pg_class AS c, unnest(ARRAY['SELECT * FROM %s', 'TRUNCATE %s', 'DELETE FROM %s WHERE true']) AS s WHERE c.relispartition AND c.relname LIKE 'ai\_usage\_%' AND c.relkind = 'r'; ROLLBACK;
-- QUO-10: an account goes, its bills stay.
\connect - supabase_auth_admin
DELETE FROM auth.users WHERE id = test.id('A');
\connect - postgres
SELECT (SELECT count(*) FROM public.profiles WHERE id = test.id('A')) AS profiles, (SELECT count(*) FROM public.ai_usage WHERE user_id = test.id('A')) AS bills;
SELECT * FROM public.verify_quota();
