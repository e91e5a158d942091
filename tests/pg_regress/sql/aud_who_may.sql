-- Who may write to, read and verify which audit log.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One'), ('00000000-0000-4000-8000-0000000000f2', 'Two');
INSERT INTO public.users (id, email, organization_id, role, is_active) VALUES (test.id('A'), 'a@example.test', '00000000-0000-4000-8000-0000000000f1', 'user', true), (test.id('P'), 'p@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', true),
    (test.id('B'), 'b@example.test', '00000000-0000-4000-8000-0000000000f2', 'admin', true), (test.id('N'), 'n@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', false);
INSERT INTO public.platform_admins (workos_user_id, email) VALUES (test.id('T')::text, 't@example.test');
SELECT public.log_audit_event(NULL, '00000000-0000-4000-8000-0000000000f1', 'of_one', 'thing') IS NOT NULL AND public.log_audit_event(NULL, '00000000-0000-4000-8000-0000000000f2', 'of_two', 'thing') IS NOT NULL
   AND public.log_audit_event(NULL, NULL, 'of_none', 'thing') IS NOT NULL AS written;
-- What one caller may: the SQLSTATE, or yes. Whatever he wrote is taken back.
CREATE FUNCTION test.may(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE p_statement;
    RAISE EXCEPTION 'done' USING ERRCODE = 'ZZ001';
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
    RETURN 'yes';
WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
CREATE FUNCTION test.read() RETURNS text LANGUAGE sql AS $$ SELECT coalesce(string_agg(a.action, ' ' ORDER BY a.action), 'nothing') FROM public.audit_logs AS a $$;
CREATE FUNCTION test.rights() RETURNS TABLE (own_by_function text, colleague text, own_elsewhere text, nobody text, own_by_table text, colleague_by_table text, elsewhere_by_table text, none_by_table text,
    reads text, verifies_one text, verifies_two text, verifies_none text) LANGUAGE sql AS $$
    WITH me AS (SELECT coalesce(public.app_current_user_id(), test.id('A')) AS id, CASE WHEN public.app_current_user_id() = test.id('B') THEN 'f2' ELSE 'f1' END AS own, CASE WHEN public.app_current_user_id() = test.id('B') THEN 'f1' ELSE 'f2' END AS other),
    x AS (SELECT m.id, test.id(CASE WHEN m.id = test.id('P') THEN 'A' ELSE 'P' END) AS colleague, '00000000-0000-4000-8000-0000000000' || m.own AS own, '00000000-0000-4000-8000-0000000000' || m.other AS other FROM me AS m)
    SELECT test.may(format('SELECT public.log_audit_event(%L, %L, ''a'', ''b'')', id, own)), test.may(format('SELECT public.log_audit_event(%L, %L, ''a'', ''b'')', colleague, own)),
           test.may(format('SELECT public.log_audit_event(%L, %L, ''a'', ''b'')', id, other)), test.may('SELECT public.log_audit_event(NULL, NULL, ''a'', ''b'')'),
           test.may(format('INSERT INTO public.audit_logs (user_id, organization_id, action, resource_type) VALUES (%L, %L, ''a'', ''b'')', id, own)),
           test.may(format('INSERT INTO public.audit_logs (user_id, organization_id, action, resource_type) VALUES (%L, %L, ''a'', ''b'')', colleague, own)),
           test.may(format('INSERT INTO public.audit_logs (user_id, organization_id, action, resource_type) VALUES (%L, %L, ''a'', ''b'')', id, other)),
           test.may('INSERT INTO public.audit_logs (action, resource_type) VALUES (''a'', ''b'')'),
           CASE WHEN has_table_privilege('public.audit_logs', 'SELECT') THEN test.read() ELSE '42501' END,
           test.may('SELECT * FROM public.verify_audit_log(''00000000-0000-4000-8000-0000000000f1'')'), test.may('SELECT * FROM public.verify_audit_log(''00000000-0000-4000-8000-0000000000f2'')'), test.may('SELECT * FROM public.verify_audit_log(NULL)') FROM x
$$;
\connect - authenticator
\pset expanded on
BEGIN; SELECT test.request('authenticated', 'A') IS NULL AS member; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'P') IS NULL AS admin; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'B') IS NULL AS foreign_admin; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'N') IS NULL AS inactive_admin; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'T') IS NULL AS platform_admin; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'S') IS NULL AS superadmin_of_profiles; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'X') IS NULL AS unknown; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SET LOCAL ROLE authenticated; SET LOCAL app.user_id = ''; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SET LOCAL ROLE authenticated; SELECT set_config('app.user_id', test.id('P')::text, true) <> '' AS admin_by_setting; SELECT * FROM test.rights(); ROLLBACK;
BEGIN; SELECT test.request('anon') IS NULL AS anon; SELECT test.may('SELECT public.log_audit_event(NULL, NULL, ''a'', ''b'')'), test.may('SELECT * FROM public.audit_logs'), test.may('INSERT INTO public.audit_logs (action, resource_type) VALUES (''a'', ''b'')'), test.may('SELECT * FROM public.verify_audit_log(NULL)'); ROLLBACK;
BEGIN; SELECT test.request('service_role') IS NULL AS service_role; SELECT * FROM test.rights(); ROLLBACK;
-- A client's columns: what the engine decides he may not even name.
BEGIN;
SELECT test.request('authenticated', 'A') IS NULL AS member;
SELECT string_agg(format('%s %s', c, test.may(format('INSERT INTO public.audit_logs (user_id, organization_id, action, resource_type, %I) VALUES (test.id(''A''), ''00000000-0000-4000-8000-0000000000f1'', ''a'', ''b'', NULL)', c))), ', ' ORDER BY n) AS may_name
  FROM unnest(ARRAY['id', 'timestamp', 'chain_id', 'chain_position', 'written_user_id', 'written_organization_id', 'previous_hash', 'hash', 'resource_id', 'details', 'ip_address', 'user_agent', 'error_message']) WITH ORDINALITY AS x (c, n);
SELECT test.outcome('SELECT public.log_audit_event(test.id(''P''), ''00000000-0000-4000-8000-0000000000f1'', ''a'', ''b'')') AS colleague, test.outcome('SELECT * FROM public.verify_audit_log(NULL)') AS verifies;
ROLLBACK;
\pset expanded off
\connect - postgres
SELECT count(*) AS rows FROM public.audit_logs;
