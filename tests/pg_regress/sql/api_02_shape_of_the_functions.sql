-- API-02, API-05, API-08: every public function can be called over HTTP by named arguments and has a typed result: the signatures, and no violation.
SELECT p.proname, pg_get_function_arguments(p.oid) AS arguments, CASE WHEN p.proretset THEN 'table of ' || (SELECT count(*) FROM unnest(p.proargmodes) AS m WHERE m = 't') ELSE p.prorettype::regtype::text END AS result
  FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype ORDER BY p.proname COLLATE "C";
SELECT p.oid::regprocedure AS violation, x.what
  FROM pg_proc AS p
 CROSS JOIN LATERAL (VALUES
     ('not snake_case', p.proname !~ '^[a-z][a-z0-9_]*$' OR EXISTS (SELECT FROM unnest(p.proargnames) AS a WHERE a !~ '^[a-z][a-z0-9_]*$')),
     ('an argument without a name', p.pronargs > 0 AND (p.proargnames IS NULL OR '' = ANY (p.proargnames))),
     ('overloaded', EXISTS (SELECT FROM pg_proc AS o WHERE o.pronamespace = p.pronamespace AND o.proname = p.proname AND o.oid <> p.oid)),
     ('variadic', p.provariadic <> 0),
     ('one json argument without a name', p.pronargs = 1 AND p.proargnames IS NULL),
     ('a bare record', p.prorettype = 'record'::regtype AND NOT 't' = ANY (coalesce(p.proargmodes, '{}'))),
     ('void or an enum', p.prorettype = 'void'::regtype OR EXISTS (SELECT FROM pg_type AS t WHERE t.typtype = 'e' AND t.oid = ANY (p.proargtypes::oid[] || p.prorettype))),
     ('a result column that may be any type', EXISTS (SELECT FROM unnest(p.proallargtypes) AS a (type) WHERE a.type IN ('record'::regtype, 'anyelement'::regtype))),
     ('a volatile set', p.proretset AND p.provolatile = 'v'),
     ('settings of its own', p.proconfig IS NOT NULL)) AS x (what, so)
 WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype AND x.so
   -- Void as seed 003 declares them; over HTTP the answer is empty.
   AND (p.proname, x.what) NOT IN (('cleanup_expired_oauth_states', 'void or an enum'), ('cleanup_expired_oauth_tokens', 'void or an enum'));
-- The wrapper's face is the native function's, argument by argument and column by column.
SELECT p.proname FROM pg_proc AS p JOIN pg_proc AS n ON n.proname = p.proname AND n.pronamespace = 'model_access'::regnamespace
 WHERE p.pronamespace = 'public'::regnamespace AND (pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.provolatile, p.proparallel) IS DISTINCT FROM (pg_get_function_arguments(n.oid), replace(pg_get_function_result(n.oid), 'model_access.', ''), n.provolatile, n.proparallel);
-- Columns, order, filter and count of a set, as the query string of a request asks for them.
SELECT public.sync_openrouter_models(test.feed(12)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT r.model_id, r.prompt_price FROM public.get_user_allowed_models_v2() AS r WHERE r.model_id LIKE '%1%' ORDER BY r.model_id DESC LIMIT 2 OFFSET 1;
SELECT count(*) FROM public.get_user_allowed_models_v2(user_uuid => test.id('A'));
SELECT coalesce(json_agg(x), '[]') -> 0 ->> 'model_name' AS first FROM (SELECT r.* FROM public.get_user_allowed_models_v2() AS r ORDER BY r.model_name COLLATE "C") AS x;
ROLLBACK;
