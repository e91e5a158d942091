-- A column of ours that the owner gave another type is converted, or an error: never read as what it is not.
SELECT public.sync_openrouter_models('[{"id": "a/b", "name": "B", "architecture": {"modality": "text"}}]') ->> 'success' AS ok;
SELECT public.update_model_tier_access('a/b', true, true, true, 'active') ->> 'success' AS ok;
DROP VIEW public.model_catalogue;
ALTER TABLE public.model_access ALTER COLUMN model_description TYPE bigint USING 4242424242;
SELECT model_description, public.can_user_use_model(test.id('A'), 'a/b') AS may FROM public.get_user_allowed_models_v2(test.id('A'));
ALTER TABLE public.model_access ALTER COLUMN modality TYPE text[] USING ARRAY['x'];
SELECT modality FROM public.get_user_allowed_models_v2(test.id('A'));
ALTER TABLE public.model_access ALTER COLUMN input_modalities DROP DEFAULT, ALTER COLUMN input_modalities TYPE text[] USING ARRAY['x'];
SELECT test.outcome($$SELECT * FROM public.get_user_allowed_models_v2(test.id('A'))$$);
SELECT answer ->> 'success' AS success, answer ->> 'error' AS error
  FROM public.sync_openrouter_models('[{"id": "a/b", "name": "C"}]') AS answer;
SELECT sync_status, error_details FROM public.model_sync_log ORDER BY sync_started_at;
ALTER TABLE public.model_access_settings ALTER COLUMN schema_version TYPE text USING '1';
SELECT test.outcome($$SELECT public.can_user_use_model(test.id('A'), 'a/b')$$);
