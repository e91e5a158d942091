-- R-07: a model that comes back is new again, to be reviewed; its flags and limits are kept.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
SELECT public.update_model_tier_access('acme/m1', true, NULL, true, 'active') ->> 'success' AS opened;
UPDATE public.model_access SET daily_limit = 3 WHERE model_id = 'acme/m1';
SELECT public.sync_openrouter_models(test.feed(1, 'acme', 2)) ->> 'models_marked_inactive' AS gone;
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS usable_while_gone;
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_reactivated' AS back;
SELECT model_id, status, is_free, is_pro, is_enterprise, daily_limit FROM public.model_access ORDER BY model_id;
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS usable_before_review;
SELECT public.update_model_tier_access('acme/m1', p_status => 'active') ->> 'success' AS reviewed;
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS usable;
