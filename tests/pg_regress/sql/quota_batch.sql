-- A batch: each item by itself, in order, all in one transaction; N is checked as N.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 3 WHERE true;
SET ROLE service_role;
CREATE FUNCTION pg_temp.item(p_who text, p_model text, p_more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('user_uuid', test.id(p_who), 'model_id', p_model, 'tokens', 10) || p_more
$$;
SELECT n, d ->> 'allowed' AS allowed, d ->> 'reason' AS reason, d ->> 'used' AS used, d ->> 'remaining' AS remaining
  FROM jsonb_array_elements(public.consume_model_quota_batch(jsonb_build_array(
      pg_temp.item('A', 'acme/m1'), pg_temp.item('A', 'acme/m1', '{"requests": 3}'), pg_temp.item('B', 'acme/m1', '{"requests": 2}'), pg_temp.item('A', 'acme/none'),
      pg_temp.item('A', 'acme/m1', '{"requests": 2}'), pg_temp.item('A', 'acme/m1'), pg_temp.item('A', 'acme/m2', '{"idempotency_key": "k"}'), pg_temp.item('A', 'acme/m2', '{"idempotency_key": "k"}')))) WITH ORDINALITY AS x (d, n) ORDER BY n;
SELECT user_id = test.id('A') AS of_a, model, count(*), sum(requests) AS requests FROM public.ai_usage GROUP BY 1, 2 ORDER BY 1, 2;
-- QUO-04, demand 9: a call for more than is left is refused whole.
SELECT allowed, used, requested, remaining FROM public.consume_model_quota(test.id('B'), 'acme/m1', 1, 2);
SELECT used FROM public.check_model_quota(test.id('B'), 'acme/m1');
-- The answer is that of consume_model_quota as an object.
SELECT d.d = to_jsonb(c) - 'resets_at' - 'retry_after_seconds' || jsonb_build_object('resets_at', d.d -> 'resets_at', 'retry_after_seconds', d.d -> 'retry_after_seconds') AS same
  FROM public.consume_model_quota(test.id('A'), 'acme/m1', 10) AS c, LATERAL (SELECT public.consume_model_quota_batch(jsonb_build_array(pg_temp.item('A', 'acme/m1'))) -> 0 AS d) AS d;
SELECT public.consume_model_quota_batch('[]');
-- An item that makes no sense stops the batch before anything is admitted, and is named.
SELECT test.outcome(format('SELECT public.consume_model_quota_batch(%L)', jsonb_build_array(pg_temp.item('B', 'acme/m2'), x.item))) FROM (VALUES
    (1, '1'::jsonb), (2, '{}'), (3, '{"user_uuid": "x", "model_id": "a", "tokens": 1}'), (4, pg_temp.item('A', 'acme/m1', '{"tokens": -1}')), (5, pg_temp.item('A', 'acme/m1', '{"tokens": 1.5}')),
    (6, pg_temp.item('A', 'acme/m1', '{"requests": 2147483648}')), (7, pg_temp.item('A', 'acme/m1', '{"idempotency_key": ""}')), (8, pg_temp.item('A', 'acme/m1', '{"model": "x"}')), (9, pg_temp.item('A', 'acme/m1', '{"model_id": null}'))) AS x (n, item) ORDER BY n;
SELECT test.outcome(format('SELECT public.consume_model_quota_batch(%L)', jsonb_build_array(pg_temp.item('B', 'acme/m2', '{"idempotency_key": "k"}'), pg_temp.item('B', 'acme/m2', '{"idempotency_key": "k", "tokens": 11}'))));
SELECT test.outcome($$SELECT public.consume_model_quota_batch('{}')$$);
SELECT test.outcome($$SELECT public.consume_model_quota_batch(NULL)$$);
SELECT test.outcome($$SELECT public.consume_model_quota_batch((SELECT jsonb_agg(n) FROM generate_series(1, 1001) AS n))$$);
SELECT count(*) AS of_b FROM public.ai_usage WHERE user_id = test.id('B') AND model = 'acme/m2';
-- A thousand items.
SELECT count(*) FILTER (WHERE d -> 'allowed' = 'true') AS allowed, count(*) AS items
  FROM jsonb_array_elements(public.consume_model_quota_batch((SELECT jsonb_agg(jsonb_build_object('user_uuid', format('11111111-0000-4000-8000-%s', lpad((n % 300)::text, 12, '0')), 'model_id', 'acme/m2', 'tokens', 1)) FROM generate_series(1, 1000) AS n))) AS x (d);
SELECT * FROM public.verify_quota();
