-- PRV-05, PRV-10: a client plants no trigger, rule, view, policy or foreign key on a table that the functions touch, nor in a schema they search.
CREATE FUNCTION test.each_table(p_statement text) RETURNS TABLE (relname name, outcome text) LANGUAGE sql AS $$
    SELECT c.relname, left(test.outcome(format(p_statement, c.oid::regclass)), 5) FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND (NOT c.relispartition OR c.relname = 'ai_usage_other') ORDER BY c.relname COLLATE "C"
$$;
GRANT TEMPORARY ON DATABASE :DBNAME TO authenticated;
CREATE SCHEMA his AUTHORIZATION authenticated;
\connect - authenticator
SET ROLE authenticated;
CREATE FUNCTION pg_temp.evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
SELECT t.relname, t.outcome AS trigger, r.outcome AS rule, p.outcome AS policy, o.outcome AS owner, i.outcome AS inherit
  FROM test.each_table('CREATE TRIGGER evil BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION pg_temp.evil()') AS t
  JOIN test.each_table('CREATE RULE evil AS ON INSERT TO %s DO ALSO SELECT 1') AS r USING (relname)
  JOIN test.each_table('CREATE POLICY evil ON %s USING (true)') AS p USING (relname)
  JOIN test.each_table('ALTER TABLE %s OWNER TO authenticated') AS o USING (relname)
  JOIN test.each_table('CREATE TEMP TABLE kid () INHERITS (%s)') AS i USING (relname) ORDER BY t.relname COLLATE "C";
SELECT test.outcome('CREATE TABLE public.evil (id integer)');
SELECT test.outcome('CREATE VIEW public.evil AS SELECT 1');
SELECT test.outcome('CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS ''SELECT NULL::timestamptz''');
SELECT test.outcome('CREATE FUNCTION model_access.evil() RETURNS integer LANGUAGE sql AS ''SELECT 1''');
SELECT test.outcome('CREATE FUNCTION extensions.evil() RETURNS integer LANGUAGE sql AS ''SELECT 1''');
-- A foreign key of his would keep rows from being removed.
SELECT test.outcome('CREATE TABLE his.evil (model_id varchar(100) REFERENCES public.model_access (model_id))');
-- Our trigger functions do not serve a table of his.
CREATE TABLE his.own (subscription_tier text);
SELECT test.outcome('CREATE TRIGGER evil AFTER INSERT ON his.own EXECUTE FUNCTION model_access.bump_catalogue_version()');
SELECT test.outcome('CREATE TRIGGER evil BEFORE INSERT ON his.own FOR EACH ROW EXECUTE FUNCTION model_access.guard_privileged_columns(''subscription_tier'')');
-- The owner may.
\connect - postgres
CREATE FUNCTION public.fine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
SELECT DISTINCT outcome FROM test.each_table('CREATE TRIGGER fine BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION public.fine()') WHERE relname <> 'ai_usage_other'; -- has it from its parent
-- A column is enough for a foreign key that cascades.
GRANT REFERENCES (model_id) ON public.model_access TO supabase_auth_admin;
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT object, action FROM model_access.install() WHERE action <> 'kept';
SELECT has_any_column_privilege('supabase_auth_admin', 'public.model_access', 'REFERENCES') AS may_refer;
