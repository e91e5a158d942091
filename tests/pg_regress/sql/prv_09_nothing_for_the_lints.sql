-- PRV-09: what Supabase's lints look at, lint by lint, on everything that stands: each query names violations and finds none.
\pset footer off
CREATE TEMP VIEW exposed AS SELECT c.* FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace;
-- 0001 foreign keys without an index.
SELECT k.conrelid::regclass, k.conname FROM pg_constraint AS k JOIN exposed AS c ON c.oid = k.conrelid
 WHERE k.contype = 'f' AND NOT EXISTS (SELECT FROM pg_index AS x WHERE x.indrelid = k.conrelid AND (x.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey);
-- 0002 and 0010 views that show auth.users or run with their owner's rights; 0016 materialized views.
SELECT relname FROM exposed WHERE relkind = 'm' OR relkind = 'v' AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false);
-- 0003 policies that call auth.<function>() for each row.
SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'
   AND regexp_replace(concat(qual, ' ', with_check), 'SELECT ((auth|model_access)\.\w+\(\)|current_setting\()', '', 'g') ~ '(auth|model_access)\.\w+\(|current_setting\(';
-- 0004 tables without a primary key.
SELECT relname FROM exposed AS c WHERE relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_index AS x WHERE x.indrelid = c.oid AND x.indisprimary);
-- 0006 several permissive policies for one role and command.
SELECT tablename, role, cmd, count(*) FROM pg_policies, unnest(roles) AS role WHERE schemaname = 'public' AND permissive = 'PERMISSIVE' GROUP BY 1, 2, 3 HAVING count(*) > 1;
-- 0007 policies on a table without row level security; 0013 and 0008 tables without it, or with it and without a policy for a role that may use them.
SELECT relname FROM exposed AS c WHERE relkind IN ('r', 'p') AND NOT relrowsecurity;
SELECT c.relname, r.rolname FROM exposed AS c JOIN pg_roles AS r ON r.rolname IN ('anon', 'authenticated')
 WHERE relkind IN ('r', 'p') AND has_table_privilege(r.oid, c.oid, 'SELECT') AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polroles @> ARRAY[r.oid]);
-- Privileges for clients that no policy of that command covers.
SELECT c.relname, r.rolname, k.command FROM exposed AS c CROSS JOIN pg_roles AS r CROSS JOIN (VALUES ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) AS k (command, letter)
 WHERE c.relkind IN ('r', 'p') AND r.rolname IN ('anon', 'authenticated') AND has_table_privilege(r.oid, c.oid, k.command)
   AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polroles @> ARRAY[r.oid] AND p.polcmd::text IN (k.letter, '*'));
-- Policies for PUBLIC or anon.
SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND roles && ARRAY['public', 'anon']::name[];
-- 0009 indexes that are there twice, but for four that seed 003 names beside its keys.
SELECT x.indrelid::regclass, array_agg(x.indexrelid::regclass ORDER BY x.indexrelid::regclass::text COLLATE "C") FROM pg_index AS x JOIN exposed AS c ON c.oid = x.indrelid
 WHERE x.indexrelid::regclass::text NOT IN ('idx_organizations_slug', 'idx_users_email', 'idx_platform_admins_workos_user_id', 'idx_platform_admins_email', 'idx_oauth_states_state')
 GROUP BY x.indrelid, x.indkey, x.indclass, x.indoption, coalesce(pg_get_expr(x.indpred, x.indrelid), ''), coalesce(pg_get_expr(x.indexprs, x.indrelid), '') HAVING count(*) > 1;
-- 0011 functions whose search path the caller sets: only BEGIN ATOMIC bodies, bound at creation, and the library's own.
SELECT p.oid::regprocedure FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
 WHERE p.pronamespace IN ('public'::regnamespace, 'model_access'::regnamespace) AND p.prosqlbody IS NULL AND l.lanname <> 'c'
   AND NOT coalesce(array_to_string(p.proconfig, ',') LIKE '%search_path=%', false);
-- 0014 extensions in public; 0021 foreign keys to auth that are not on its primary key; 0015 policies that trust user metadata.
SELECT extname FROM pg_extension WHERE extnamespace = 'public'::regnamespace AND extname <> 'plpgsql';
SELECT k.conname FROM pg_constraint AS k JOIN exposed AS c ON c.oid = k.conrelid JOIN pg_class AS f ON f.oid = k.confrelid
 WHERE k.contype = 'f' AND f.relnamespace = 'auth'::regnamespace AND NOT EXISTS (SELECT FROM pg_index AS x WHERE x.indrelid = f.oid AND x.indisprimary AND x.indkey::smallint[] @> k.confkey);
SELECT tablename, policyname FROM pg_policies WHERE concat(qual, with_check) ~ 'user_metadata|raw_user_meta_data';
-- The checks can fail.
CREATE TABLE public.careless (id integer, owner uuid REFERENCES public.profiles (id));
CREATE POLICY careless ON public.careless FOR SELECT USING (auth.uid() = owner);
SELECT (SELECT count(*) FROM exposed WHERE relkind = 'r' AND NOT relrowsecurity) AS open,
       (SELECT count(*) FROM exposed AS c WHERE relkind = 'r' AND NOT EXISTS (SELECT FROM pg_index AS x WHERE x.indrelid = c.oid AND (x.indkey::smallint[])[0:0] && ARRAY(SELECT unnest(k.conkey) FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'f'))
           AND EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'f')) AS without_index,
       (SELECT count(*) FROM pg_policies WHERE regexp_replace(qual, 'SELECT (auth|model_access)\.\w+\(\)', '', 'g') ~ '(auth|model_access)\.\w+\(') AS for_each_row;
