-- What a sync would do is told before it does it, with what the usage of the last 30 days would cost then; nothing is written, and what a sync refuses is refused for the same reason.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One'), ('00000000-0000-4000-8000-0000000000f2', 'Two');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id = test.id('A');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f2' WHERE id = test.id('B');
CREATE FUNCTION test.catalogue(p_but text, p_changes jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(jsonb_build_object('id', 'acme/' || id, 'name', initcap(id), 'pricing', '{"prompt": "0.1", "completion": "0.2"}'::jsonb) || coalesce(p_changes -> id, '{}') ORDER BY id)
      FROM unnest('{calm,dearer,gone,back,named,peak,router,unused,dateless,c1,c2,c3}'::text[]) AS id WHERE id <> ALL (string_to_array(p_but, ' '))
$$;
SELECT public.sync_openrouter_models(test.catalogue('', '{"c1": {"pricing": {"prompt": "-1", "completion": "-1"}}}')) ->> 'success' AS synced, public.sync_openrouter_models(test.catalogue('back', '{"c1": {"pricing": {"prompt": "-1", "completion": "-1"}}}')) ->> 'models_marked_inactive' AS gone;
UPDATE public.model_access SET status = 'active', is_free = true, is_pro = true, is_enterprise = true WHERE status = 'new';
CREATE FUNCTION test.used(p_who text, p_model text, p_usage jsonb) RETURNS uuid LANGUAGE sql AS $$ SELECT (public.record_model_usage(test.id(p_who), 'acme/' || p_model, p_usage)).usage_id $$;
SELECT c.allowed FROM public.consume_model_quota(test.id('A'), 'acme/dearer', 7) AS c;
-- Computed, above estimated from the sum alone, said by the provider, voided, repriced, unknown, long ago; of two organisations and of none.
SELECT test.used('A', 'dearer', '{"prompt_tokens": 10, "completion_tokens": 5}') IS NOT NULL AS a, test.used('B', 'c1', '{"prompt_tokens": 10, "completion_tokens": 10}') IS NOT NULL AS b, test.used('A', 'dearer', '{"prompt_tokens": 10, "completion_tokens": 5, "cost": 1.5}') IS NOT NULL AS c,
       test.used('B', 'dearer', '{"prompt_tokens": 100, "completion_tokens": 0}') IS NOT NULL AS d, test.used('P', 'dearer', '{"prompt_tokens": 1, "completion_tokens": 1}') IS NOT NULL AS e,
       test.used('A', 'gone', '{"prompt_tokens": 10, "completion_tokens": 10}') IS NOT NULL AS f, test.used('A', 'router', '{"prompt_tokens": 10, "completion_tokens": 10}') IS NOT NULL AS g, test.used('A', 'calm', '{"prompt_tokens": 10, "completion_tokens": 10}') IS NOT NULL AS h;
SELECT test.used('A', 'dearer', '{"prompt_tokens": 1000, "completion_tokens": 0}') AS voided, test.used('B', 'dearer', '{"prompt_tokens": 3000, "completion_tokens": 0}') AS old \gset
SELECT v.total_usd FROM public.void_usage(:'voided', 'never answered') AS v;
UPDATE public.ai_usage SET occurred_at = now() - interval '31 days' WHERE id = :'old';
SELECT test.catalogue_hash() AS before, (SELECT count(*) FROM public.model_sync_log) AS runs, (SELECT count(*) FROM public.ai_usage) AS rows \gset
CREATE VIEW test.preview AS SELECT test.catalogue('gone', '{"dearer": {"pricing": {"prompt": "0.3", "completion": "0.2", "overrides": [{"min_prompt_tokens": 50, "prompt": "1"}]}}, "named": {"name": "Other"},
    "router": {"pricing": {"prompt": "-1", "completion": "-1"}}, "unused": {"pricing": {"prompt": "0.01", "completion": "0.2"}}, "dateless": {"expiration_date": "2026-12-01"}}') || '[{"id": "acme/come", "name": "Come", "pricing": {"prompt": "1", "completion": "1"}}, {"id": "acme/untold", "name": "Untold"}]' AS feed;
GRANT SELECT ON test.preview TO PUBLIC;
\pset null (null)
SELECT p.change, p.model_id, p.old_pricing ->> 'prompt' AS old_prompt, p.new_pricing ->> 'prompt' AS new_prompt, right(p.organization_id::text, 2) AS organization, p.requests, p.tokens, p.cost_usd, p.new_cost_usd, p.difference_usd
  FROM test.preview AS v CROSS JOIN LATERAL public.preview_catalogue_change(v.feed) AS p;
-- The whole answer of the API is as good; nothing was written, and no transaction id was needed.
SELECT count(*) AS rows FROM test.preview AS v CROSS JOIN LATERAL public.preview_catalogue_change(jsonb_build_object('data', v.feed)) AS p;
SELECT test.catalogue_hash() = :'before' AS untouched, (SELECT count(*) FROM public.model_sync_log) - :runs AS runs, (SELECT count(*) FROM public.ai_usage) - :rows AS rows;
BEGIN READ ONLY;
SELECT count(*) AS rows FROM test.preview AS v CROSS JOIN LATERAL public.preview_catalogue_change(v.feed) AS p;
SELECT l.mode, count(*) AS tables FROM pg_locks AS l WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.mode <> 'AccessShareLock' GROUP BY 1;
SELECT pg_current_xact_id_if_assigned() IS NULL AS no_transaction_id;
COMMIT;
-- What it told is what the sync does, and what the ledger comes to when it is repriced.
SELECT s - ARRAY['sync_log_id', 'duration_ms'] AS synced FROM test.preview AS v CROSS JOIN LATERAL public.sync_openrouter_models(v.feed) AS s;
UPDATE public.model_price_history SET valid_from = '-infinity' WHERE valid_to IS NULL;
UPDATE public.model_price_history SET valid_from = '-infinity', valid_to = '-infinity' WHERE valid_to IS NOT NULL;
SELECT r.rows_corrected, r.cost_difference_usd FROM public.reprice_usage('acme/dearer', now() - interval '30 days', 'infinity', 'as it was told') AS r;
SELECT right(u.organization_id::text, 2) AS organization, sum(u.cost_usd) AS cost FROM public.ai_usage AS u WHERE u.model = 'acme/dearer' AND u.occurred_at > now() - interval '30 days' GROUP BY 1 ORDER BY 1;
-- Then there is nothing more to tell; with the prices of before, the corrections count.
SELECT count(*) AS rows FROM test.preview AS v CROSS JOIN LATERAL public.preview_catalogue_change(v.feed) AS p;
SELECT right(p.organization_id::text, 2) AS organization, p.requests, p.tokens, p.cost_usd, p.new_cost_usd, p.difference_usd FROM public.preview_catalogue_change(test.catalogue('gone', '{}')) AS p WHERE p.model_id = 'acme/dearer';
-- What a sync refuses.
SELECT test.outcome(format('SELECT * FROM public.preview_catalogue_change(%s)', v)), public.sync_openrouter_models(CASE v WHEN 'NULL' THEN NULL ELSE trim(v, '''')::jsonb END) ->> 'error' AS of_a_sync
  FROM unnest(ARRAY['NULL', '''[]''', '''{}''', '''"x"''', '''{"data": 7}''', '''[1, 2, 3]''', '''[{"id": "acme/calm", "name": "Calm"}]''', '''[{"id": "a/b"}]''']) AS v;
SELECT test.outcome('SELECT * FROM public.preview_catalogue_change((SELECT jsonb_agg(1) FROM generate_series(1, 50001)))');
-- Only admins of the catalogue.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT count(*) AS rows FROM test.preview AS v CROSS JOIN LATERAL public.preview_catalogue_change(v.feed) AS p;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT test.outcome('SELECT * FROM public.preview_catalogue_change(''[]'')');
COMMIT;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT * FROM public.preview_catalogue_change(''[]'')');
COMMIT;
