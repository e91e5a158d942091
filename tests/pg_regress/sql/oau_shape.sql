-- The tables of OAuth as they are made: columns, keys, rules that refuse, indexes, policies, privileges.
SELECT a.attrelid::regclass::text AS of_table, a.attnum AS place, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS default_is
  FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid IN ('public.oauth_states'::regclass, 'public.mcp_oauth_tokens'::regclass) AND a.attnum > 0 ORDER BY a.attrelid::regclass::text COLLATE "C", 2;
SELECT i.tablename, i.indexname FROM pg_indexes AS i WHERE i.tablename IN ('oauth_states', 'mcp_oauth_tokens') ORDER BY i.tablename COLLATE "C", i.indexname COLLATE "C";
SELECT p.tablename, p.policyname, p.permissive, p.roles, p.cmd FROM pg_policies AS p WHERE p.tablename IN ('oauth_states', 'mcp_oauth_tokens') ORDER BY p.tablename COLLATE "C", p.policyname COLLATE "C";
SELECT c.relname, c.relrowsecurity FROM pg_class AS c WHERE c.relname IN ('oauth_states', 'mcp_oauth_tokens') ORDER BY c.relname COLLATE "C";
SELECT a.attrelid::regclass::text AS of_table, string_agg(a.attname, ', ' ORDER BY a.attnum) FILTER (WHERE has_column_privilege('authenticated', a.attrelid, a.attnum, 'SELECT')) AS clients_read,
       string_agg(a.attname, ', ' ORDER BY a.attnum) FILTER (WHERE has_column_privilege('authenticated', a.attrelid, a.attnum, 'INSERT') OR has_column_privilege('authenticated', a.attrelid, a.attnum, 'UPDATE')) AS clients_write
  FROM pg_attribute AS a WHERE a.attrelid IN ('public.oauth_states'::regclass, 'public.mcp_oauth_tokens'::regclass) AND a.attnum > 0 GROUP BY a.attrelid ORDER BY a.attrelid::regclass::text COLLATE "C";
-- Each rule refuses, by name.
INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One'), ('10000000-0000-4000-8000-000000000002', 'Two');
INSERT INTO public.users (id, email, organization_id) VALUES (test.id('A'), 'a@example.test', '10000000-0000-4000-8000-000000000001'), (test.id('B'), 'b@example.test', '10000000-0000-4000-8000-000000000001');
CREATE FUNCTION test.refused(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rule text;
    of_column text;
BEGIN
    EXECUTE p_statement;
    RETURN '-';
EXCEPTION WHEN integrity_constraint_violation OR check_violation OR not_null_violation OR foreign_key_violation OR unique_violation THEN
    GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME, of_column = COLUMN_NAME;
    RETURN concat_ws(' ', SQLSTATE, nullif(rule, ''), nullif(of_column, ''));
END $$;
INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri) VALUES (test.id('A'), 'there', 'x', 'x', 'x', 'x');
INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token) VALUES (test.id('A'), '10000000-0000-4000-8000-000000000001', 'server', 'provider', 'x');
SELECT s.expires_at = s.created_at + interval '5 minutes' AS five_minutes, s.used FROM public.oauth_states AS s;
SELECT t.token_type, t.scope, t.refresh_token, t.expires_at FROM public.mcp_oauth_tokens AS t;
SELECT x.what, test.refused(format('INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri, expires_at) VALUES (%s)', x.row)) AS refused
  FROM (VALUES
      (1, 'nobody', $$test.id('X'), 's', 'x', 'x', 'x', 'x', '2999-01-01'$$), (2, 'the state again', $$test.id('A'), 'there', 'x', 'x', 'x', 'x', '2999-01-01'$$),
      (3, 'blank state', $$test.id('A'), ' ', 'x', 'x', 'x', 'x', '2999-01-01'$$), (4, 'blank verifier', $$test.id('A'), 's', '', 'x', 'x', 'x', '2999-01-01'$$),
      (5, 'no verifier', $$test.id('A'), 's', NULL, 'x', 'x', 'x', '2999-01-01'$$), (6, 'blank provider', $$test.id('A'), 's', 'x', ' ', 'x', 'x', '2999-01-01'$$),
      (7, 'blank server', $$test.id('A'), 's', 'x', 'x', '', 'x', '2999-01-01'$$), (8, 'blank address', $$test.id('A'), 's', 'x', 'x', 'x', '  ', '2999-01-01'$$),
      (9, 'over before it began', $$test.id('A'), 's', 'x', 'x', 'x', 'x', now()$$), (10, 'without an end', $$test.id('A'), 's', 'x', 'x', 'x', 'x', NULL$$)) AS x (place, what, row) ORDER BY x.place;
