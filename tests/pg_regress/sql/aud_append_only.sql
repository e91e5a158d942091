-- Nobody changes, deletes or empties the audit log, its owner and a superuser neither; what a row refers to may go, and the chain stays whole.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One'), ('00000000-0000-4000-8000-0000000000f2', 'Two');
INSERT INTO public.users (id, email, organization_id, role, is_active) VALUES (test.id('A'), 'a@example.test', '00000000-0000-4000-8000-0000000000f1', 'user', true), (test.id('P'), 'p@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', true),
    (test.id('B'), 'b@example.test', '00000000-0000-4000-8000-0000000000f2', 'admin', true), (test.id('N'), 'n@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', false);
INSERT INTO public.platform_admins (workos_user_id, email) VALUES (test.id('T')::text, 't@example.test');
SELECT count(public.log_audit_event(test.id(who), org::uuid, 'came', 'session', n::text)) AS written
  FROM (VALUES ('A', '00000000-0000-4000-8000-0000000000f1'), ('P', '00000000-0000-4000-8000-0000000000f1'), ('B', '00000000-0000-4000-8000-0000000000f2')) AS x (who, org), generate_series(1, 2) AS n;
CREATE TABLE test.commands (n integer GENERATED ALWAYS AS IDENTITY, command text);
INSERT INTO test.commands (command) VALUES ('UPDATE public.audit_logs SET action = ''x'' WHERE true'), ('UPDATE public.audit_logs SET user_id = NULL WHERE true'), ('UPDATE public.audit_logs SET organization_id = NULL WHERE true'),
    ('UPDATE public.audit_logs SET user_id = test.id(''B'') WHERE true'), ('UPDATE public.audit_logs SET details = details, hash = NULL WHERE true'), ('DELETE FROM public.audit_logs WHERE true'), ('TRUNCATE public.audit_logs'),
    ('TRUNCATE public.audit_logs CASCADE'), ('TRUNCATE public.users CASCADE'), ('INSERT INTO public.audit_logs (id, action, resource_type) SELECT id, ''x'', ''x'' FROM public.audit_logs LIMIT 1 ON CONFLICT (id) DO UPDATE SET action = ''x''');
GRANT SELECT ON test.commands TO PUBLIC;
CREATE FUNCTION test.told() RETURNS TABLE (said text, commands text) LANGUAGE sql AS $$
    SELECT split_part(test.outcome(c.command), E'\n', 1), string_agg(c.n::text, ' ' ORDER BY c.n) FROM test.commands AS c GROUP BY 1 ORDER BY 1
$$;
SELECT test.outcome(command) FROM test.commands WHERE n = 1;
SET client_min_messages = warning;
SELECT said AS owner, commands FROM test.told();
\connect - supabase_admin
SET client_min_messages = warning;
SELECT said AS superuser, commands FROM test.told();
SET session_replication_role = replica;
SELECT said AS superuser_as_a_replica, commands FROM test.told();
RESET session_replication_role;
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT said AS service_role, commands FROM test.told();
SELECT test.outcome('UPDATE public.audit_log_heads SET last_position = 0 WHERE true') AS moves_the_head, test.outcome('INSERT INTO public.audit_log_heads VALUES (test.id(''X''), 0, '''')') AS makes_a_head;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT said AS admin, commands FROM test.told();
SELECT test.outcome('SELECT * FROM public.audit_log_heads') AS reads_heads;
ROLLBACK;
\connect - postgres
-- A user who is gone; an organisation with all of its users.
DELETE FROM public.users WHERE id = test.id('A');
DELETE FROM public.organizations WHERE id = '00000000-0000-4000-8000-0000000000f2';
SELECT right(a.user_id::text, 2) AS "user", right(a.organization_id::text, 2) AS organization, right(a.written_user_id::text, 2) AS written_user, right(a.written_organization_id::text, 2) AS written_organization, count(*)
  FROM public.audit_logs AS a GROUP BY 1, 2, 3, 4 ORDER BY 3;
SELECT o AS chain, (SELECT count(*) FROM public.verify_audit_log(('00000000-0000-4000-8000-0000000000' || o)::uuid)) AS problems FROM unnest(ARRAY['f1', 'f2']) AS o ORDER BY 1;
-- One who comes back under his id is not put into rows of then.
INSERT INTO public.users (id, email, organization_id) VALUES (test.id('A'), 'a@example.test', '00000000-0000-4000-8000-0000000000f1');
SELECT test.outcome('UPDATE public.audit_logs SET user_id = written_user_id WHERE written_user_id = test.id(''A'')') AS owner;
SELECT test.outcome('UPDATE public.audit_logs SET user_id = user_id WHERE true') AS nothing_changes;
-- Nor is a row changed whose values are written alike under the session's settings.
INSERT INTO public.audit_logs (action, resource_type, timestamp) VALUES ('came', 'session', '2027-12-01 00:00+00');
BEGIN;
SET LOCAL DateStyle = 'SQL, DMY';
SET LOCAL TimeZone = 'AAA23AAA-23,J10/0,J334/23';
SELECT test.outcome('UPDATE public.audit_logs SET timestamp = timestamp - interval ''46 hours'' WHERE timestamp > now()') AS written_alike;
COMMIT;
-- forget_user leaves the log as it is.
SELECT test.outcome('SELECT public.forget_user(test.id(''P''))');
SELECT count(*) AS rows_about_him FROM public.audit_logs WHERE written_user_id = test.id('P');
-- The trigger functions are for their triggers.
SELECT test.outcome('SELECT model_access.chain_audit_log()') AS called, test.outcome('SELECT model_access.keep_audit_log()') AS called_too;
CREATE TABLE public.mine (id uuid, hash bytea);
CREATE TRIGGER t BEFORE INSERT ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.chain_audit_log();
SELECT test.outcome('INSERT INTO public.mine VALUES (NULL, NULL)') AS on_another_table;
DROP TRIGGER t ON public.mine;
CREATE TRIGGER t BEFORE UPDATE ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.chain_audit_log();
CREATE TRIGGER u BEFORE INSERT ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.keep_audit_log();
SELECT test.outcome('INSERT INTO public.mine VALUES (NULL, NULL)') AS keep_on_insert;
DROP TRIGGER u ON public.mine;
INSERT INTO public.mine VALUES (NULL, NULL);
SELECT test.outcome('UPDATE public.mine SET id = test.id(''A'') WHERE true') AS chain_on_update;
CREATE TRIGGER v AFTER DELETE ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.keep_audit_log();
SELECT test.outcome('DELETE FROM public.mine WHERE true') AS keep_after;
