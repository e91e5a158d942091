-- Preferences: ui and session are merged deeply, of model those present are set; only one's own, or as an admin.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT public.update_user_preferences(test.id('A'), 'ui', '{"theme": "dark", "editor": {"tabs": 4, "wrap": true}}') - 'updated_at' AS answer;
SELECT public.update_user_preferences(NULL, 'ui', '{"editor": {"tabs": 2}, "sidebar_width": 280.50}') - 'updated_at' AS answer;
SELECT public.update_user_preferences(test.id('A'), 'session', '{"max_history": null}') - 'updated_at' AS answer;
SELECT public.update_user_preferences(test.id('A'), 'model', '{"default_model": "acme/m1", "temperature": 1.5, "subscription_tier": "enterprise", "role": "superadmin"}') - 'updated_at' AS answer;
SELECT public.update_user_preferences(test.id('A'), 'model', '{"default_model": null, "temperature": "0.25"}') ->> 'success' AS success;
SELECT jsonb_pretty(ui_preferences) AS ui, session_preferences, default_model, temperature, system_prompt, subscription_tier, role
  FROM public.profiles WHERE id = test.id('A');
-- What cannot be answered as success is answered, and changes nothing.
SELECT public.update_user_preferences(test.id('A'), t.type, t.preferences) AS answer
  FROM (VALUES (1, 'colour', '{}'::jsonb), (2, NULL, '{}'), (3, 'ui', '[1]'), (4, 'ui', 'null'), (5, 'ui', NULL), (6, 'UI', '{}')) AS t (n, type, preferences) ORDER BY t.n;
SELECT public.update_user_preferences(test.id('A'), 'model', '{"temperature": 3}') AS answer, public.update_user_preferences(test.id('A'), 'model', '{"temperature": "warm"}') AS answer;
SELECT test.outcome(format($$SELECT public.update_user_preferences(test.id('A'), 'model', '{"default_model": %s}')$$, to_json(repeat('m', 101))));
SELECT test.outcome(format($$SELECT public.update_user_preferences(test.id('A'), 'ui', %L)$$, jsonb_build_object('x', repeat('x', 1 << 20))));
SELECT test.outcome(format($$SELECT public.update_user_preferences(test.id('A'), 'ui', %L)$$, repeat('{"x":', 101) || '1' || repeat('}', 101)));
-- ADM-12: another person and nobody get the same answer.
SELECT person, test.outcome(format($$SELECT public.update_user_preferences(test.id(%L), 'ui', '{}')$$, person))
  FROM unnest(ARRAY['B', 'X']) AS person;
SELECT test.outcome($$SELECT public.log_user_activity(test.id('A'), 'x')$$);
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'N');
SELECT public.update_user_preferences(NULL, 'ui', '{}') AS without_a_profile;
ROLLBACK;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome($$SELECT public.update_user_preferences(NULL, 'ui', '{}')$$);
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT public.update_user_preferences(test.id('B'), 'ui', '{"theme": "light"}') ->> 'success' AS by_an_admin;
SELECT public.update_user_preferences(test.id('X'), 'ui', '{}') AS by_an_admin;
COMMIT;
BEGIN;
SELECT test.request('service_role');
SELECT public.update_user_preferences(test.id('B'), 'session', '{"auto_title": false}') ->> 'success' AS by_the_server;
SELECT public.update_user_preferences(test.id('X'), 'ui', '{}') AS by_the_server;
SELECT test.outcome($$SELECT public.update_user_preferences(NULL, 'ui', '{}')$$);
SELECT public.log_user_activity(test.id('A'), 'signed_in', p_details => '{"from": "web", "n": 1.0}') IS NOT NULL AS logged;
SELECT public.log_user_activity(test.id('A'), 'opened', 'chat', '7', NULL) IS NOT NULL AS logged;
SELECT test.outcome($$SELECT public.log_user_activity(NULL, 'x')$$);
SELECT test.outcome($$SELECT public.log_user_activity(test.id('A'), NULL)$$);
SELECT test.outcome($$SELECT public.log_user_activity(test.id('X'), 'x')$$);
SELECT test.outcome($$SELECT public.log_user_activity(test.id('A'), repeat('x', 51))$$);
COMMIT;
\connect - postgres
SELECT l.action, l.resource_type, l.resource_id = l.user_id::text AS own, l.details FROM public.user_activity_log AS l ORDER BY l."timestamp", l.action;
-- A NULL column counts as an empty object; one that holds something else gives way.
UPDATE public.profiles SET ui_preferences = NULL, session_preferences = '[1]' WHERE id = test.id('B');
SELECT public.update_user_preferences(test.id('B'), 'ui', '{"a": 1}') ->> 'success' AS success, public.update_user_preferences(test.id('B'), 'session', '{"a": 1}') ->> 'success' AS success;
SELECT ui_preferences, session_preferences FROM public.profiles WHERE id = test.id('B');
-- What is stored has a limit, not only what comes at once; and a text that no column can hold is no temperature.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT public.update_user_preferences(NULL, 'ui', jsonb_build_object('first', repeat('x', 600000))) ->> 'success' AS first;
SELECT test.outcome($$SELECT public.update_user_preferences(NULL, 'ui', jsonb_build_object('second', repeat('x', 600000)))$$);
SELECT public.update_user_preferences(NULL, 'session', jsonb_build_object('first', repeat('x', 600000))) ->> 'success' AS first;
SELECT test.outcome($$SELECT public.update_user_preferences(NULL, 'session', jsonb_build_object('second', repeat('x', 600000)))$$);
SELECT public.update_user_preferences(NULL, 'model', '{"temperature": "1e-20000"}') AS answer;
SELECT public.update_user_preferences(NULL, 'model', jsonb_build_object('temperature', '0.' || repeat('0', 20000) || '1')) AS answer;
SELECT public.update_user_preferences(NULL, 'model', '{"temperature": "15e-1"}') ->> 'success' AS success;
SELECT p.temperature, length(p.ui_preferences::text) < 1048576 AS bounded FROM public.profiles AS p;
ROLLBACK;
