-- Nobody makes himself an admin or goes to another organisation, whatever policies an application adds; the admin of an organisation decides about its members.
\i tests/fixtures/tenancy.sql
-- As wide as policies and privileges can be.
CREATE POLICY everything ON public.users TO authenticated USING (true) WITH CHECK (true);
GRANT INSERT, UPDATE ON public.users TO authenticated;
CREATE FUNCTION test.told(p_person text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    PERFORM test.as_member(p_person);
    EXECUTE p_statement;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN CASE SQLSTATE WHEN 'ZZ001' THEN SQLERRM ELSE SQLSTATE || ' ' || coalesce(nullif(detail, ''), SQLERRM) END;
END $$;
CREATE TABLE test.attempt (place integer GENERATED ALWAYS AS IDENTITY, what text, statement text);
GRANT SELECT ON test.attempt TO authenticator;
INSERT INTO test.attempt (what, statement)
SELECT x.what, format(x.statement, test.id('A'), test.organization('One'), test.organization('Two'), test.id('P'))
  FROM (VALUES
    ('address of A', 'UPDATE public.users SET email = ''x@example.test'' WHERE id = %1$L'), ('everything of A as it is', 'UPDATE public.users SET id = id, organization_id = organization_id, role = role, is_active = is_active WHERE id = %1$L'),
    ('A another person', 'UPDATE public.users SET id = gen_random_uuid() WHERE id = %1$L'), ('A of Two', 'UPDATE public.users SET organization_id = %3$L WHERE id = %1$L'), ('A an admin', 'UPDATE public.users SET role = ''admin'' WHERE id = %1$L'),
    ('A an admin of Two', 'UPDATE public.users SET role = ''admin'', organization_id = %3$L WHERE id = %1$L'), ('A inactive', 'UPDATE public.users SET is_active = false WHERE id = %1$L'), ('P no admin', 'UPDATE public.users SET role = ''user'' WHERE id = %4$L'),
    ('one more of One', 'INSERT INTO public.users (email, organization_id) VALUES (''x@example.test'', %2$L)'), ('one more admin of One', 'INSERT INTO public.users (email, organization_id, role) VALUES (''x@example.test'', %2$L, ''admin'')'),
    ('one more of Two', 'INSERT INTO public.users (email, organization_id) VALUES (''x@example.test'', %3$L)'), ('A once more, as an admin', 'INSERT INTO public.users (id, email, organization_id) VALUES (%1$L, ''x@example.test'', %2$L) ON CONFLICT (id) DO UPDATE SET role = ''admin''')) AS x (what, statement);
\connect - authenticator
SELECT a.what, p.person, test.told(p.person, a.statement) FROM test.attempt AS a, unnest('{A,P,T,S,W,service_role}'::text[]) WITH ORDINALITY AS p (person, place) ORDER BY a.place, p.place;
\connect - postgres
-- The owner may. The guard holds in replication too, is for triggers of its kind, and on a table without its columns lets no client pass.
UPDATE public.users SET role = 'admin' WHERE id = test.id('A') RETURNING email, role;
SELECT t.tgenabled FROM pg_trigger AS t WHERE t.tgname = 'users_guard_members';
CREATE TRIGGER astray BEFORE UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION model_access.guard_members();
SELECT p AS person, test.told(p, $$UPDATE public.organizations SET name = 'x'$$) FROM unnest('{P,service_role}'::text[]) AS p ORDER BY p COLLATE "C";
DROP TRIGGER astray ON public.organizations;
CREATE TRIGGER late AFTER UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION model_access.guard_members();
SELECT test.outcome($$UPDATE public.organizations SET name = 'x'$$);
DROP TRIGGER late ON public.organizations;
-- An organisation's admin names it. He chooses no id, and writes no column that the application added.
ALTER TABLE public.organizations ADD COLUMN credits integer;
SELECT test.reach('P', $$UPDATE public.organizations SET name = 'Renamed' WHERE id = test.organization('One')$$) AS name,
       test.reach('P', $$UPDATE public.organizations SET credits = 1000000 WHERE id = test.organization('One')$$) AS credits,
       test.reach('P', $$INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-0000-0000-000000000000', 'nil')$$) AS nil,
       test.reach('P', $$INSERT INTO public.organizations (name) VALUES ('another')$$) AS another;
