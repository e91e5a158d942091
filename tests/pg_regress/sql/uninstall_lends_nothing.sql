-- What stands in model_access_replaced is run with the rights of the owner, who alone can write it, whoever calls; and one
-- statement that no longer fits does not hold up the others.
INSERT INTO public.model_access_replaced (kind, name, place, statement) VALUES
    ('table', 'model_access', 1, 'UPDATE pg_catalog.pg_authid SET rolsuper = true WHERE rolname = ''postgres'''),
    ('table', 'model_access', 2, 'GRANT SELECT ON public.model_access TO nobody_of_this_name'),
    ('table', 'model_access', 3, 'COMMENT ON COLUMN public.model_access.no_such_column IS NULL'),
    ('table', 'model_access', 4, 'COMMENT ON TABLE public.model_access IS ''As it was.''');
BEGIN;
SELECT test.request('service_role');
SELECT test.outcome($$INSERT INTO public.model_access_replaced VALUES ('table', 'profiles', 1, 'SELECT 1')$$);
ROLLBACK;
\connect - supabase_admin
SELECT object, action FROM model_access.uninstall() WHERE action <> 'dropped' ORDER BY action COLLATE "C";
SELECT rolsuper FROM pg_roles WHERE rolname = 'postgres';
SELECT obj_description('public.model_access'::regclass, 'pg_class') AS comment;
SELECT count(*) AS remembered FROM public.model_access_replaced;
