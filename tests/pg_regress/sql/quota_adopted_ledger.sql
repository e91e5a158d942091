-- database: supabase
-- The seed's ledger, eight columns in a plain table, is adopted with its rows and goes on working; its rows count in their windows.
CREATE TABLE public.ai_usage (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE, model text NOT NULL, tokens_used integer NOT NULL DEFAULT 0,
    cost_usd numeric(10, 6) NOT NULL DEFAULT 0, markup_usd numeric(10, 6) NOT NULL DEFAULT 0, total_usd numeric(10, 6) NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT timezone('utc', now()));
INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test');
INSERT INTO public.ai_usage (user_id, model, tokens_used, created_at) SELECT '00000000-0000-4000-8000-00000000000a', 'acme/m1', 100, now() - n * interval '400 days' FROM generate_series(0, 1) AS n;
CREATE EXTENSION model_access;
SELECT object, action FROM model_access.install() WHERE object LIKE '%ai_usage' AND object LIKE 'table%';
SELECT count(*) AS rows, bool_and(occurred_at = created_at) AS their_instants FROM public.ai_usage;
SELECT public.sync_openrouter_models('[{"id": "acme/m1", "name": "One"}]') ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 3 WHERE true;
SELECT public.set_quota_limit('tokens', 'tokens', 'lifetime', 1000) > 0 AS set;
SELECT allowed, used, remaining, limit_name FROM public.consume_model_quota('00000000-0000-4000-8000-00000000000a', 'acme/m1', 50);
SELECT name, used, remaining FROM public.get_quota_status('00000000-0000-4000-8000-00000000000a') ORDER BY name;
SELECT reservation_id AS id FROM public.reserve_model_quota('00000000-0000-4000-8000-00000000000a', 'acme/m1', 10, 10) \gset
SELECT tokens, repeated FROM public.settle_model_quota(:'id', '{"total_tokens": 7}');
SELECT tokens, repeated FROM public.settle_model_quota(:'id', '{"total_tokens": 7}');
SELECT * FROM public.verify_quota();
-- Nothing is wrong with it, though it has no partitions; and its bills outlive their account.
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
DELETE FROM auth.users WHERE id = '00000000-0000-4000-8000-00000000000a';
SELECT cost_source, count(*) AS rows, sum(tokens_used) AS tokens FROM public.ai_usage GROUP BY 1 ORDER BY 1;
SELECT public.maintain_usage_partitions('1 year');
ANALYZE public.ai_usage;
SELECT s.name, s.labels, s.value FROM public.get_engine_stats() AS s WHERE s.name LIKE '%\_ledger\_%' ORDER BY s.name, s.labels;
SELECT count(*) AS inserts_of_the_ledger FROM public.get_engine_stats() AS s WHERE s.name LIKE '%\_inserted\_%' AND s.labels ->> 'table' LIKE 'ai\_%';
