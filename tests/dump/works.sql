-- That a restored database works: sync, version, prices, review, requests. It changes rows.
\pset format unaligned
\pset tuples_only on
SELECT v.version AS version FROM public.model_catalogue_version AS v \gset
SELECT 'same feed: ', a ->> 'success', a ->> 'models_unchanged', a ->> 'models_updated'
  FROM (SELECT public.sync_openrouter_models(
            (SELECT jsonb_agg(CASE WHEN n < 4 THEN jsonb_set(e, '{pricing,prompt}', '"0.5"') ELSE e END ORDER BY n)
               FROM (SELECT n, jsonb_build_object('id', 'acme/m' || n, 'name', 'Acme model ' || n, 'pricing',
                        jsonb_build_object('prompt', '0.00000' || n, 'completion', '0.0000' || n)) FROM generate_series(1, 40) AS n) AS f (n, e)))) AS x (a);
SELECT 'unchanged: version stays', v.version = :version FROM public.model_catalogue_version AS v;
SELECT 'forced: ', a ->> 'success', a ->> 'models_added', a ->> 'models_marked_inactive'
  FROM public.force_sync_openrouter_models('[{"id": "acme/m1", "name": "M1", "pricing": {"prompt": "7"}}, {"id": "z/new", "name": "New"}]') AS a;
SELECT 'changed: version rises', v.version > :version FROM public.model_catalogue_version AS v;
SELECT 'prices', count(*), count(*) FILTER (WHERE h.valid_to IS NULL) FROM public.model_price_history AS h;
SELECT 'review', count(*) FROM public.model_review_items;
SELECT 'tier: ', public.update_model_tier_access('acme/m1', true, true, true, 'active') ->> 'success';
SELECT h.last_position AS position FROM public.audit_log_heads AS h WHERE h.chain_id = '00000000-0000-4000-8000-0000000000f1' \gset
SELECT 'logged: ', public.log_audit_event(NULL, '00000000-0000-4000-8000-0000000000f1', 'restored', 'database') IS NOT NULL;
SELECT 'next in its chain: ', h.last_position = :position + 1 FROM public.audit_log_heads AS h WHERE h.chain_id = '00000000-0000-4000-8000-0000000000f1';
SELECT 'audit log: ', v.problem FROM (VALUES (NULL::uuid), ('00000000-0000-4000-8000-0000000000f1')) AS o (id) CROSS JOIN LATERAL public.verify_audit_log(o.id) AS v;
SELECT p.id AS person FROM public.profiles AS p WHERE p.email = 'a@example.test' \gset
BEGIN;
SELECT set_config('request.jwt.claims', jsonb_build_object('sub', :'person', 'role', 'authenticated')::text, true) <> '';
SET LOCAL ROLE authenticated;
SELECT 'as a user: ', string_agg(l.model_id, ' ') FROM public.our_list AS l;
\set ON_ERROR_STOP off
UPDATE public.profiles SET subscription_tier = 'enterprise' WHERE id = :'person';
ROLLBACK;
BEGIN;
SET LOCAL ROLE anon;
SELECT 'as anon: ', public.can_user_use_model(:'person', 'acme/m1');
ROLLBACK;
