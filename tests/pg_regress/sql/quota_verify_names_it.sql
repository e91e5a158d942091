-- verify_quota() names a corrupted counter, a corrupted hold and a deleted ledger row; no row when all is well.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 9 WHERE true;
SELECT public.set_quota_limit('pool', 'tokens', 'monthly', 100000, 'tier', 'free', 'pool', 'acme/*') > 0 AS pool, public.set_quota_limit('life', 'requests', 'lifetime', 50, p_per_model => true) > 0 AS life, public.set_quota_limit('at once', 'concurrent', NULL, 5) > 0 AS at_once;
SELECT count(*) FILTER (WHERE c.allowed) FROM generate_series(1, 3) AS n, unnest(ARRAY['A', 'X', 'B']) AS who CROSS JOIN LATERAL public.consume_model_quota(test.id(who), 'acme/m1', 10 * n) AS c;
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 5, 6) \gset
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m2', 5, 6) \gset settled_
SELECT tokens FROM public.settle_model_quota(:'settled_id', '{"total_tokens": 4}');
SELECT tokens FROM public.record_model_usage(test.id('A'), 'other/model', '{"total_tokens": 40}');
SELECT * FROM public.verify_quota();
CREATE FUNCTION pg_temp.found() RETURNS TABLE (problem text, limit_name text, who text, model text, expected numeric, actual numeric, detail text) LANGUAGE sql AS $$
    SELECT v.problem, v.limit_name, CASE v.subject WHEN test.id('A') THEN 'A' WHEN test.id('B') THEN 'B' WHEN '00000000-0000-0000-0000-000000000000' THEN 'pool' END, v.model, v.expected, v.actual, regexp_replace(v.detail, '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g') FROM public.verify_quota() AS v ORDER BY 1, 2, 3, 4, 5
$$;
-- A counter.
BEGIN;
UPDATE public.quota_usage SET used = used - 1 WHERE source = 'daily' AND subject = test.id('B');
SELECT * FROM pg_temp.found();
ROLLBACK;
BEGIN;
UPDATE public.quota_usage SET held = held + 1 WHERE subject = '00000000-0000-0000-0000-000000000000';
SELECT * FROM pg_temp.found();
SELECT count(*) AS of_b FROM public.verify_quota(test.id('B'));
ROLLBACK;
-- A hold: changed, gone, of nothing.
BEGIN; UPDATE public.quota_holds SET amount = amount + 1 WHERE counter_id = (SELECT counter_id FROM public.quota_usage WHERE source = 'daily' AND held > 0); SELECT * FROM pg_temp.found(); ROLLBACK;
BEGIN; DELETE FROM public.quota_holds WHERE counter_id = (SELECT counter_id FROM public.quota_usage WHERE source = 'daily' AND held > 0); SELECT * FROM pg_temp.found(); ROLLBACK;
BEGIN; UPDATE public.quota_reservations SET status = 'released' WHERE reservation_id = :'id'; SELECT problem, count(*) FROM pg_temp.found() GROUP BY 1; ROLLBACK;
BEGIN; DELETE FROM public.quota_reservations WHERE reservation_id = :'id'; SELECT problem, count(*) FROM pg_temp.found() GROUP BY 1; ROLLBACK;
BEGIN; DELETE FROM public.quota_usage WHERE held > 0 AND source = 'daily'; SELECT * FROM pg_temp.found(); ROLLBACK;
-- A ledger row: deleted, changed, invented.
BEGIN; DELETE FROM public.ai_usage WHERE reservation_id = :'settled_id'; SELECT * FROM pg_temp.found(); ROLLBACK;
BEGIN; DELETE FROM public.ai_usage WHERE user_id = test.id('B') AND tokens_used = 20; SELECT * FROM pg_temp.found(); ROLLBACK;
BEGIN; UPDATE public.ai_usage SET tokens_used = 1000 WHERE user_id = test.id('A') AND tokens_used = 30; SELECT * FROM pg_temp.found(); ROLLBACK;
BEGIN; INSERT INTO public.ai_usage (user_id, model, tier, requests) VALUES (test.id('B'), 'acme/m1', 'enterprise', 5); SELECT * FROM pg_temp.found(); ROLLBACK;
SELECT * FROM public.verify_quota();
