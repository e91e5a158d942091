-- Columns, keys, rules for values and indexes of the tables of tenancy, as seed 003 has them. Each rule is broken once.
SELECT c.relname, count(*) AS columns FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('users', 'user_sessions', 'mcp_configurations', 'system_prompts', 'platform_admins', 'admin_audit_log') GROUP BY c.relname ORDER BY c.relname COLLATE "C";
SELECT count(*) AS of_organizations FROM pg_attribute AS a WHERE a.attrelid = 'public.organizations'::regclass AND a.attname IN ('id', 'name', 'slug', 'metadata', 'created_at', 'updated_at');
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required, pg_get_expr(d.adbin, d.adrelid) AS "default"
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('users', 'user_sessions', 'mcp_configurations', 'system_prompts', 'platform_admins', 'admin_audit_log') ORDER BY c.relname COLLATE "C", a.attnum;
SELECT k.conrelid::regclass AS of, k.conname, pg_get_constraintdef(k.oid) AS rule FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ('users', 'user_sessions', 'mcp_configurations', 'system_prompts', 'platform_admins', 'admin_audit_log') AND k.contype <> 'n' ORDER BY c.relname COLLATE "C", k.conname COLLATE "C";
SELECT i.tablename, i.indexname, regexp_replace(i.indexdef, '^.* USING ', '') AS on FROM pg_indexes AS i
 WHERE i.schemaname = 'public' AND i.tablename IN ('organizations', 'users', 'user_sessions', 'mcp_configurations', 'system_prompts', 'platform_admins', 'admin_audit_log') ORDER BY i.tablename COLLATE "C", i.indexname COLLATE "C";
SELECT t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) AS words FROM pg_type AS t JOIN pg_enum AS e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname ORDER BY t.typname COLLATE "C";
SELECT p.tablename, count(*) AS policies, string_agg(p.policyname || ' ' || p.cmd, ', ' ORDER BY p.policyname COLLATE "C") AS names, array_agg(DISTINCT p.roles::text) AS roles FROM pg_policies AS p
 WHERE p.tablename IN ('organizations', 'users', 'user_sessions', 'mcp_configurations', 'system_prompts', 'platform_admins', 'admin_audit_log') GROUP BY p.tablename ORDER BY p.tablename COLLATE "C";
