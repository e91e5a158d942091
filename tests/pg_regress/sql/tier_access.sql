-- update_model_tier_access: NULL leaves a value, wrong words and unknown models are answers, not errors.
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
CREATE FUNCTION pg_temp.model() RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', is_free, is_pro, is_enterprise, status, updated_at > created_at) FROM public.model_access
$$;
SELECT public.update_model_tier_access('acme/m1', p_is_pro => true) ->> 'success' AS success, pg_temp.model();
SELECT pg_temp.model();
SELECT public.update_model_tier_access('acme/m1', true, NULL, true, 'active') ->> 'success' AS success;
SELECT pg_temp.model();
SELECT public.update_model_tier_access('acme/m1') ->> 'success' AS all_null;
SELECT public.update_model_tier_access('acme/m1', false, p_status => 'gone');
SELECT public.update_model_tier_access('no/such', true);
SELECT public.update_model_tier_access(NULL, true);
SELECT pg_temp.model();
-- The instant is UTC whatever the session's TimeZone is.
SET TimeZone = 'Asia/Tokyo';
SELECT right(public.update_model_tier_access('acme/m1') ->> 'updated_at', 6) AS zone;
