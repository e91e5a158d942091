-- A model that the pro user may call, one that the free user may not if there is any.

SELECT model_id FROM public.model_access
 WHERE status = 'active' AND (is_free OR is_pro)
 ORDER BY is_free, model_id LIMIT 1;
