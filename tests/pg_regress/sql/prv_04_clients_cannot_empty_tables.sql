-- PRV-04: a client with SQL of his own cannot truncate, write or re-shape a table of ours; each refusal is 42501.
-- UPDATE on his own row of profiles lets him lock that table: PostgreSQL's rule.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
CREATE FUNCTION test.each_table(p_statement text) RETURNS TABLE (relname name, outcome text) LANGUAGE sql AS $$
    SELECT c.relname, left(test.outcome(format(p_statement, c.oid::regclass)), 5) FROM pg_class AS c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND (NOT c.relispartition OR c.relname = 'ai_usage_other') AND c.relname <> 'before' ORDER BY c.relname COLLATE "C"
$$;
\connect - authenticator
SET ROLE authenticated;
SELECT relname, outcome AS truncate, (SELECT d.outcome FROM test.each_table('DELETE FROM %s') AS d WHERE d.relname = t.relname) AS delete,
       (SELECT d.outcome FROM test.each_table('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE') AS d WHERE d.relname = t.relname) AS lock,
       (SELECT d.outcome FROM test.each_table('ALTER TABLE %s DISABLE ROW LEVEL SECURITY') AS d WHERE d.relname = t.relname) AS open,
       (SELECT d.outcome FROM test.each_table('DROP TABLE %s') AS d WHERE d.relname = t.relname) AS drop
  FROM test.each_table('TRUNCATE %s') AS t;
SELECT test.outcome($$INSERT INTO public.model_access (model_id, model_name, status, is_free) VALUES ('mine', 'Mine', 'active', true)$$);
SELECT test.outcome($$UPDATE public.model_access_settings SET owner_role = 'authenticated'$$);
SELECT test.outcome($$SELECT * FROM public.model_access FOR SHARE$$);
RESET ROLE;
SET ROLE anon;
SELECT DISTINCT outcome AS truncate_as_anon FROM test.each_table('TRUNCATE %s');
SELECT DISTINCT outcome AS select_as_anon FROM test.each_table('SELECT * FROM %s');
\connect - postgres
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
