-- A row whose key or organisation changes is told as one that went and one that came, to both; and who writes a table is never refused for what the log would say of him.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One'), ('00000000-0000-4000-8000-0000000000f2', 'Two');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1', role = 'admin' WHERE id = test.id('P');
CREATE FUNCTION test.told() RETURNS TABLE (log text, who text, action text, resource text, by text, old jsonb, new jsonb) LANGUAGE sql STABLE AS $$
    SELECT coalesce(o.name, 'none'), right(a.user_id::text, 2), a.action, a.resource_id, CASE WHEN a.details ->> 'by' = test.id('P')::text THEN 'P' ELSE left(a.details ->> 'by', 24) END, nullif(a.details -> 'old', 'null'), nullif(a.details -> 'new', 'null')
      FROM public.audit_logs AS a LEFT JOIN public.organizations AS o ON o.id = a.chain_id ORDER BY o.name, a.chain_position $$;
INSERT INTO public.org_system_model_config (organization_id, system_model_id, token_limit_per_user) VALUES ('00000000-0000-4000-8000-0000000000f1', 1, 100);
-- An admin moves the row to another model: what was limited no longer is.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'P');
UPDATE public.org_system_model_config SET system_model_id = 2 WHERE true;
UPDATE public.org_system_model_config SET system_model_id = 3, token_limit_per_user = 5 WHERE true;
COMMIT;
\connect - postgres
-- The service moves it to another organisation, and an organisation and a model get other keys.
UPDATE public.org_system_model_config SET organization_id = '00000000-0000-4000-8000-0000000000f2' WHERE true;
DELETE FROM public.org_system_model_config WHERE true;
UPDATE public.ai_models_system SET id = 106 WHERE id = 6;
SELECT log, action, resource, by, old - '{organization_types}'::text[] AS old, new - '{organization_types}'::text[] AS new FROM test.told() WHERE log <> 'none';
SELECT action, resource, coalesce(old, new) ->> 'name' AS name, old IS NULL AS came FROM test.told() WHERE log = 'none';
SELECT * FROM public.verify_audit_log('00000000-0000-4000-8000-0000000000f1') UNION ALL SELECT * FROM public.verify_audit_log('00000000-0000-4000-8000-0000000000f2') UNION ALL SELECT * FROM public.verify_audit_log(NULL);
-- Identities of other systems, garbage, and settings of another application: the table is written, and the log says what there is to say.
SET ROLE service_role;
SELECT x.place, test.outcome(format('SELECT set_config(''request.jwt.claims'', %L, true), set_config(''app.user_id'', %L, true)', x.claims, x.setting)) = '- 1 rows'
       AND test.outcome(format('UPDATE public.organizations SET quota_slots = %s WHERE name = ''Two''', x.place)) LIKE '- %' AS written
  FROM (VALUES (2, '{"sub": "user_01H"}', ''), (3, '{"sub": 7}', ''), (4, 'garbage', ''), (5, '', 'me'), (6, json_build_object('sub', repeat('x', 100000))::text, ''), (7, '[]', 'me')) AS x (place, claims, setting) ORDER BY x.place;
RESET ROLE;
SELECT by, who, old, new, length(by) FROM test.told() WHERE action = 'organization_changed';
-- What the log does not tell asks nobody who he is.
SELECT set_config('request.jwt.claims', 'garbage', false) IS NOT NULL AS set;
UPDATE public.organizations SET name = 'Second' WHERE name = 'Two';
UPDATE public.organizations SET quota_slots = 7 WHERE name = 'Second';
SELECT count(*) AS told FROM test.told() WHERE action = 'organization_changed';
