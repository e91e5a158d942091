-- reserve → settle, release, extend, expire: usage is stored once, in full, whatever became of the reservation; holds do not leak.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 10 WHERE true;
SET ROLE service_role;
SELECT public.set_quota_limit('tokens', 'tokens', 'daily', 1000) > 0 AS set;
CREATE FUNCTION pg_temp.state() RETURNS TABLE (name text, used numeric, held numeric, remaining numeric) LANGUAGE sql AS $$
    SELECT s.name, s.used, s.held, s.remaining FROM public.get_quota_status(test.id('A')) AS s WHERE s.name = 'tokens' OR s.model = 'acme/m1' ORDER BY s.name
$$;
SELECT allowed, limit_name, used, held, remaining, reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 100, 500) \gset r1_
SELECT :'r1_allowed' AS allowed, :'r1_limit_name' AS "limit", :'r1_used' AS used, :'r1_held' AS held, :'r1_remaining' AS "left";
SELECT * FROM pg_temp.state();
SELECT usage_id IS NOT NULL AS stored, reservation_id = :'r1_id' AS same, model_id, tokens, cost_usd, cost_source, repeated, warnings FROM public.settle_model_quota(:'r1_id', '{"prompt_tokens": 90, "completion_tokens": 60, "total_tokens": 150, "prompt_tokens_details": {"cached_tokens": 30}}');
SELECT * FROM pg_temp.state();
-- Again with the same usage: the first receipt. With other usage: PT409. Release afterwards: nothing.
SELECT tokens, repeated FROM public.settle_model_quota(:'r1_id', '{"total_tokens": 150, "completion_tokens": 60, "prompt_tokens": 90, "prompt_tokens_details": {"cached_tokens": 30}}');
SELECT regexp_replace(test.outcome(format('SELECT public.settle_model_quota(%L, ''{"total_tokens": 151}'')', :'r1_id')), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>');
SELECT allowed FROM public.release_model_quota(:'r1_id');
SELECT * FROM pg_temp.state();
SELECT count(*) AS rows, sum(tokens_used) AS tokens, sum(cached_tokens) AS cached FROM public.ai_usage;
-- Released: the hold is gone; its usage, when it comes, is stored all the same.
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 400) \gset r2_
SELECT allowed, reservation_id = :'r2_id' AS same FROM public.release_model_quota(:'r2_id');
SELECT allowed FROM public.release_model_quota(:'r2_id');
SELECT * FROM pg_temp.state();
SELECT tokens, repeated FROM public.settle_model_quota(:'r2_id', '{"input_tokens": 7, "output_tokens": 3}');
SELECT * FROM pg_temp.state();
-- More than was held, and above the limit: stored in full, and told.
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 10) \gset r3_
SELECT tokens, warnings -> 0 ->> 'limit_name' AS exceeded FROM public.settle_model_quota(:'r3_id', '{"total_tokens": 2000}');
SELECT * FROM pg_temp.state();
-- Expired: what it held counts no longer although nothing swept; it can be settled, once.
SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'tokens', -2000, 'start again') AS used;
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 800, NULL, '1 second') \gset r4_
SELECT allowed, reason FROM public.check_model_quota(test.id('A'), 'acme/m1', 100);
SELECT pg_sleep(1.1);
SELECT * FROM pg_temp.state();
SELECT allowed, held, remaining FROM public.check_model_quota(test.id('A'), 'acme/m1', 100);
SELECT allowed, used, held FROM public.consume_model_quota(test.id('A'), 'acme/m1', 100);
SELECT regexp_replace(test.outcome(format('SELECT public.extend_model_quota(%L, ''1 minute'')', :'r4_id')), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>');
SELECT tokens, repeated FROM public.settle_model_quota(:'r4_id', '{"total_tokens": 5}');
SELECT * FROM pg_temp.state();
-- Swept: the same, and the row says so.
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 50, NULL, '1 second') \gset r5_
SELECT pg_sleep(1.1);
SELECT public.expire_reservations() AS expired, public.expire_reservations() AS again;
SELECT status, (SELECT count(*) FROM public.quota_holds) AS holds FROM public.quota_reservations WHERE reservation_id = :'r5_id';
SELECT tokens FROM public.settle_model_quota(:'r5_id', '{"total_tokens": 1}');
-- Extended: never shorter.
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 50) \gset r6_
SELECT expires_at AS was FROM public.quota_reservations WHERE reservation_id = :'r6_id' \gset
SELECT allowed FROM public.extend_model_quota(:'r6_id', '1 second');
SELECT expires_at = :'was' AS not_shorter FROM public.quota_reservations WHERE reservation_id = :'r6_id';
SELECT allowed FROM public.extend_model_quota(:'r6_id', '2 hours');
SELECT r.expires_at - :'was' > interval '1 hour' AS longer, bool_and(h.expires_at = r.expires_at) AS holds_too FROM public.quota_reservations AS r JOIN public.quota_holds AS h USING (reservation_id) WHERE r.reservation_id = :'r6_id' GROUP BY r.expires_at;
SELECT allowed FROM public.release_model_quota(:'r6_id');
-- A reserve that was rolled back leaves nothing; explicit zeros are zero.
BEGIN;
SELECT allowed FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 0, 500);
ROLLBACK;
SELECT * FROM pg_temp.state();
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 50) \gset r7_
SELECT tokens FROM public.settle_model_quota(:'r7_id', '{"prompt_tokens": 0, "completion_tokens": 0, "requests": 0}');
SELECT * FROM pg_temp.state();
-- Usage that makes no sense, and reservations that do not exist.
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 50) \gset r8_
SELECT test.outcome(format('SELECT public.settle_model_quota(%L, %s)', :'r8_id', u)) FROM unnest(ARRAY['NULL', '''{}''', '''[]''', '''{"total_tokens": -1}''', '''{"total_tokens": 1.5}''', '''{"total_tokens": 9223372036854775808}''', '''{"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 6}}''', '''{"usage": 1}''']) WITH ORDINALITY AS x (u, n) ORDER BY n;
SELECT test.outcome($$SELECT public.settle_model_quota(NULL, '{"total_tokens": 1}')$$);
SELECT test.outcome($$SELECT public.settle_model_quota('00000000-0000-4000-8000-000000000000', '{"total_tokens": 1}')$$);
SELECT test.outcome($$SELECT public.release_model_quota('00000000-0000-4000-8000-000000000000')$$);
SELECT test.outcome($$SELECT public.extend_model_quota('00000000-0000-4000-8000-000000000000', '1 minute')$$);
-- Whatever was deleted meanwhile: the user, the model, the limit.
RESET ROLE;
DELETE FROM public.profiles WHERE id = test.id('A');
DELETE FROM auth.users WHERE id = test.id('A');
DELETE FROM public.model_access WHERE model_id = 'acme/m1';
SET ROLE service_role;
SELECT count(public.remove_quota_limit(limit_id)) AS removed FROM public.quota_limits;
SELECT tokens, repeated FROM public.settle_model_quota(:'r8_id', '{"total_tokens": 42}');
SELECT count(*) AS rows, sum(tokens_used) AS tokens, sum(requests) AS requests FROM public.ai_usage;
SELECT * FROM public.verify_quota();
