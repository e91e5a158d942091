-- Tables of 0.1.0, before install() has run again: the library syncs them all the same, without what they do not know; afterwards nothing that a feed said meanwhile is missed.
DROP TABLE public.model_access_notices, public.model_review_rules;
ALTER TABLE public.model_access DROP COLUMN expiration_date;
ALTER TABLE public.model_review_items DROP CONSTRAINT model_review_items_kind_check, ADD CONSTRAINT model_review_items_kind_check CHECK (kind IN ('price_ratio', 'price_zero', 'price_unknown', 'peak_price'));
CREATE FUNCTION pg_temp.sync(p_count integer, p_context integer) RETURNS jsonb LANGUAGE sql AS $$
    SELECT public.sync_openrouter_models((SELECT jsonb_agg(m || jsonb_build_object('context_length', p_context, 'expiration_date', '2026-12-01')) FROM jsonb_array_elements(test.feed(p_count)) AS m)) - ARRAY['sync_log_id', 'duration_ms', 'models_rejected', 'models_duplicate', 'total_processed']
$$;
SELECT pg_temp.sync(6, 1000);
SELECT pg_temp.sync(5, 1000);
SELECT pg_temp.sync(6, 500);
SELECT pg_temp.sync(6, 500);
SELECT test.outcome('SELECT * FROM public.get_model_review_queue()') AS queue, (SELECT count(*) FROM public.preview_catalogue_change(test.feed(5)) AS p) AS previewed;
-- Completed, twice.
SELECT count(*) > 0 AS completed FROM model_access.install('{catalogue}');
SELECT count(*) AS wrong FROM model_access.verify('{catalogue}') AS v WHERE NOT v.ok;
SELECT md5(string_agg(m::text, ',' ORDER BY m.model_id)) AS rows FROM public.model_access AS m \gset
SELECT count(*) > 0 AS again FROM model_access.install('{catalogue}');
SELECT md5(string_agg(m::text, ',' ORDER BY m.model_id)) = :'rows' AS untouched FROM public.model_access AS m;
SELECT pg_temp.sync(6, 500);
SELECT count(*) AS notices FROM public.model_access_notices AS n WHERE n.kind = 'expiring' AND n.resolved_at IS NULL;
SELECT pg_temp.sync(5, 400);
SELECT pg_temp.sync(6, 400);
SELECT i.kind, count(*) FROM public.model_review_items AS i WHERE i.kind IN ('returned', 'context_shrunk') GROUP BY 1 ORDER BY 1;
