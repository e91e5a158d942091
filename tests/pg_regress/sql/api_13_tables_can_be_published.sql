-- API-13: the developer role may put our tables into Realtime's publication; who hears of a row is who may read it.
\pset footer off
\set SHOW_CONTEXT never
SET client_min_messages = error; -- wal_level
CREATE PUBLICATION supabase_realtime;
ALTER PUBLICATION supabase_realtime ADD TABLE public.quota_usage, public.quota_alerts, public.quota_reservations, public.model_access;
SELECT t.tablename, c.relrowsecurity AS row_security, c.relreplident AS identity, EXISTS (SELECT FROM pg_index AS x WHERE x.indrelid = c.oid AND x.indisprimary) AS has_key
  FROM pg_publication_tables AS t JOIN pg_class AS c ON c.oid = format('public.%I', t.tablename)::regclass WHERE t.pubname = 'supabase_realtime' ORDER BY t.tablename;
-- Rows that are published can still be written: calls, syncs and jobs go on.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added, public.sync_openrouter_models(test.feed(1)) ->> 'models_marked_inactive' AS gone;
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
SELECT public.set_quota_limit('calls', 'requests', 'lifetime', 2) > 0 AS limited;
SELECT d.allowed FROM unnest('{A,A,A,B}'::text[]) AS person, public.consume_model_quota(test.id(person), 'acme/m1', 1) AS d;
SELECT d.allowed FROM public.reserve_model_quota(test.id('B'), 'acme/m1', 1, 1) AS d;
SELECT public.expire_reservations() AS expired;
-- Realtime looks through the policies of each listener.
\connect - authenticator
BEGIN; SELECT test.request('authenticated', 'A');
SELECT (SELECT count(*) FROM public.quota_usage) AS counters, (SELECT count(*) FROM public.quota_alerts) AS alerts, (SELECT count(*) FROM public.quota_reservations) AS reservations; ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'B');
SELECT (SELECT count(*) FROM public.quota_usage) AS counters, (SELECT count(*) FROM public.quota_alerts) AS alerts, (SELECT count(*) FROM public.quota_reservations) AS reservations; ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'N');
SELECT (SELECT count(*) FROM public.quota_usage) AS counters, (SELECT count(*) FROM public.quota_alerts) AS alerts, (SELECT count(*) FROM public.quota_reservations) AS reservations; ROLLBACK;
\connect - postgres
SELECT check_name FROM model_access.verify() WHERE NOT ok;
