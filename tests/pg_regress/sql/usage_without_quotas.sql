-- database: supabase
-- Reports and forgetting work where only the module usage is installed.
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS installed FROM model_access.install('{usage}');
SELECT to_regclass('public.quota_usage') IS NULL AND to_regclass('public.model_access') IS NULL AS alone;
INSERT INTO public.ai_usage (user_id, model, tokens_used, cost_usd, occurred_at, idempotency_key) VALUES
    ('00000000-0000-4000-8000-00000000000a', 'acme/m1', 10, 0.5, '2026-01-01', 'key'), ('00000000-0000-4000-8000-00000000000b', 'acme/m1', 20, NULL, '2026-01-01', 'key');
SET ROLE service_role;
SELECT user_id, requests, total_tokens, cost_usd, unknown_cost_requests FROM public.get_usage_summary('2026-01-01', '2026-01-02', '{user}');
SELECT e -> 'data' -> 'model_access.cost_usd' AS cost FROM public.export_usage('2026-01-01', '2026-01-02') AS e ORDER BY e ->> 'subject';
SELECT model, cost_source, requests, tokens FROM public.usage_of_unknown_cost;
SELECT public.forget_user('00000000-0000-4000-8000-00000000000a');
SELECT public.forget_user('00000000-0000-4000-8000-00000000000a');
RESET ROLE;
SELECT count(*) FILTER (WHERE user_id = '00000000-0000-4000-8000-00000000000a') AS named, count(DISTINCT user_id) AS users, sum(tokens_used) AS tokens, count(idempotency_key) AS keys FROM public.ai_usage;
SELECT count(*) AS wrong FROM model_access.verify('{usage}') WHERE NOT ok;
