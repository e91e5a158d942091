-- Six models to begin with, with sixteen tasks; install() again changes and deletes nothing, and brings back only what is missing.
SELECT m.name, m.role, m.icon, m.organization_types AS types, m.required_plan AS plan, m.token_limit_period AS period, m.token_limit_amount AS amount, m.max_tokens, m.endpoint, m.api_key, m.is_free, m.is_trial, m.trial_expires_days AS days, m.is_featured AS featured, m.is_active AS active, m.tags, m.sort_order AS sort FROM public.ai_models_system AS m ORDER BY m.sort_order;
SELECT m.name, string_agg(t.item ->> 'name', '; ' ORDER BY t.place) AS tasks, bool_and(length(t.item ->> 'system_message') BETWEEN 60 AND 400) AND length(m.system_message) BETWEEN 60 AND 400 AND m.description > '' AS prompts FROM public.ai_models_system AS m, jsonb_array_elements(m.task) WITH ORDINALITY AS t (item, place) GROUP BY m.id ORDER BY m.sort_order;
SELECT count(*) AS tasks, count(DISTINCT t.item ->> 'system_message') AS different_prompts FROM public.ai_models_system AS m, jsonb_array_elements(m.task) AS t (item);
-- The seed's own verification.
SELECT v.check_name, v.expected, v.actual, v.ok FROM model_access.verify('{system_models}') AS v WHERE v.module = 'system_models' AND (v.check_name LIKE '%of system models%' OR v.check_name LIKE '%for system models' OR v.check_name LIKE 'system model%');
SELECT count(*) AS of_the_13_names FROM pg_indexes WHERE schemaname = 'public' AND indexname IN ('idx_ai_models_system_active', 'idx_ai_models_system_org_types', 'idx_ai_models_system_required_plan', 'idx_ai_models_system_featured', 'idx_organizations_pricing_plan',
    'idx_organizations_token_reset_date', 'idx_org_system_model_config_org', 'idx_org_system_model_config_model', 'idx_org_system_model_config_enabled', 'idx_ai_model_usage_user_period', 'idx_ai_model_usage_org_period', 'idx_ai_model_usage_model', 'idx_ai_model_usage_period');
-- The seed's ten policies, by name.
SELECT n.of_table, n.name, p.polcmd AS command FROM (VALUES ('ai_models_system', 'Superadmin full access to system models'), ('ai_models_system', 'Admin read filtered system models'), ('ai_models_system', 'User read enabled system models'),
    ('org_system_model_config', 'Superadmin full access to model configs'), ('org_system_model_config', 'Admin manage org model configs'), ('org_system_model_config', 'User read org model configs'),
    ('ai_model_usage', 'Superadmin view all usage'), ('ai_model_usage', 'Admin view org usage'), ('ai_model_usage', 'User view own usage'), ('ai_model_usage', 'System insert usage records')) AS n (of_table, name)
  FULL JOIN (SELECT c.relname, p.* FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid WHERE c.relname IN ('ai_models_system', 'org_system_model_config', 'ai_model_usage')) AS p
    ON p.relname = n.of_table AND p.polname = n.name ORDER BY n.of_table, n.name, p.polname;
-- Again: what a superadmin changed stays, what he deleted comes back.
UPDATE public.ai_models_system SET api_key = 'sk-mine', system_message = 'mine', is_active = false WHERE name = 'Basic Assistant';
INSERT INTO public.ai_models_system (name, role, system_message, api_key, endpoint) VALUES ('Mine', 'x', 'x', 'x', 'x');
DELETE FROM public.ai_models_system WHERE name = 'Property Listing Writer';
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
SELECT object, action FROM model_access.install() WHERE action <> 'kept';
SELECT name, api_key = 'sk-mine' AND system_message = 'mine' AND NOT is_active AS as_it_was FROM public.ai_models_system ORDER BY sort_order, id;
SELECT v.check_name, v.actual FROM model_access.verify() AS v WHERE NOT v.ok OR v.check_name LIKE '%need a key';
-- updated_at follows.
UPDATE public.ai_models_system SET updated_at = '2001-01-01' WHERE name = 'Mine';
SELECT updated_at > '2002-01-01' AS noted FROM public.ai_models_system WHERE name = 'Mine';
INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One');
INSERT INTO public.org_system_model_config (organization_id, system_model_id, updated_at) SELECT '10000000-0000-4000-8000-000000000001', m.id, '2001-01-01' FROM public.ai_models_system AS m WHERE m.name = 'Mine' RETURNING updated_at < '2002-01-01' AS old;
UPDATE public.org_system_model_config SET is_enabled_for_users = false WHERE true RETURNING updated_at = now() AS noted, created_at < now() AS created_stays;
-- Away: with the tables, and their trigger functions; nothing else depends on them.
SELECT object, action FROM model_access.uninstall('{system_models}', true) WHERE object LIKE 'table%' OR object LIKE 'trigger%' ORDER BY object COLLATE "C", action;
SELECT count(*) FROM public.ai_models_system_new_backup;
