-- DOS-03: a caller without EXECUTE is turned away before the function sees an argument of any size.
\connect - authenticator
BEGIN;
SELECT test.request('anon');
SELECT size, left(test.outcome(format('SELECT public.sync_openrouter_models(to_jsonb(repeat(''x'', %s)))', size)), 60) AS sync, left(test.outcome(format('SELECT public.can_user_use_model(NULL, repeat(''x'', %s))', size)), 60) AS can_use
  FROM unnest(ARRAY[1, 200000000]) AS size ORDER BY size;
ROLLBACK;
-- Nothing at all is executable by anon in the two schemas, nor readable.
SELECT count(*) AS executable FROM pg_proc AS p WHERE p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'model_access')) AND has_function_privilege('anon', p.oid, 'EXECUTE');
SELECT count(*) AS readable FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege('anon', c.oid, 'SELECT');
