-- Which limits concern a call: scope, name, pattern by whole segments, what is counted together.
SELECT public.sync_openrouter_models(test.feed(3) || test.feed(2, 'acmez') || test.feed(1, 'acme/deep')) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
INSERT INTO public.organizations (id, name, pricing_plan) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One', 'pro'), ('00000000-0000-4000-8000-0000000000f2', 'Two', 'free');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id IN (test.id('A'), test.id('B'));
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f2' WHERE id = test.id('P');
SET ROLE service_role;
-- Demand 45: acme/* is not acmez/m1; it is acme/deep/m1.
SELECT public.set_quota_limit('vendor', 'requests', 'daily', 1, p_model_pattern => 'acme/*') > 0 AS set;
SELECT m, c.allowed, c.limit_name FROM unnest(ARRAY['acme/m1', 'acme/m2', 'acme/deep/m1', 'acmez/m1', 'acmez/m1']) WITH ORDINALITY AS x (m, n) CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), m, 1) AS c ORDER BY n;
-- One counter over all matches, unless each model is counted apart.
SELECT public.set_quota_limit('vendor', 'requests', 'daily', 1, p_model_pattern => 'acme/*', p_per_model => true) > 0 AS set;
SELECT m, c.allowed, c.limit_name FROM unnest(ARRAY['acme/m1', 'acme/m2', 'acme/m2']) WITH ORDINALITY AS x (m, n) CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), m, 1) AS c ORDER BY n;
SELECT name, model, used, remaining FROM public.get_quota_status(test.id('A')) ORDER BY name, model;
SELECT count(*) FROM public.quota_limits;
SELECT public.remove_quota_limit(limit_id) FROM public.quota_limits;
-- Of one name only the narrowest scope decides: user, organization, plan, tier, everyone; NULL lifts the limit.
SELECT public.set_quota_limit('chat', 'requests', 'daily', 100) > 0 AS everyone, public.set_quota_limit('chat', 'requests', 'daily', 20, 'tier', 'free') > 0 AS tier,
       public.set_quota_limit('chat', 'requests', 'daily', 50, 'plan', 'pro') > 0 AS plan, public.set_quota_limit('chat', 'requests', 'daily', 7, 'organization', '00000000-0000-4000-8000-0000000000F2') > 0 AS organization,
       public.set_quota_limit('chat', 'requests', 'daily', NULL, 'user', test.id('S')::text) > 0 AS "user";
SELECT who, limit_amount, scope, allowed FROM unnest(ARRAY['A', 'B', 'P', 'S', 'T', 'X']) AS who CROSS JOIN LATERAL public.check_model_quota(test.id(who), 'acme/m1') AS c ORDER BY who;
-- An override of one model overrides there only.
SELECT public.set_quota_limit('chat', 'requests', 'daily', 1, 'user', test.id('B')::text, p_model_pattern => 'acme/m2') > 0 AS set;
SELECT m, limit_amount, scope FROM unnest(ARRAY['acme/m1', 'acme/m2']) AS m CROSS JOIN LATERAL public.check_model_quota(test.id('B'), m) AS c ORDER BY m;
-- A narrower limit that is not in force yet, or no longer, overrides nothing.
SELECT public.set_quota_limit('chat', 'requests', 'daily', 3, 'user', test.id('A')::text, p_starts_at => now() + interval '1 hour') > 0 AS later;
SELECT limit_amount FROM public.check_model_quota(test.id('A'), 'acme/m1');
SELECT public.set_quota_limit('chat', 'requests', 'daily', 3, 'user', test.id('A')::text, p_ends_at => now()) > 0 AS over;
SELECT limit_amount FROM public.check_model_quota(test.id('A'), 'acme/m1');
SELECT public.set_quota_limit('chat', 'requests', 'daily', 3, 'user', test.id('A')::text, p_starts_at => now() - interval '1 hour', p_ends_at => now() + interval '1 hour') > 0 AS now;
SELECT limit_amount FROM public.check_model_quota(test.id('A'), 'acme/m1');
SELECT count(public.remove_quota_limit(limit_id)) AS removed FROM public.quota_limits;
-- What is counted together: each user, each organisation (none for who has none), the pool of all.
SELECT public.set_quota_limit('org', 'tokens', 'monthly', 1000, p_per => 'organization') > 0 AS per_organization, public.set_quota_limit('pool', 'requests', 'daily', 4, 'tier', 'free', 'pool') > 0 AS pool_of_a_tier;
SELECT who, c.allowed, c.limit_name, c.used, c.remaining FROM unnest(ARRAY['A', 'B', 'P', 'B', 'S', 'T', 'A', 'X', 'S']) WITH ORDINALITY AS x (who, n) CROSS JOIN LATERAL public.consume_model_quota(test.id(who), 'acme/m1', 400) AS c ORDER BY n;
SELECT who, name, used, remaining FROM unnest(ARRAY['A', 'B', 'P', 'S']) AS who CROSS JOIN LATERAL public.get_quota_status(test.id(who)) AS s ORDER BY 1, 2;
-- Tokens and cost that nobody estimated need something left; requests of 0 ask for nothing.
SELECT allowed, remaining FROM public.consume_model_quota(test.id('B'), 'acme/m1', 200);
SELECT allowed, reason, remaining FROM public.check_model_quota(test.id('B'), 'acme/m1', 0);
SELECT count(public.remove_quota_limit(limit_id)) AS removed FROM public.quota_limits;
-- A soft limit admits and warns.
SELECT public.set_quota_limit('fair use', 'requests', 'daily', 1, p_enforcement => 'soft') > 0 AS set;
SELECT c.allowed, c.reason, c.used, c.warnings -> 0 ->> 'kind' AS warning, c.warnings -> 0 ->> 'limit_name' AS of FROM generate_series(1, 2) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('A'), 'acme/m1', n) AS c ORDER BY n;
-- Calls at once: reservations that live; a settled one makes room; consume needs room and leaves it.
SELECT public.set_quota_limit('at once', 'concurrent', NULL, 2) > 0 AS set;
SELECT c.allowed, c.limit_name, c.held FROM generate_series(1, 3) AS n CROSS JOIN LATERAL public.reserve_model_quota(test.id('P'), 'acme/m1', n, 1) AS c ORDER BY n;
SELECT allowed, limit_name, resets_at > now() AS frees, retry_after_seconds BETWEEN 1 AND 600 AS retry FROM public.consume_model_quota(test.id('P'), 'acme/m1', 1);
SELECT count(*) FROM (SELECT public.settle_model_quota(r.reservation_id, '{"total_tokens": 2}') FROM public.quota_reservations AS r WHERE r.user_id = test.id('P') LIMIT 1) AS s;
SELECT c.allowed, c.limit_name FROM generate_series(1, 2) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('P'), 'acme/m1', n) AS c ORDER BY n;
SELECT name, metric, period, used, held, remaining, resets_at > now() AS frees FROM public.get_quota_status(test.id('P')) ORDER BY name;
SELECT * FROM public.verify_quota();
-- What does not decide neither warns nor raises an alert; nor does what an expired reservation held; a soft limit warns as one.
SELECT public.set_quota_limit('own', 'requests', 'daily', 2) > 0 AS everyone, public.set_quota_limit('own', 'requests', 'daily', 100, 'user', test.id('T')::text) > 0 AS "user";
SELECT count(*) FILTER (WHERE c.allowed) AS admitted FROM generate_series(1, 4) AS n CROSS JOIN LATERAL public.consume_model_quota(test.id('T'), 'acme/m2', n) AS c;
SELECT w ->> 'kind' AS kind, w ->> 'limit_name' AS limit_name FROM public.record_model_usage(test.id('T'), 'acme/m2', '{"total_tokens": 1}') AS r, jsonb_array_elements(r.warnings) AS w ORDER BY 2;
SELECT limit_name, threshold FROM public.quota_alerts WHERE subject = test.id('T') AND limit_name = 'own';
SELECT public.set_quota_limit('small', 'tokens', 'daily', 100, p_model_pattern => 'acmez/m1') > 0 AS set;
SELECT allowed FROM public.reserve_model_quota(test.id('T'), 'acmez/m1', 0, 90, NULL, '1 second');
SELECT pg_sleep(1.1);
SELECT jsonb_path_query_array(warnings, '$[*] ? (@.limit_name == "small")') AS small FROM public.record_model_usage(test.id('T'), 'acmez/m1', '{"total_tokens": 20}');
-- A model's own limit is in the status, unless a narrower limit of its name concerns that model.
UPDATE public.model_access SET daily_limit = 3 WHERE model_id IN ('acme/m1', 'acmez/m1');
SELECT public.set_quota_limit('daily_limit', 'requests', 'daily', 50, 'user', test.id('T')::text, p_model_pattern => 'acmez/*') > 0 AS set;
SELECT name, scope, limit_amount, model FROM public.get_quota_status(test.id('T')) WHERE name = 'daily_limit' ORDER BY model;
SELECT * FROM public.verify_quota();
