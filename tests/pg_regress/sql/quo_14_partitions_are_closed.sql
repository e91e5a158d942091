-- QUO-14: partitions that install() or maintenance made are closed to clients in both worlds of default privileges: rows of others cannot be read, written or emptied through them.
\pset footer off
SELECT format('DROP TABLE public.%I', max(c.relname)) AS last_month FROM pg_class AS c WHERE c.relispartition AND c.relkind = 'r' AND c.relname ~ '^ai_usage_\d' \gset
:last_month;
BEGIN; SET LOCAL ROLE service_role; SELECT l ->> 'action' AS action FROM jsonb_array_elements(public.maintain_usage_partitions()) AS l; COMMIT;
INSERT INTO public.ai_usage (user_id, model) VALUES (test.id('B'), 'acme/m1');
INSERT INTO public.ai_usage (user_id, model, occurred_at) VALUES (test.id('B'), 'acme/m1', '1999-12-31');
CREATE TABLE test.partitions AS SELECT c.oid::regclass::text AS name FROM pg_class AS c WHERE c.relispartition AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r';
GRANT SELECT ON test.partitions TO PUBLIC;
SELECT count(*) >= 6 AS several FROM test.partitions;
\connect - authenticator
BEGIN; SELECT test.request('authenticated', 'A');
SELECT s.statement, array_agg(DISTINCT left(test.outcome(format(s.statement, p.name)), 5)) AS outcomes
  FROM test.partitions AS p, unnest(ARRAY['SELECT * FROM %s', 'TRUNCATE %s', 'DELETE FROM %s WHERE true', 'UPDATE %s SET cost_usd = 0 WHERE true', 'INSERT INTO %s (user_id, model) VALUES (test.id(''A''), ''x'')', 'LOCK TABLE %s IN ACCESS SHARE MODE']) AS s (statement) GROUP BY s.statement ORDER BY s.statement COLLATE "C";
SELECT count(*) AS seen_through_the_ledger FROM public.ai_usage; ROLLBACK;
BEGIN; SELECT test.request('anon'); SELECT array_agg(DISTINCT left(test.outcome(format('SELECT * FROM %s', p.name)), 5)) AS outcomes FROM (VALUES ('public.ai_usage_other'), ('public.ai_usage')) AS p (name); ROLLBACK;
\connect - postgres
SELECT DISTINCT r.rolname, k.privilege FROM test.partitions AS p, pg_roles AS r, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS k (privilege) WHERE r.rolname IN ('anon', 'authenticated', 'service_role') AND has_table_privilege(r.rolname, p.name::regclass, k.privilege);
SELECT count(*) FILTER (WHERE NOT c.relrowsecurity) AS without_row_security FROM test.partitions AS p JOIN pg_class AS c ON c.oid = p.name::regclass;
