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
