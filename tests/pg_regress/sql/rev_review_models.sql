-- Many verdicts in one call: each has its answer in its place, what is wrong with one is no matter to the others, open items are resolved, and what changes or resolves something is a row of the audit log.
SELECT public.sync_openrouter_models(test.feed(8)) ->> 'models_added' AS added;
SELECT public.sync_openrouter_models(test.feed(6)) ->> 'models_marked_inactive' AS gone, public.sync_openrouter_models(test.feed(8)) ->> 'models_reactivated' AS back;
CREATE VIEW test.items AS SELECT i.model_id, i.kind, i.resolved_at IS NULL AS open, right(i.resolved_by::text, 2) AS by FROM public.model_review_items AS i ORDER BY i.model_id, i.id;
GRANT SELECT ON test.items TO PUBLIC;
TABLE test.items;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'T');
\pset format unaligned
SELECT a.* FROM jsonb_array_elements(public.review_models('[
    {"model_id": "acme/m1", "status": "active", "is_free": true, "is_pro": true, "is_enterprise": true, "reason": "tried it"},
    {"model_id": "acme/m2", "status": "active", "is_pro": true, "is_free": null},
    {"model_id": "acme/none", "status": "active"},
    {"model_id": "acme/m1", "status": "disabled"},
    {"model_id": "acme/m3", "status": "Active"},
    {"model_id": "acme/m4", "is_free": "yes"},
    {"model_id": "acme/m5", "is_fre": true},
    {"status": "active"}, {"model_id": 7}, null, [], "acme/m6", 1,
    {"model_id": "acme/m7"},
    {"model_id": "acme/m6", "status": "new"},
    {"model_id": "acme/m8", "status": "disabled", "reason": 7},
    {"model_id": "acme/m8", "status": "disabled"}]')) WITH ORDINALITY AS a (answer, place) ORDER BY a.place;
\pset format aligned
COMMIT;
\connect - postgres
SELECT m.model_id, m.status, m.is_free, m.is_pro, m.is_enterprise, m.updated_at > m.created_at AS touched FROM public.model_access AS m ORDER BY m.model_id;
TABLE test.items;
\pset format unaligned
SELECT a.resource_id, a.action, a.details ->> 'by' = test.id('T')::text AS by_t, a.details - 'by' AS details FROM public.audit_logs AS a WHERE a.resource_type = 'model' ORDER BY a.chain_position;
\pset format aligned
SELECT * FROM public.verify_audit_log(NULL);
-- By a server: nobody in person.
SET ROLE service_role;
SELECT public.review_models('[{"model_id": "acme/m8"}]');
RESET ROLE;
TABLE test.items;
SELECT a.details ->> 'by' AS by, a.user_id FROM public.audit_logs AS a WHERE a.resource_id = 'acme/m8' ORDER BY a.chain_position;
-- What is no list of verdicts, and what is too much.
SELECT public.review_models('[]');
SELECT test.outcome('SELECT public.review_models(NULL)');
SELECT test.outcome('SELECT public.review_models(''{"model_id": "acme/m1"}'')');
SELECT test.outcome('SELECT public.review_models(''"acme/m1"'')');
SELECT test.outcome('SELECT public.review_models((SELECT jsonb_agg(''{}''::jsonb) FROM generate_series(1, 10001)))');
SELECT test.outcome('SELECT public.review_models(jsonb_build_array(jsonb_build_object(''model_id'', repeat(''x'', 17000000))))');
SELECT count(*) AS answers, count(*) FILTER (WHERE a ->> 'error' = 'Model not found') AS unknown FROM jsonb_array_elements(public.review_models((SELECT jsonb_agg(jsonb_build_object('model_id', 'x/' || n)) FROM generate_series(1, 10000) AS n))) AS a;
-- Little of what came is repeated; deep elements are no elements.
SELECT length(public.review_models(jsonb_build_array(jsonb_build_object('model_id', repeat('x', 100000), repeat('k', 100000), 1)))::text) < 400 AS short;
SELECT public.review_models(format('[{"model_id": "acme/m1", "reason": %s1%s}]', repeat('[', 60), repeat(']', 60))::jsonb);
-- Taken back with the transaction.
BEGIN;
SELECT public.review_models('[{"model_id": "acme/m3", "status": "active", "is_free": true}]');
ROLLBACK;
SELECT m.status, m.is_free FROM public.model_access AS m WHERE m.model_id = 'acme/m3';
-- Only admins of the catalogue.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT test.outcome('SELECT public.review_models(''[]'')');
COMMIT;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT public.review_models(''[]'')');
COMMIT;
\connect - postgres
-- Where the module tenancy is not installed there is no audit log, and the review works.
DROP TABLE public.audit_log_heads CASCADE;
SELECT public.review_models('[{"model_id": "acme/m3", "status": "active"}]');
