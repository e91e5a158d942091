-- The commands of the seed document work as written, through public.
SELECT * FROM public.get_user_allowed_models_v2('00000000-0000-4000-8000-00000000000a');
SELECT answer - ARRAY['sync_log_id', 'duration_ms'] AS answer
  FROM public.sync_openrouter_models('[{"id": "test-model", "name": "Test Model"}]'::jsonb) AS answer;
SELECT answer - 'updated_at' AS answer
  FROM public.update_model_tier_access('deepseek/deepseek-r1-0528:free', true, true, true, 'active') AS answer;
SELECT public.sync_openrouter_models('[{"id": "deepseek/deepseek-r1-0528:free", "name": "R1"}, {"id": "test-model", "name": "Test Model"}]') ->> 'models_added' AS added;
SELECT answer - 'updated_at' AS answer, (answer ->> 'updated_at')::timestamptz > now() - interval '1 hour' AS recent
  FROM public.update_model_tier_access('deepseek/deepseek-r1-0528:free', true, true, true, 'active') AS answer;
SELECT model_id, model_name FROM public.get_user_allowed_models_v2('00000000-0000-4000-8000-00000000000a');
-- Named arguments, as PostgREST calls.
SELECT public.can_user_use_model(user_uuid => test.id('A'), p_model_id => 'deepseek/deepseek-r1-0528:free');
SELECT answer - 'updated_at' AS answer
  FROM public.update_model_tier_access(p_model_id => 'test-model', p_status => 'disabled') AS answer;
