-- R-03, R-06, R-07: status by event; flags and limits are the admin's and survive everything.
SELECT public.sync_openrouter_models(test.feed(4)) ->> 'models_added' AS added;
UPDATE public.model_access SET daily_limit = 7, monthly_limit = 70 WHERE model_id = 'acme/m2';
SELECT count(public.update_model_tier_access(format('acme/m%s', n), true, NULL, NULL, (ARRAY['new', 'active', 'disabled', 'inactive'])[n]))
  FROM generate_series(1, 4) AS n;
CREATE VIEW pg_temp.catalogue AS
    SELECT model_id, status, is_free, daily_limit, monthly_limit FROM public.model_access ORDER BY model_id;
-- In the feed: new, active and disabled stay; inactive becomes new.
SELECT public.sync_openrouter_models(test.feed(4)) ->> 'models_reactivated' AS reactivated;
TABLE pg_temp.catalogue;
-- Missing: all become inactive.
SELECT public.sync_openrouter_models('[{"id": "other/one", "name": "One"}]') ->> 'models_marked_inactive' AS inactive;
TABLE pg_temp.catalogue;
-- Back: all are new again.
SELECT public.sync_openrouter_models(test.feed(4) || '[{"id": "other/one", "name": "One"}]') ->> 'models_reactivated' AS reactivated;
TABLE pg_temp.catalogue;
-- A rejected element of a known model keeps its row and counts as seen.
SELECT answer ->> 'models_marked_inactive' AS inactive, answer -> 'rejected' AS rejected
  FROM public.sync_openrouter_models(test.feed(3) || '[{"id": "other/one", "name": "One"}, {"id": "acme/m4", "name": 4}]') AS answer;
TABLE pg_temp.catalogue;
-- What is never touched: the key, created_at, created_timestamp.
SELECT public.sync_openrouter_models('[{"id": "acme/m1", "name": "M1", "created": 5}, {"id": "acme/m9", "name": "M9", "created": 5}]') ->> 'success' AS ok;
SELECT model_id, created_timestamp = 5 AS given FROM public.model_access WHERE model_id IN ('acme/m1', 'acme/m9') ORDER BY 1;
