-- The call that was in flight is settled, new ones are made, and then everything agrees: truths only.
SELECT (SELECT s.tokens = 150 FROM public.settle_model_quota(
            (SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.idempotency_key = 'open'), '{"prompt_tokens": 100, "completion_tokens": 50}') AS s),
       (SELECT c.allowed AND c.used >= 1 FROM public.consume_model_quota(test.id('A'), 'acme/m2', 100, 1, 'used') AS c),
       (SELECT c.allowed FROM public.consume_model_quota(test.id('B'), 'acme/m3', 10) AS c);
SELECT (SELECT count(*) = 5 FROM public.my_models),
       (SELECT count(*) = 2 FROM public.get_quota_status(test.id('A'))),
       public.estimate_model_cost('acme/m1', '{"prompt_tokens": 1000}') > 0,
       (SELECT sum(requests) >= 3 FROM public.get_usage_summary('-infinity', 'infinity')),
       NOT EXISTS (SELECT FROM public.verify_quota());
-- A sync works with the tables that are there: where they know days of expiration and notices, it stores them.
SELECT public.sync_openrouter_models(test.feed(6)) ->> 'success' = 'true' AND public.sync_openrouter_models(test.feed(5)) ->> 'success' = 'true'
           AND public.sync_openrouter_models(jsonb_set(test.feed(6), '{0,expiration_date}', '"2098-12-31"')) ->> 'models_reactivated' = '1';
SELECT (SELECT coalesce(pg_catalog.to_jsonb(m) ->> 'expiration_date', 'none') = CASE WHEN to_regclass('public.model_access_notices') IS NULL THEN 'none' ELSE '2098-12-31' END
          FROM public.model_access AS m WHERE m.model_id = 'acme/m1');
