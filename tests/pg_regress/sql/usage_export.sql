-- export_usage() gives each row of the ledger as a CloudEvent, in the order of time, every field as the row has it, whatever the TimeZone is.
INSERT INTO public.ai_usage (id, user_id, organization_id, tier, plan, model, tokens_used, prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, requests, reservation_id, idempotency_key,
                             cost_usd, markup_usd, total_usd, markup_percent, price_id, cost_source, computed_usd, other_usage, occurred_at, created_at, corrects_id, correction_reason) VALUES
    ('00000000-0000-4000-8000-0000000000e1', test.id('A'), '00000000-0000-4000-9000-000000000001', 'pro', 'starter', 'acme/m1:free', 150, 100, 50, 40, 30, 20, 2, '00000000-0000-4000-8000-0000000000f1', 'secret key',
     0.000000000000000000000000012345, 12345678901234567890.12, 12345678901234567890.120000000000000000000000012345, 20, 7, 'provider', 0.5, '{"web_search": 2}', '2026-01-31 23:59:59.999999+00', '2026-02-01 00:00:00.5+00', NULL, NULL),
    ('00000000-0000-4000-8000-0000000000e2', test.id('A'), NULL, NULL, NULL, 'system/00000000-0000-4000-8000-0000000000ff', 9223372036854775807, 9223372036854775807, 0, 0, 0, 0, 1, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, 'unknown', NULL, NULL, '2026-02-01 00:00+00', '2026-02-01 00:00+00', NULL, NULL),
    ('00000000-0000-4000-8000-0000000000e3', test.id('A'), '00000000-0000-4000-9000-000000000001', 'pro', 'starter', 'acme/m1:free', 0, 0, 0, 0, 0, 0, 0, NULL, NULL,
     -0.25, -0.05, -0.30, 20, 8, 'repriced', NULL, NULL, '2026-01-31 23:59:59.999999+00', '2026-03-01 12:00+00', '00000000-0000-4000-8000-0000000000e1', 'a "late" price'),
    ('00000000-0000-4000-8000-0000000000e0', test.id('B'), NULL, NULL, NULL, 'bare', 1, 1, 0, 0, 0, 0, 1, NULL, NULL, 0, 0, 0, NULL, NULL, 'computed', NULL, NULL, '2026-01-31 23:59:59.999999+00', '2026-02-01 00:00+00', NULL, NULL);
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'German';
SET extra_float_digits = -15;
BEGIN;
SELECT test.request('service_role');
-- The row at the end of the window is left out; of one instant the id decides.
SELECT e ->> 'id' AS id, e ->> 'time' AS at FROM public.export_usage('2026-01-01 00:00+00', '2026-02-01 00:00+00') AS e;
SELECT count(*) FROM public.export_usage('2026-02-01 00:00+00', '2026-02-01 00:00:00.000001+00');
SELECT count(*) FROM public.export_usage('2026-02-01 00:00+00', '2026-02-01 00:00+00');
-- All of it.
SELECT jsonb_pretty(public.export_usage('2026-01-01', '2026-03-01'));
-- What CloudEvents demands of each: the attributes, of the right type and not empty; source and id together are unique.
SELECT count(*) AS events, count(DISTINCT (e ->> 'source', e ->> 'id')) AS different,
       bool_and(e ->> 'specversion' = '1.0' AND e ->> 'source' ~ '^/[a-z_/]+$' AND e ->> 'type' ~ '^[a-z_.]+$' AND (e ->> 'time') ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$'
                AND NOT EXISTS (SELECT FROM jsonb_each(e) AS a WHERE a.key !~ '^[a-z0-9]{1,20}$' OR (a.key <> 'data' AND jsonb_typeof(a.value) <> 'string') OR a.value = '""')) AS valid,
       count(DISTINCT (SELECT string_agg(k, ',' ORDER BY k) FROM jsonb_object_keys(e -> 'data') AS k)) AS shapes
  FROM public.export_usage('-infinity', 'infinity') AS e;
-- And each field against its column.
SELECT count(*) AS rows_compared FROM public.ai_usage AS u JOIN public.export_usage('-infinity', 'infinity') AS e ON e ->> 'id' = u.id::text
 WHERE (e ->> 'subject')::uuid = u.user_id AND (e ->> 'time')::timestamptz = u.occurred_at
   AND (e ->> 'type' = 'model_access.usage.correction') = (u.corrects_id IS NOT NULL)
   AND e -> 'data' = jsonb_build_object('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', split_part(u.model, '/', 1), 'gen_ai.request.model', u.model,
       'gen_ai.usage.input_tokens', u.prompt_tokens, 'gen_ai.usage.output_tokens', u.completion_tokens, 'gen_ai.usage.cache_read.input_tokens', u.cached_tokens,
       'gen_ai.usage.cache_creation.input_tokens', u.cache_write_tokens, 'gen_ai.usage.reasoning.output_tokens', u.reasoning_tokens,
       'model_access.cost_usd', u.cost_usd::text, 'model_access.markup_usd', u.markup_usd::text, 'model_access.total_usd', u.total_usd::text, 'model_access.cost_source', u.cost_source,
       'model_access.price_id', u.price_id, 'model_access.requests', u.requests, 'model_access.total_tokens', u.tokens_used, 'model_access.organization_id', u.organization_id,
       'model_access.tier', u.tier, 'model_access.plan', u.plan, 'model_access.reservation_id', u.reservation_id, 'model_access.recorded_at', e -> 'data' -> 'model_access.recorded_at',
       'model_access.corrects_id', u.corrects_id, 'model_access.correction_reason', u.correction_reason, 'model_access.other_usage', u.other_usage)
   AND (e -> 'data' ->> 'model_access.recorded_at')::timestamptz = u.created_at;
-- Keys are the caller's text and stay here.
SELECT count(*) AS with_key FROM public.export_usage('-infinity', 'infinity') AS e WHERE e::text LIKE '%secret%';
ROLLBACK;
-- A user gets his own.
BEGIN;
SELECT test.request('authenticated', 'B');
SELECT e ->> 'id' AS id, e ->> 'subject' = test.id('B')::text AS own FROM public.export_usage('-infinity', 'infinity') AS e;
ROLLBACK;
-- In the list of a SELECT, in FROM, in a view and with a limit it is the same set.
SELECT count(*) FROM (SELECT public.export_usage('-infinity', 'infinity')) AS x;
SELECT e ->> 'id' AS id FROM public.export_usage('-infinity', 'infinity') AS e LIMIT 1;
CREATE VIEW public.all_events AS SELECT * FROM public.export_usage('-infinity', 'infinity') AS event;
SELECT count(event ->> 'id') FROM public.all_events;
-- More rows than fit into the backend's memory go to disk.
INSERT INTO public.ai_usage (user_id, model, tokens_used, cost_usd, occurred_at) SELECT test.id('X'), 'acme/m1', n, n, '2025-01-01'::timestamptz + n * interval '1 second' FROM generate_series(1, 5000) AS n;
SET work_mem = '64kB';
SELECT count(*), count(DISTINCT e ->> 'id'), sum((e -> 'data' ->> 'model_access.cost_usd')::numeric), bool_and(e ->> 'time' >= before) AS in_order
  FROM (SELECT e, lag(e ->> 'time', 1, '') OVER () AS before FROM model_access.export_usage('2024-12-01', '2025-12-01') AS e) AS x;
