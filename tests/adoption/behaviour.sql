-- What callers see of the public functions, for a database before and after the cut-over. Left out: instants, ids of runs, and the
-- counts of added and updated models, which the seed's function could never tell.
\pset format unaligned
\pset tuples_only on
\set ON_ERROR_ROLLBACK on
\set ON_ERROR_STOP off
SET TimeZone = 'UTC';

-- Everybody's list, row by row; and of somebody without a profile.
SELECT 'list', u.email, l.*
  FROM (SELECT p.id, p.email FROM public.profiles AS p
        UNION ALL SELECT '10000000-0000-4000-8000-0000000000ff'::uuid, 'nobody') AS u
 CROSS JOIN LATERAL public.get_user_allowed_models_v2(u.id) WITH ORDINALITY AS l
 ORDER BY u.email, l.ordinality;
SELECT 'by name', count(*) FROM public.get_user_allowed_models_v2(user_uuid => '10000000-0000-4000-8000-000000000010');

-- Through the application's view, function and policy, as a signed-in user who may and may not use a model.
SELECT p.email AS person, p.id AS person_id FROM public.profiles AS p WHERE p.email = 'u07@shop.test' \gset
BEGIN;
SELECT set_config('request.jwt.claims', jsonb_build_object('sub', :'person_id', 'role', 'authenticated')::text, true) <> '';
SET LOCAL ROLE authenticated;
SELECT 'view', m.* FROM public.my_models AS m;
SELECT 'function', public.count_models(:'person_id');
INSERT INTO public.chats (user_id, model_id) VALUES (:'person_id', 'acme/m6');
INSERT INTO public.chats (user_id, model_id) VALUES (:'person_id', 'acme/m25');
SELECT 'chats', c.model_id, c.options FROM public.chats AS c ORDER BY c.model_id;
ROLLBACK;

-- Tiers and status.
SELECT 'tier', public.update_model_tier_access('acme/m1', true, NULL, true, 'active') - 'updated_at';
SELECT 'tier', public.update_model_tier_access(p_model_id => 'acme/m2', p_status => 'disabled') - 'updated_at';
SELECT 'tier', public.update_model_tier_access('acme/m3') - 'updated_at';
SELECT 'tier', public.update_model_tier_access('acme/m4', p_status => 'gone');
SELECT 'tier', public.update_model_tier_access('no/such', true);

-- A feed of the models that are not inactive: one renamed, one with another price, two gone, two new.
WITH element AS (
    SELECT m.model_id, jsonb_build_object('id', m.model_id, 'canonical_slug', m.canonical_slug, 'name', m.model_name,
               'description', m.model_description, 'context_length', m.context_length, 'created', m.created_timestamp,
               'architecture', jsonb_build_object('modality', m.modality, 'input_modalities', m.input_modalities,
                                                  'output_modalities', m.output_modalities, 'tokenizer', m.tokenizer),
               'pricing', jsonb_strip_nulls(jsonb_build_object('prompt', m.prompt_price, 'completion', m.completion_price,
                                                               'request', m.request_price, 'input_cache_read', m.input_cache_read_price)),
               'top_provider', jsonb_build_object('max_completion_tokens', m.max_completion_tokens, 'is_moderated', m.is_moderated),
               'supported_parameters', m.supported_parameters) AS item
      FROM public.model_access AS m WHERE m.status IS DISTINCT FROM 'inactive' AND m.model_id NOT IN ('acme/m8', 'acme/m13')
), feed AS (
    SELECT jsonb_agg(CASE e.model_id WHEN 'acme/m6' THEN e.item || '{"name": "Acme six"}'
                                     WHEN 'acme/m12' THEN jsonb_set(e.item, '{pricing,prompt}', '"0.000013"')
                                     ELSE e.item END ORDER BY e.model_id)
           || '[{"id": "new/one", "name": "One", "created": 5, "pricing": {"prompt": "0.1", "completion": "0.2"}},
                {"id": "new/two", "name": "Two", "created": 6, "context_length": 1000}]' AS feed
      FROM element AS e
)
SELECT 'sync', a ->> 'success', a ->> 'total_processed', a ->> 'models_marked_inactive'
  FROM feed CROSS JOIN LATERAL public.sync_openrouter_models(feed.feed) AS a;
SELECT 'model', m.model_id, m.canonical_slug, m.hugging_face_id, m.model_name, m.model_description, m.context_length,
       m.created_timestamp, m.modality, m.input_modalities, m.output_modalities, m.tokenizer, m.prompt_price, m.completion_price,
       m.request_price, m.image_price, m.web_search_price, m.internal_reasoning_price, m.input_cache_read_price,
       m.input_cache_write_price, m.max_completion_tokens, m.is_moderated, m.supported_parameters, coalesce(m.status, 'new'),
       coalesce(m.is_free, false), coalesce(m.is_pro, false), coalesce(m.is_enterprise, false), m.daily_limit, m.monthly_limit, m.notes
  FROM public.model_access AS m ORDER BY m.model_id;
SELECT 'log', l.sync_status, l.total_openrouter_models, l.models_marked_inactive, l.error_message
  FROM public.model_sync_log AS l ORDER BY l.sync_started_at DESC LIMIT 1;

-- Preferences, merging, activity.
SELECT 'preferences', public.update_user_preferences(:'person_id', 'ui', '{"panes": {"right": 2}, "theme": "light", "list": [1]}') - 'updated_at';
SELECT 'preferences', public.update_user_preferences(:'person_id', 'session', '{"max_history": 20, "deep": {"a": {"b": null}}}') - 'updated_at';
SELECT 'preferences', public.update_user_preferences(:'person_id', 'model', '{"default_model": "acme/m3", "temperature": 1.25}') - 'updated_at';
SELECT 'preferences', public.update_user_preferences('10000000-0000-4000-8000-000000000003', 'ui', '{"theme": "light"}') - 'updated_at';
SELECT 'preferences', public.update_user_preferences(:'person_id', 'colour', '{}');
SELECT 'preferences', public.update_user_preferences('10000000-0000-4000-8000-0000000000ff', 'ui', '{}');
SELECT 'profile', p.email, p.ui_preferences, p.session_preferences, p.default_model, p.temperature, p.system_prompt
  FROM public.profiles AS p ORDER BY p.email;
SELECT 'merge', public.jsonb_deep_merge(x.a, x.b)
  FROM (VALUES (1, '{"a": {"b": 1, "c": [1]}, "d": 1}'::jsonb, '{"a": {"c": [2], "e": {}}, "f": null}'::jsonb),
               (2, '{"a": {"b": 1}}', '{"a": 1}'), (3, '{"a": 1}', '{"a": {"b": 1}}'), (4, '{}', '{}'), (5, '{"a": 1}', '{}')) AS x (n, a, b)
 ORDER BY x.n;
SELECT 'activity', public.log_user_activity(:'person_id', 'tested', p_details => '{"n": 1}') IS NOT NULL;
SELECT 'activity', a.action, a.resource_type, a.resource_id, a.details
  FROM public.user_activity_log AS a WHERE a.user_id = :'person_id' AND a.action <> 'signed_in'
 ORDER BY a.action, a.details::text COLLATE "C";
