-- ADM-07: a model that comes back is new again with its flags kept; one that an admin disabled stays disabled in the feed.
SELECT public.sync_openrouter_models(test.feed(5)) ->> 'models_added' AS added;
SELECT n, public.update_model_tier_access(format('acme/m%s', n), true, true, true, CASE n WHEN 2 THEN 'disabled' ELSE 'active' END) ->> 'success' AS success
  FROM generate_series(1, 3) AS n ORDER BY n;
SELECT answer ->> 'models_marked_inactive' AS inactive FROM public.sync_openrouter_models(test.feed(4, 'acme', 2)) AS answer;
SELECT model_id, status, is_free, is_enterprise FROM public.model_access ORDER BY model_id COLLATE "C";
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS gone;
SELECT answer ->> 'models_reactivated' AS reactivated FROM public.sync_openrouter_models(test.feed(5)) AS answer;
SELECT model_id, status, is_free, is_enterprise FROM public.model_access ORDER BY model_id COLLATE "C";
-- Back in the feed is not back in use.
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS back, public.can_user_use_model(test.id('A'), 'acme/m3') AS never_gone;
-- Nor does a changed description open a disabled model.
SELECT answer ->> 'models_updated' AS updated
  FROM public.sync_openrouter_models((SELECT jsonb_agg(e || '{"description": "changed"}') FROM jsonb_array_elements(test.feed(5)) AS e)) AS answer;
SELECT model_id, status FROM public.model_access WHERE model_id IN ('acme/m1', 'acme/m2') ORDER BY model_id COLLATE "C";
