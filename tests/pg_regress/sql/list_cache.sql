-- The kept list is what the table says, whatever happened to the table: each line compares it with plain SQL.
SELECT public.sync_openrouter_models(test.feed(9)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = right(model_id, 1)::integer % 3 = 0, is_pro = right(model_id, 1)::integer % 3 = 1, is_enterprise = right(model_id, 1)::integer % 2 = 0,
       model_description = CASE right(model_id, 1) WHEN '1' THEN (SELECT string_agg(md5(n::text), ' ') FROM generate_series(1, 400) AS n) WHEN '2' THEN repeat('long ', 2000) ELSE 'short' END WHERE true;
\connect - postgres
-- Whichever tier comes first, the others get theirs.
SELECT test.compared_list('A'), test.compared_list('P'), test.compared_list('B'), test.compared_list('A'), test.compared_list('P'), test.compared_list('N');
-- Own changes, in the middle of a transaction, before and after a savepoint is taken back.
BEGIN;
SELECT test.compared_list();
UPDATE public.model_access SET model_name = 'Renamed' WHERE model_id = 'acme/m1';
SELECT test.compared_list();
SAVEPOINT s;
DELETE FROM public.model_access WHERE model_id = 'acme/m1';
SELECT test.compared_list();
ROLLBACK TO s;
SELECT test.compared_list();
UPDATE public.model_access SET model_name = 'Renamed again' WHERE model_id = 'acme/m1';
SELECT test.compared_list();
ROLLBACK;
SELECT test.compared_list();
-- A rolled-back change and another one that takes its version.
BEGIN; UPDATE public.model_access SET is_free = true WHERE model_id = 'acme/m1'; SELECT test.compared_list('A'); ROLLBACK;
UPDATE public.model_access SET is_free = true WHERE model_id = 'acme/m2';
SELECT test.compared_list('A');
-- In the middle of a statement: a trigger of the application that reads the list.
CREATE TABLE test.seen (n bigint, said text);
CREATE FUNCTION test.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO test.seen SELECT count(*), test.compared_list() FROM test.seen; RETURN NEW; END $$;
CREATE TRIGGER look_row AFTER UPDATE ON public.model_access FOR EACH ROW EXECUTE FUNCTION test.look();
CREATE TRIGGER a_look BEFORE UPDATE ON public.model_access FOR EACH ROW EXECUTE FUNCTION test.look();
UPDATE public.model_access SET is_enterprise = NOT is_enterprise WHERE model_id <= 'acme/m4';
SELECT said, count(*) FROM test.seen GROUP BY said ORDER BY said;
DROP TRIGGER look_row ON public.model_access;
DROP TRIGGER a_look ON public.model_access;
-- Replica mode, as restores and replication use it.
\connect - supabase_admin
SET session_replication_role = replica;
UPDATE public.model_access SET is_free = NOT is_free WHERE model_id = 'acme/m3';
RESET session_replication_role;
SELECT test.compared_list('A'), test.compared_list();
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE public.model_access SET is_free = NOT is_free WHERE model_id = 'acme/m3';
SELECT test.compared_list('A');
COMMIT;
SELECT test.compared_list('A');
\connect - postgres
SELECT test.compared_list();
-- A rewrite that changes what is stored fires no trigger.
ALTER TABLE public.model_access ALTER COLUMN daily_limit TYPE integer USING 7;
SELECT test.compared_list();
ALTER TABLE public.model_access DROP COLUMN monthly_limit;
ALTER TABLE public.model_access ADD COLUMN monthly_limit integer DEFAULT 70;
SELECT test.compared_list();
VACUUM FULL public.model_access;
SELECT test.compared_list();
-- Rows of a child are rows of the table, and its writes fire no trigger of the parent.
CREATE TABLE public.child () INHERITS (public.model_access);
SELECT test.compared_list();
INSERT INTO public.child (model_id, model_name, status, is_free, is_pro, is_enterprise) VALUES ('child/1', 'Child', 'active', true, false, false);
SELECT test.compared_list();
DROP TABLE public.child;
SELECT test.compared_list();
-- The mark of having had children goes with the next ANALYZE; only then lists are kept again.
ANALYZE public.model_access;
SELECT test.compared_list();
-- Without the trigger nothing is kept; with it again, what was written in between is seen.
ALTER TABLE public.model_access DISABLE TRIGGER model_access_catalogue_version;
SELECT test.compared_list();
UPDATE public.model_access SET model_name = 'Unseen' WHERE model_id = 'acme/m6';
SELECT test.compared_list();
ALTER TABLE public.model_access ENABLE ALWAYS TRIGGER model_access_catalogue_version;
UPDATE public.model_access SET is_free = false WHERE model_id = 'acme/m6';
SELECT test.compared_list();
-- COPY, MERGE-like upserts, TRUNCATE; and the table dropped and made anew, under the same name.
INSERT INTO public.model_access (model_id, model_name, status, is_free) VALUES ('acme/m1', 'Upserted', 'active', true) ON CONFLICT (model_id) DO UPDATE SET model_name = excluded.model_name;
SELECT test.compared_list();
CREATE TABLE public.copied AS TABLE public.model_access;
BEGIN;
TRUNCATE public.model_access;
SELECT test.compared_list();
ROLLBACK;
SELECT test.compared_list();
TRUNCATE public.model_access;
SELECT test.compared_list();
DROP VIEW public.model_catalogue;
DROP TABLE public.model_access;
ALTER TABLE public.copied RENAME TO model_access;
SELECT test.compared_list();
UPDATE public.model_access SET model_name = 'No trigger here' WHERE model_id = 'acme/m1';
SELECT test.compared_list();
