-- Every decision of an admin or an operator is a row of the audit log, written in its transaction; what is refused or changes nothing is none. Without the module tenancy there is none, and nothing fails.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One'), ('00000000-0000-4000-8000-0000000000f2', 'Two');
INSERT INTO public.users (id, email, organization_id, role, is_active) VALUES (test.id('A'), 'a@example.test', '00000000-0000-4000-8000-0000000000f1', 'user', true), (test.id('P'), 'p@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', true),
    (test.id('B'), 'b@example.test', '00000000-0000-4000-8000-0000000000f2', 'admin', true), (test.id('N'), 'n@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', false);
INSERT INTO public.platform_admins (workos_user_id, email) VALUES (test.id('T')::text, 't@example.test');
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
CREATE FUNCTION test.told() RETURNS TABLE (log text, who text, action text, resource text, details jsonb) LANGUAGE sql STABLE AS $$
    SELECT coalesce(o.name, 'none'), right(a.user_id::text, 2), a.action, a.resource_type || CASE WHEN a.resource_type = 'model' THEN ' ' || a.resource_id ELSE '' END,
           (a.details || CASE WHEN length(a.details ->> 'reason') > 100 THEN jsonb_build_object('reason', length(a.details ->> 'reason')) ELSE '{}' END) #- '{old,limit_id}' #- '{new,limit_id}' #- '{old,created_at}' #- '{new,created_at}' #- '{old,updated_at}' #- '{new,updated_at}' #- '{new,correction}'
      FROM public.audit_logs AS a LEFT JOIN public.organizations AS o ON o.id = a.chain_id ORDER BY a.timestamp, a.chain_position
$$;
-- A model's tiers, by an admin of the catalogue who is no member of any organisation, by one who is, and by service_role.
INSERT INTO public.users (id, email, organization_id) VALUES (test.id('S'), 's@example.test', '00000000-0000-4000-8000-0000000000f2');
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'T');
SELECT public.update_model_tier_access('acme/m1', true, NULL, NULL, 'active') ->> 'success' AS success;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT public.update_model_tier_access('acme/m1', p_is_pro => true) ->> 'success' AS success;
SELECT public.update_model_tier_access('acme/none', true) ->> 'error' AS error;
SELECT public.update_model_tier_access('acme/m1', p_status => 'odd') ->> 'error' AS error;
COMMIT;
BEGIN;
SELECT test.request('service_role');
SELECT public.update_model_tier_access('acme/m2', true, true, true, 'active') ->> 'success' AS success;
-- Limits, of everyone and of an organisation: set, set again, adjusted, removed.
SELECT public.set_quota_limit('money', 'cost_usd', 'monthly', 12.345678901234567890, p_reason => 'launch') > 0 AS set;
SELECT public.set_quota_limit('money', 'cost_usd', 'monthly', 1e30) > 0 AS set_again;
SELECT public.set_quota_limit('calls', 'requests', 'daily', 5, 'organization', '00000000-0000-4000-8000-0000000000f1', 'organization', p_reason => 'a trial') > 0 AS set;
SELECT public.set_quota_limit('calls', 'requests', 'daily', 5, 'organization', test.id('X')::text, 'organization') > 0 AS of_an_unknown_organisation;
COMMIT;
\connect - postgres
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id = test.id('A');
SET ROLE service_role;
SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'calls', 2, 'a gift taken back') AS used;
SELECT left(test.outcome($$SELECT public.adjust_quota(test.id('A'), 'acme/m1', 'calls', -99, 'too much')$$), 5) AS refused;
SELECT public.remove_quota_limit(l.limit_id, 'over') FROM public.quota_limits AS l WHERE l.name = 'calls' AND l.subject LIKE '%f1';
SELECT public.remove_quota_limit(999999) AS removed;
-- Who gives a reason that is a book gets his limit all the same.
SELECT public.set_quota_limit('book', 'requests', 'daily', 1, p_reason => repeat('because ', 50000)) > 0 AS set, public.set_quota_limit('shares', 'requests', 'daily', 1, p_alert_at => array_fill(0.123456789, ARRAY[10000])) > 0 AS set_too;
-- Bills: voided once, repriced once.
SELECT u.usage_id AS usage, u.total_usd FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 0}') AS u \gset
SELECT v.repeated FROM public.void_usage(:'usage', 'never answered') AS v;
SELECT v.repeated FROM public.void_usage(:'usage', 'never answered') AS v;
SELECT u.total_usd FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"prompt_tokens": 1000, "completion_tokens": 0}') AS u;
RESET ROLE;
UPDATE public.model_price_history SET pricing = jsonb_build_object('prompt', '0.00001', 'completion', '0'), valid_from = '-infinity' WHERE model_id = 'acme/m1';
SET ROLE service_role;
SELECT r.rows_corrected FROM public.reprice_usage('acme/m1', '-infinity', 'infinity', 'the price was wrong') AS r;
SELECT r.rows_corrected FROM public.reprice_usage('acme/m1', '-infinity', 'infinity', 'the price was wrong') AS r;
RESET ROLE;
-- What is decided by writing tables: plans and quotas by the service, system models by superadmins, switches by admins. Keys are not told; what calls write, and
-- what changes nothing, is none; a configuration that goes with its organisation is none either.
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f2', role = 'admin' WHERE id = test.id('P');
UPDATE public.profiles SET role = 'superadmin' WHERE id = test.id('S');
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
UPDATE public.organizations SET pricing_plan = 'pro', token_quota_monthly = 5000, name = 'Second' WHERE id = '00000000-0000-4000-8000-0000000000f2';
UPDATE public.organizations SET pricing_plan = 'pro', token_usage_current = 5 WHERE id = '00000000-0000-4000-8000-0000000000f2';
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'S');
UPDATE public.ai_models_system SET required_plan = 'starter', api_key = 'a secret', system_message = 'a prompt' WHERE id = 1;
UPDATE public.ai_models_system SET api_key = 'another secret' WHERE id = 1;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'P');
INSERT INTO public.org_system_model_config (organization_id, system_model_id, token_limit_per_user) VALUES ('00000000-0000-4000-8000-0000000000f2', 1, 100);
UPDATE public.org_system_model_config SET token_limit_per_user = NULL WHERE system_model_id = 1;
UPDATE public.org_system_model_config SET token_limit_per_user = NULL WHERE system_model_id = 1;
DELETE FROM public.org_system_model_config WHERE system_model_id = 1;
COMMIT;
\connect - postgres
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f3', 'Three');
INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES ('00000000-0000-4000-8000-0000000000f3', 1);
DELETE FROM public.organizations WHERE id = '00000000-0000-4000-8000-0000000000f3';
SELECT test.outcome('SELECT model_access.note_decision()') AS called,
       test.outcome('CREATE TABLE public.t (id int); CREATE TRIGGER t AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION model_access.note_decision(''t'', ''id'', '''', ''none''); INSERT INTO public.t VALUES (1)') AS no_such_column,
       test.outcome('CREATE TRIGGER t BEFORE INSERT ON public.organizations FOR EACH ROW EXECUTE FUNCTION model_access.note_decision(''t'', ''id'', '''', ''name''); INSERT INTO public.organizations (name) VALUES (''x'')') AS before;