-- updated_at follows, and created_at stays.
\i tests/fixtures/tenancy.sql
SET session_replication_role = replica;
UPDATE public.organizations SET updated_at = '2026-01-01', created_at = '2026-01-01';
UPDATE public.users SET updated_at = '2026-01-01', created_at = '2026-01-01';
UPDATE public.mcp_configurations SET updated_at = '2026-01-01', created_at = '2026-01-01';
UPDATE public.system_prompts SET updated_at = '2026-01-01', created_at = '2026-01-01';
UPDATE public.platform_admins SET updated_at = '2026-01-01', created_at = '2026-01-01';
RESET session_replication_role;
UPDATE public.organizations SET name = name RETURNING updated_at > '2026-01-02' AS follows, created_at = '2026-01-01' AS stays;
UPDATE public.users SET email = email WHERE id = test.id('A') RETURNING updated_at > '2026-01-02' AS follows, created_at = '2026-01-01' AS stays;
UPDATE public.mcp_configurations SET name = name WHERE user_id = test.id('A') RETURNING updated_at > '2026-01-02' AS follows, created_at = '2026-01-01' AS stays;
UPDATE public.system_prompts SET content = content WHERE scope = 'global' RETURNING updated_at > '2026-01-02' AS follows, created_at = '2026-01-01' AS stays;
UPDATE public.platform_admins SET email = email WHERE workos_user_id = 'user_W' RETURNING updated_at > '2026-01-02' AS follows, created_at = '2026-01-01' AS stays;
-- Each rule, broken once.
\set VERBOSITY terse
\set one '''00000000-0000-4000-8000-0000000000f1'''
\set two '''00000000-0000-4000-8000-0000000000f2'''
INSERT INTO public.organizations (name) VALUES (' ');
INSERT INTO public.organizations (name, slug) VALUES ('x', 'No Slug');
INSERT INTO public.organizations (name, slug) VALUES ('x', '');
INSERT INTO public.organizations (name, slug) VALUES ('x', 'one');
INSERT INTO public.organizations (name, slug) VALUES ('x', NULL);
INSERT INTO public.users (email, organization_id) VALUES (' ', :one);
INSERT INTO public.users (email, organization_id) VALUES ('nobody', :one);
INSERT INTO public.users (email, organization_id) VALUES ('a@example.test', :one);
INSERT INTO public.users (email) VALUES ('x@example.test');
INSERT INTO public.users (email, organization_id) VALUES ('x@example.test', gen_random_uuid());
INSERT INTO public.users (email, organization_id, role) VALUES ('x@example.test', :one, 'owner');
INSERT INTO public.user_sessions (user_id, organization_id, workspace_path) VALUES (test.id('A'), :one, E' ');
INSERT INTO public.user_sessions (user_id, organization_id, workspace_path, expires_at) VALUES (test.id('A'), :one, '/x', now());
INSERT INTO public.user_sessions (user_id, organization_id, workspace_path) VALUES (test.id('A'), :two, '/x');
INSERT INTO public.user_sessions (user_id, organization_id, workspace_path) VALUES (test.id('S'), :one, '/x');
INSERT INTO public.mcp_configurations (organization_id, name, type, command) VALUES (:one, ' ', 'stdio', 'x');
INSERT INTO public.mcp_configurations (organization_id, name, type) VALUES (:one, 'x', 'http');
INSERT INTO public.mcp_configurations (organization_id, name, type, endpoint) VALUES (:one, 'x', 'sse', ' ');
INSERT INTO public.mcp_configurations (organization_id, name, type, endpoint) VALUES (:one, 'x', 'stdio', 'x');
INSERT INTO public.mcp_configurations (organization_id, name, type, command, auth_type) VALUES (:one, 'x', 'stdio', 'x', 'bearer');
INSERT INTO public.mcp_configurations (organization_id, name, type, command, auth_type) VALUES (:one, 'x', 'stdio', 'x', 'oauth');
INSERT INTO public.mcp_configurations (organization_id, name, type, command) VALUES (:one, 'shared', 'stdio', 'x');
INSERT INTO public.mcp_configurations (organization_id, user_id, name, type, command) VALUES (:one, test.id('A'), 'own', 'stdio', 'x');
INSERT INTO public.mcp_configurations (organization_id, user_id, name, type, command) VALUES (:one, test.id('A'), 'shared', 'stdio', 'x') RETURNING name, args, env, auth_type, enabled;
INSERT INTO public.mcp_configurations (organization_id, user_id, name, type, endpoint) VALUES (:one, test.id('S'), 'x', 'sse', 'x');
INSERT INTO public.system_prompts (scope, content) VALUES ('global', ' ');
INSERT INTO public.system_prompts (scope, organization_id, content) VALUES ('global', :one, 'x');
INSERT INTO public.system_prompts (scope, content) VALUES ('organization', 'x');
INSERT INTO public.system_prompts (scope, organization_id, user_id, content) VALUES ('organization', :one, test.id('A'), 'x');
INSERT INTO public.system_prompts (scope, organization_id, content) VALUES ('user', :one, 'x');
INSERT INTO public.system_prompts (scope, user_id, content) VALUES ('user', test.id('A'), 'x');
INSERT INTO public.platform_admins (workos_user_id, email) VALUES ('user_W', 'x@example.test');
INSERT INTO public.platform_admins (workos_user_id, email) VALUES ('user_X', 'w@example.test');
INSERT INTO public.platform_admins (workos_user_id, email, added_by) VALUES ('user_X', 'x@example.test', gen_random_uuid());
INSERT INTO public.admin_audit_log (admin_id, action) VALUES (gen_random_uuid(), 'x');
DELETE FROM public.platform_admins WHERE workos_user_id = 'user_W';
UPDATE public.users SET organization_id = :two WHERE id = test.id('A');
-- Who goes takes his things along, and what he wrote for others stays; so it is with an organisation.
UPDATE public.system_prompts SET created_by = test.id('P') WHERE scope = 'organization';
DELETE FROM public.users WHERE id = test.id('P');
SELECT (SELECT count(*) FROM public.user_sessions) AS sessions, (SELECT count(*) FROM public.mcp_configurations) AS servers, (SELECT count(*) FROM public.system_prompts) AS prompts, (SELECT count(created_by) FROM public.system_prompts) AS of_known_authors;
DELETE FROM public.organizations WHERE id = :one;
SELECT (SELECT count(*) FROM public.users) AS users, (SELECT count(*) FROM public.user_sessions) AS sessions, (SELECT count(*) FROM public.mcp_configurations) AS servers, (SELECT count(*) FROM public.system_prompts) AS prompts;
