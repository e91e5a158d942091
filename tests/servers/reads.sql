-- What a request reads on a standby, as PostgREST sends it: signed in, in a read-only transaction.
\pset format unaligned
\pset tuples_only on
BEGIN READ ONLY;
SELECT test.request('authenticated', 'B');
SELECT 'list', count(*) FROM public.our_list;
SELECT 'may use', public.can_user_use_model(test.id('B'), 'acme/m6');
SELECT 'check', c.allowed, c.limit_name, c.used, c.held FROM public.check_model_quota(NULL, 'acme/m6', 10) AS c;
SELECT 'status', s.name, s.used, s.held FROM public.get_quota_status() AS s ORDER BY s.name, s.model;
SELECT 'summary', s.requests, s.total_usd FROM public.get_usage_summary('-infinity', 'infinity') AS s;
SELECT 'export', count(*) FROM public.export_usage('-infinity', 'infinity');
SELECT 'own rows', count(*) FROM public.ai_usage;
COMMIT;
