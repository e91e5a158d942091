-- Alarms go to model_review_items, the price is applied; one open item per model and kind keeps the reviewed value.
CREATE FUNCTION pg_temp.sync(pricing jsonb) RETURNS void LANGUAGE sql AS $$
    SELECT public.sync_openrouter_models((SELECT jsonb_agg(jsonb_build_object('id', 'acme/' || key, 'name', key, 'pricing', value)) FROM jsonb_each(pricing)));
    SELECT NULL::void;
$$;
CREATE VIEW pg_temp.items AS
    SELECT i.model_id, i.kind, i.old_value ->> 'prompt' AS old_prompt, i.new_value ->> 'prompt' AS new_prompt,
           m.prompt_price AS applied, i.resolved_at IS NULL AS open
      FROM public.model_review_items AS i JOIN public.model_access AS m USING (model_id) ORDER BY i.model_id, i.kind, i.id;
SELECT pg_temp.sync('{"steady": {"prompt": "1", "completion": "1"}, "jump": {"prompt": "1", "completion": "1"},
    "drop": {"prompt": "1", "completion": "1"}, "zero": {"prompt": "1", "completion": "1"}, "ten": {"prompt": "1", "completion": "1"},
    "gift": {"prompt": "0"}, "gift:free": {"prompt": "0"}, "router": {"prompt": "-1", "completion": "-1"},
    "peak": {"prompt": "1", "completion": "1", "overrides": [{"utc_start": 600, "utc_end": 1800, "prompt": "2"}, {"utc_start": 1800, "utc_end": 600, "prompt": "1"}]}}');
TABLE pg_temp.items;
SELECT pg_temp.sync('{"steady": {"prompt": "1", "completion": "1"}, "jump": {"prompt": "10.5", "completion": "1"},
    "drop": {"prompt": "0.05", "completion": "1"}, "zero": {"prompt": "0", "completion": "1"}, "ten": {"prompt": "10", "completion": "1"},
    "gift": {"prompt": "0"}, "gift:free": {"prompt": "0"}, "router": {"prompt": "-1", "completion": "-1"},
    "peak": {"prompt": "2", "completion": "1", "overrides": [{"utc_start": 600, "utc_end": 1800, "prompt": "2"}, {"utc_start": 1800, "utc_end": 600, "prompt": "1"}]}}');
TABLE pg_temp.items;
-- A second step while the first is open: the old value stays the one that was last reviewed.
SELECT public.sync_openrouter_models('[{"id": "acme/jump", "name": "jump", "pricing": {"prompt": "300", "completion": "1"}}]') ->> 'success' AS ok;
SELECT * FROM pg_temp.items WHERE model_id = 'acme/jump';
-- Reviewed: the next step opens a new item. A NULL reviewer, since nobody is signed in.
UPDATE public.model_review_items SET resolved_at = now() WHERE model_id = 'acme/jump';
SELECT public.sync_openrouter_models('[{"id": "acme/jump", "name": "jump", "pricing": {"prompt": "1", "completion": "1"}}]') ->> 'success' AS ok;
SELECT * FROM pg_temp.items WHERE model_id = 'acme/jump';
-- The ratio is a setting; is_free is never derived from a price.
UPDATE public.model_access_settings SET price_alert_ratio = 1.5 WHERE singleton;
SELECT public.sync_openrouter_models('[{"id": "acme/steady", "name": "steady", "pricing": {"prompt": "1.6", "completion": "1"}}]') ->> 'success' AS ok;
SELECT * FROM pg_temp.items WHERE model_id = 'acme/steady';
SELECT count(*) FILTER (WHERE is_free) AS opened_by_price FROM public.model_access;
