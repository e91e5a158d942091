-- A retry with its key gets the first answer and counts once; only what was admitted is kept; another call with the key is PT409.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 3 WHERE true;
SET ROLE service_role;
SELECT allowed, used, remaining FROM generate_series(1, 3) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n * 0 + 10, 1, 'key 1') AS c;
SELECT r.reservation_id = lag(r.reservation_id) OVER (ORDER BY n) AS same, held, remaining FROM generate_series(1, 2) AS n CROSS JOIN LATERAL public.reserve_model_quota(test.id('A'), 'acme/m1', n * 0 + 10, 10, 'key 2') AS r ORDER BY n;
SELECT usage_id = lag(usage_id) OVER (ORDER BY n) AS same, repeated FROM generate_series(1, 2) AS n CROSS JOIN LATERAL public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 5}', 'key ' || n * 0 + 3) AS r ORDER BY n;
SELECT count(*) AS ledger FROM public.ai_usage;
SELECT used, held FROM public.check_model_quota(test.id('A'), 'acme/m1');
-- Another user's key is another key.
SELECT allowed, used FROM public.consume_model_quota(test.id('B'), 'acme/m1', 99, 1, 'key 1');
-- Same key, other arguments, or another operation.
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 11, 1, 'key 1')$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m2', 10, 1, 'key 1')$$);
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 10, 2, 'key 1')$$);
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 0, 'key 1')$$);
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('A'), 'acme/m1', 5, 15, 'key 2')$$);
SELECT test.outcome($$SELECT public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 6}', 'key 3')$$);
-- A denied call is decided anew: the key does not remember it.
SELECT allowed, reason FROM public.consume_model_quota(test.id('A'), 'acme/m1', 10, 1, 'key 4');
SELECT count(*) AS kept FROM public.quota_requests WHERE idempotency_key = 'key 4';
SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'daily_limit', -1, 'one more') AS used;
SELECT allowed, remaining FROM public.consume_model_quota(test.id('A'), 'acme/m1', 10, 1, 'key 4');
-- A call that was rolled back is forgotten with its key.
BEGIN;
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m2', 10, 1, 'key 5');
ROLLBACK;
SELECT allowed, used FROM public.consume_model_quota(test.id('A'), 'acme/m2', 77, 1, 'key 5');
-- Answers are kept for key_retention, then the key is new.
RESET ROLE;
UPDATE public.quota_requests SET created_at = now() - interval '36 days' WHERE idempotency_key = 'key 5';
SET ROLE service_role;
SELECT public.expire_reservations() AS expired;
SELECT idempotency_key, operation FROM public.quota_requests ORDER BY user_id, idempotency_key;
SELECT allowed, used FROM public.consume_model_quota(test.id('A'), 'acme/m2', 10, 1, 'key 5');
SELECT * FROM public.verify_quota();
