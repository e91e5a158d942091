-- Slots of a split counter never admit more than the limit together, whatever it was before; and what answers say of odd limits.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
INSERT INTO public.organizations (id, name, quota_slots) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One', 2);
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id = test.id('A');
CREATE FUNCTION pg_temp.limit_to(p_amount numeric) RETURNS boolean LANGUAGE sql AS $$ SELECT public.set_quota_limit('os', 'requests', 'daily', p_amount, 'organization', '00000000-0000-4000-8000-0000000000f1', 'organization') > 0 $$;
-- A limit that was lowered below what is taken, after which holds are given back.
SELECT pg_temp.limit_to(100);
SELECT count(*) FILTER (WHERE r.allowed) AS reserved FROM generate_series(1, 30) AS n CROSS JOIN LATERAL public.reserve_model_quota(test.id('A'), 'acme/m1', n, 0) AS r;
SELECT count(*) AS settled FROM (SELECT public.settle_model_quota(r.reservation_id, '{"total_tokens": 1}') FROM public.quota_reservations AS r LIMIT 6) AS s;
SELECT pg_temp.limit_to(15);
SELECT tokens FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 1}');
SELECT count(public.release_model_quota(r.reservation_id)) AS released FROM public.quota_reservations AS r WHERE r.status = 'active';
SELECT c.allowed, c.used, c.remaining FROM generate_series(1, 3) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n, 4) AS c ORDER BY n;
SELECT used, limit_amount FROM public.get_quota_status(test.id('A'));
-- A limit that was lifted for a while.
SELECT pg_temp.limit_to(30);
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m1', 1);
SELECT pg_temp.limit_to(NULL);
SELECT count(*) FILTER (WHERE c.allowed) AS admitted FROM generate_series(1, 12) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n) AS c;
SELECT pg_temp.limit_to(30);
SELECT count(*) FILTER (WHERE c.allowed) AS admitted FROM generate_series(1, 20) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n) AS c;
SELECT used, limit_amount, (SELECT sum(granted) <= 30 FROM public.quota_usage) AS shares_fit FROM public.get_quota_status(test.id('A'));
-- More slots and fewer, up to the last unit.
SELECT pg_temp.limit_to(60);
UPDATE public.organizations SET quota_slots = 8 WHERE true;
SELECT count(*) FILTER (WHERE c.allowed) AS admitted FROM generate_series(1, 10) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n) AS c;
UPDATE public.organizations SET quota_slots = 1 WHERE true;
SELECT count(*) FILTER (WHERE c.allowed) AS admitted FROM generate_series(1, 10) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n) AS c;
UPDATE public.organizations SET quota_slots = 3 WHERE true;
SELECT count(*) FILTER (WHERE c.allowed) AS admitted FROM generate_series(1, 20) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n) AS c;
SELECT used, remaining FROM public.get_quota_status(test.id('A'));
SELECT * FROM public.verify_quota();
-- A call at once is over at once; a limit that ends frees when it ends; what is only held may be given back.
SELECT public.set_quota_limit('at once', 'concurrent', NULL, 4, 'user', test.id('P')::text) > 0 AS set;
SELECT used, held, remaining FROM public.consume_model_quota(test.id('P'), 'acme/m1', 1);
SELECT public.set_quota_limit('offer', 'requests', 'lifetime', 1, 'user', test.id('B')::text, p_ends_at => now() + interval '1 hour') > 0 AS set;
SELECT allowed FROM public.consume_model_quota(test.id('B'), 'acme/m1', 1);
SELECT reason, resets_at < now() + interval '61 minutes' AS frees, retry_after_seconds BETWEEN 3500 AND 3600 AS retry FROM public.consume_model_quota(test.id('B'), 'acme/m1', 1);
SELECT public.set_quota_limit('life', 'requests', 'lifetime', 1, 'user', test.id('S')::text) > 0 AS set;
SELECT allowed FROM public.reserve_model_quota(test.id('S'), 'acme/m1', 1, 0);
SELECT reason, retry_after_seconds BETWEEN 590 AND 600 AS retry FROM public.consume_model_quota(test.id('S'), 'acme/m1', 1);
-- An override of more models overrides an exact one in the status too.
SELECT public.set_quota_limit('chat', 'requests', 'daily', 0, p_model_pattern => 'acme/m1') > 0 AS everyone, public.set_quota_limit('chat', 'requests', 'daily', NULL, 'user', test.id('T')::text, p_model_pattern => 'acme/*') > 0 AS "user";
SELECT (public.check_model_quota(test.id('T'), 'acme/m1')).allowed, (SELECT count(*) FROM public.get_quota_status(test.id('T'))) AS limits;
-- Texts that no index takes.
SELECT test.outcome($$SELECT public.set_quota_limit('x', 'requests', 'daily', 1, 'tier', repeat('é', 12800))$$);
SELECT test.outcome($$SELECT public.set_quota_limit('x', 'requests', 'daily', 1, 'plan', repeat('é', 101))$$);
SELECT test.outcome($$SELECT public.set_quota_limit('x', 'requests', 'daily', 1, 'tier', 'Pro')$$);
SELECT test.outcome($$SELECT public.record_model_usage(test.id('A'), '', '{"total_tokens": 1}')$$);
SELECT test.outcome($$SELECT public.record_model_usage(test.id('A'), repeat('é', 201), '{"total_tokens": 1}')$$);
