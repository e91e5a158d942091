-- No date that a row brings and no setting of the session keeps a decision out of the audit log; only rows that the tables' owner brings back from a dump were told of when they were decided.
\i tests/fixtures/organizations.sql
CREATE FUNCTION test.told() RETURNS TABLE (action text, resource_id text, details jsonb) LANGUAGE sql STABLE AS $$
    SELECT a.action, a.resource_id, a.details FROM public.audit_logs AS a ORDER BY a.timestamp, a.chain_position
$$;
DELETE FROM public.org_system_model_config WHERE true;
UPDATE public.organizations SET token_quota_monthly = 1000 WHERE name = 'one';
-- As an application may change it after install(), which would not take it.
SELECT pg_get_triggerdef(t.oid) AS as_it_was FROM pg_trigger AS t WHERE t.tgname = 'organizations_note_decision' \gset
DROP TRIGGER organizations_note_decision ON public.organizations;
ALTER TABLE public.organizations ALTER COLUMN token_quota_monthly TYPE double precision;
:as_it_was;
SELECT count(*) AS rows FROM test.told() \gset before_
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
INSERT INTO public.org_system_model_config (organization_id, system_model_id, created_at) VALUES (test.organization('one'), 1001, now() - interval '50 ms'), (test.organization('two'), 1001, '2001-01-01');
SET LOCAL extra_float_digits = -15;
UPDATE public.organizations SET token_quota_monthly = 1499 WHERE name = 'one';
-- What changes nothing is no decision.
UPDATE public.organizations SET token_quota_monthly = 1499, pricing_plan = pricing_plan WHERE name = 'one';
COMMIT;
\connect - postgres
SELECT * FROM test.told() OFFSET :before_rows;
-- From a dump.
DELETE FROM public.org_system_model_config WHERE true;
SELECT count(*) AS rows FROM test.told() \gset before_
INSERT INTO public.org_system_model_config (organization_id, system_model_id, created_at) VALUES (test.organization('one'), 1001, now() - interval '50 ms');
SELECT count(*) AS told FROM (SELECT FROM test.told() OFFSET :before_rows) AS t;