\pset format unaligned
SELECT * FROM test.told();
\pset format aligned
-- Taken back with the decision.
SELECT count(*) AS rows FROM public.audit_logs;
BEGIN;
SELECT public.set_quota_limit('gone', 'requests', 'daily', 1) > 0 AS set;
SELECT count(*) AS rows FROM public.audit_logs;
ROLLBACK;
SELECT count(*) AS rows FROM public.audit_logs;
SELECT * FROM public.verify_audit_log(NULL);
SELECT * FROM public.verify_audit_log('00000000-0000-4000-8000-0000000000f1');
-- Where the module is uninstalled its tables stay, without the chain; and an application's own table of the name is none of ours.
SELECT object, action FROM model_access.uninstall('{tenancy,oauth}') WHERE object LIKE '%audit\_log%' ORDER BY object COLLATE "C";
SELECT public.set_quota_limit('more', 'requests', 'daily', 1) > 0 AS set, public.update_model_tier_access('acme/m2', false) ->> 'success' AS updated;
SELECT count(*) AS rows FROM public.audit_logs;
DROP TABLE public.audit_logs, public.audit_log_heads;
SELECT public.set_quota_limit('more', 'requests', 'daily', 2) > 0 AS set;
CREATE TABLE public.audit_logs (line text);
SELECT public.set_quota_limit('more', 'requests', 'daily', 3) > 0 AS set, public.remove_quota_limit(l.limit_id) FROM public.quota_limits AS l WHERE l.name = 'money';
SELECT count(*) AS rows FROM public.audit_logs;
SELECT test.outcome('SELECT model_access.log_audit_event(NULL, NULL, ''a'', ''b'')') AS logged;
