-- The queue of a person: alarms before what is new before what expires, then by the users of the last 30 days; why and since when, in words; and what the rules suggest.
CREATE FUNCTION pg_temp.sync(p_but text, p_changes jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT public.sync_openrouter_models((SELECT jsonb_agg(jsonb_build_object('id', 'acme/' || id, 'name', initcap(id), 'context_length', 128000, 'architecture', '{"modality": "text->text"}'::jsonb, 'pricing', '{"prompt": "0.0000001", "completion": "0.0000002"}'::jsonb) || coalesce(p_changes -> id, '{}'))
        FROM unnest('{calm,jump,gone,back,shrunk,ends,ended,off,off_alarm,fresh,fresh_ends,glitch}'::text[]) AS id WHERE id <> p_but)) ->> 'success'
$$;
SELECT pg_temp.sync('', '{}') AS synced;
SELECT q.model_id, q.status, q.reasons, q.summary, q.since = m.created_at AS since_it_came, q.users_30_days, q.suggestion, q.suggested_by FROM public.get_model_review_queue() AS q JOIN public.model_access AS m USING (model_id) WHERE q.model_id IN ('acme/calm', 'acme/jump');
UPDATE public.model_access SET status = CASE WHEN model_id LIKE 'acme/off%' THEN 'disabled' ELSE 'active' END WHERE model_id NOT LIKE 'acme/fresh%';
SELECT count(*) AS waiting FROM public.get_model_review_queue();
-- A price for nothing, and back: a glitch that a person must see.
SELECT pg_temp.sync('back', '{"glitch": {"pricing": {"prompt": "0", "completion": "0"}}}') AS synced;
SELECT q.model_id, q.reasons, q.summary FROM public.get_model_review_queue() AS q WHERE q.model_id = 'acme/glitch';
SELECT pg_temp.sync('gone', '{"jump": {"pricing": {"prompt": "0.0000024", "completion": "0"}, "context_length": 8192, "expiration_date": "2026-12-01"}, "shrunk": {"context_length": 64000}, "ends": {"expiration_date": "2027-01-31"},
    "ended": {"expiration_date": "2020-01-01"}, "off": {"expiration_date": "2027-01-31"}, "off_alarm": {"context_length": 0, "expiration_date": "2027-01-31"}, "fresh_ends": {"expiration_date": "2098-12-31", "name": "Fresh"}}') AS synced;
-- Who uses what: two users of ends, one of fresh_ends, one of ended whose call was voided, one of shrunk long ago.
SELECT count(*) AS calls FROM (VALUES ('A', 'ends'), ('A', 'ends'), ('B', 'ends'), ('A', 'fresh_ends'), ('A', 'shrunk'), ('A', 'ended')) AS c (who, model) CROSS JOIN LATERAL public.record_model_usage(test.id(c.who), 'acme/' || c.model, '{"total_tokens": 10}') AS r WHERE r.tokens = 10;
UPDATE public.ai_usage SET occurred_at = now() - interval '31 days' WHERE model = 'acme/shrunk';
SELECT (public.void_usage(u.id, 'a test')).total_usd <= 0 AS voided FROM public.ai_usage AS u WHERE u.model = 'acme/ended';
INSERT INTO public.model_review_rules (name, model_pattern, modality, max_prompt_price, status, is_pro) VALUES ('cheap text', '*', 'text->text', 0.000001, 'active', true);
\pset format unaligned
SELECT q.model_id, q.model_name, q.status, q.reasons, q.summary, q.users_30_days, q.suggestion, q.suggested_by FROM public.get_model_review_queue() AS q;
\pset format aligned
-- Since when: the oldest reason. One that came back is new since then; one that expires, since the sync first knew.
UPDATE public.model_review_items SET created_at = '2026-02-01 12:00:00+00' WHERE model_id = 'acme/jump' AND kind = 'price_zero';
UPDATE public.model_access_notices SET created_at = '2026-03-01 12:00:00+00' WHERE model_id IN ('acme/jump', 'acme/ends', 'acme/off_alarm');
UPDATE public.model_access SET created_at = '2026-01-01 12:00:00+00' WHERE true;
SELECT q.model_id, CASE WHEN q.since < '2026-04-01' THEN to_char(q.since AT TIME ZONE 'UTC', 'MM-DD') ELSE 'now' END AS since FROM public.get_model_review_queue() AS q ORDER BY q.model_id COLLATE "C";
-- What is decided is gone from it; what goes away stays until it is gone.
SELECT bool_and((a ->> 'success')::boolean) AS decided FROM jsonb_array_elements(public.review_models((SELECT jsonb_agg(jsonb_build_object('model_id', q.model_id, 'status', 'active')) FROM public.get_model_review_queue() AS q))) AS a;
SELECT q.model_id, q.reasons, q.summary FROM public.get_model_review_queue() AS q;
-- Only admins of the catalogue, and in a transaction that may not write too.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT count(*) AS waiting FROM public.get_model_review_queue();
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT test.outcome('SELECT * FROM public.get_model_review_queue()');
COMMIT;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT * FROM public.get_model_review_queue()');
COMMIT;
\connect - postgres
BEGIN READ ONLY;
SELECT count(*) AS waiting FROM public.get_model_review_queue();
COMMIT;