-- Of nobody both keys know nothing, in any order.
SELECT x.what, regexp_replace(test.refused(format('INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token) VALUES (%s)', x.row)), CASE x.what WHEN 'nobody' THEN '_organization_id' ELSE 'x{99}' END, '') AS refused
  FROM (VALUES
      (1, 'nobody', $$test.id('X'), '10000000-0000-4000-8000-000000000001', 'x', 'x', 'x'$$), (2, 'another organisation', $$test.id('A'), '10000000-0000-4000-8000-000000000002', 'x', 'x', 'x'$$),
      (3, 'blank server', $$test.id('A'), '10000000-0000-4000-8000-000000000001', ' ', 'x', 'x'$$), (4, 'blank provider', $$test.id('A'), '10000000-0000-4000-8000-000000000001', 'x', '', 'x'$$),
      (5, 'no token', $$test.id('A'), '10000000-0000-4000-8000-000000000001', 'x', 'x', NULL$$), (6, 'the same again', $$test.id('A'), '10000000-0000-4000-8000-000000000001', 'server', 'provider', 'y'$$),
      (7, 'another provider', $$test.id('A'), '10000000-0000-4000-8000-000000000001', 'server', 'other', 'y'$$), (8, 'another server', $$test.id('A'), '10000000-0000-4000-8000-000000000001', 'other', 'provider', 'y'$$),
      (9, 'another member', $$test.id('B'), '10000000-0000-4000-8000-000000000001', 'server', 'provider', 'y'$$)) AS x (place, what, row) ORDER BY x.place;
-- Who goes to another organisation does not take tokens along; who goes for good leaves nothing.
SELECT test.refused($$UPDATE public.users SET organization_id = '10000000-0000-4000-8000-000000000002' WHERE id = test.id('A')$$) AS moves;
UPDATE public.mcp_oauth_tokens SET updated_at = '2000-01-01', access_token = 'new' WHERE user_id = test.id('A') AND oauth_provider = 'other' RETURNING updated_at = now() AS noted;
DELETE FROM public.users WHERE id = test.id('A');
SELECT (SELECT count(*) FROM public.oauth_states) AS states, (SELECT string_agg(t.user_id::text, ', ') FROM public.mcp_oauth_tokens AS t) AS tokens_of;
DELETE FROM public.organizations WHERE id = '10000000-0000-4000-8000-000000000001';
SELECT count(*) AS tokens FROM public.mcp_oauth_tokens;
-- The functions as they are declared.
SELECT p.pronamespace::regnamespace::text AS schema, p.proname, pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result, p.provolatile, p.proisstrict, p.proparallel,
       has_function_privilege('anon', p.oid, 'EXECUTE') AS anon, has_function_privilege('authenticated', p.oid, 'EXECUTE') AS authenticated, has_function_privilege('service_role', p.oid, 'EXECUTE') AS service_role
  FROM pg_proc AS p WHERE p.pronamespace IN ('public'::regnamespace, 'model_access'::regnamespace) AND p.proname IN ('encrypt_token', 'decrypt_token', 'consume_oauth_state', 'cleanup_expired_oauth_states', 'cleanup_expired_oauth_tokens')
 ORDER BY p.pronamespace::regnamespace::text COLLATE "C", p.proname COLLATE "C";
SELECT p.proname, p.proconfig, p.prosecdef, has_function_privilege('authenticated', p.oid, 'EXECUTE') AS authenticated FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.proname = 'update_updated_at_column';
-- The way back, and again.
SELECT object FROM model_access.uninstall('{oauth}') WHERE action = 'dropped' ORDER BY object COLLATE "C";
SELECT count(*) > 0 AS again FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify('{oauth}') WHERE NOT ok;
SELECT object FROM model_access.uninstall('{oauth}', true) WHERE action = 'dropped' AND object LIKE 'table %' ORDER BY object COLLATE "C";
