-- R-06: later syncs add what is new, renew what is known but never its status and flags, and mark inactive what is gone.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
SELECT public.update_model_tier_access('acme/m1', true, NULL, NULL, 'active') ->> 'success' AS m1,
       public.update_model_tier_access('acme/m2', NULL, true, NULL, 'disabled') ->> 'success' AS m2;
-- The second feed: m1 renamed, m2 dearer, m3 gone, m4 new.
SELECT answer - ARRAY['sync_log_id', 'duration_ms'] AS answer FROM public.sync_openrouter_models('[
    {"id": "acme/m1", "name": "First", "pricing": {"prompt": "0.000001", "completion": "0.00001"}},
    {"id": "acme/m2", "name": "Acme model 2", "pricing": {"prompt": "0.000003", "completion": "0.00002"}},
    {"id": "acme/m4", "name": "Fourth"}]') AS answer;
SELECT model_id, model_name, prompt_price, status, is_free, is_pro, is_enterprise FROM public.model_access ORDER BY model_id;
-- The third as the second.
SELECT answer ->> 'models_unchanged' AS unchanged, answer ->> 'models_marked_inactive' AS inactive FROM public.sync_openrouter_models('[
    {"id": "acme/m1", "name": "First", "pricing": {"prompt": "0.000001", "completion": "0.00001"}},
    {"id": "acme/m2", "name": "Acme model 2", "pricing": {"prompt": "0.000003", "completion": "0.00002"}},
    {"id": "acme/m4", "name": "Fourth"}]') AS answer;
SELECT model_id, status FROM public.model_access ORDER BY model_id;
