-- What a database holds and says, as lines: the rows of every table outside of the system, sequences, lists, counters, bills.
-- It changes nothing, so it also runs on a standby.
\pset format unaligned
\pset tuples_only on
SET TimeZone = 'UTC';
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s AS t', c.oid::regclass, c.oid::regclass)
  FROM pg_class AS c
 WHERE c.relkind = 'r' AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
 ORDER BY c.oid::regclass::text COLLATE "C" \gexec
-- Without those whose rows are the signed-in user's or the server's statistics.
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")) FROM %s AS t', c.oid::regclass, c.oid::regclass)
  FROM pg_class AS c
 WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('our_list', 'my_models', 'user_profiles_role_index_usage')
 ORDER BY c.relname COLLATE "C" \gexec
SELECT 'sequence', s.schemaname, s.sequencename, s.last_value FROM pg_sequences AS s ORDER BY s.schemaname COLLATE "C", s.sequencename COLLATE "C";
SELECT 'extension', e.extname, e.extversion FROM pg_extension AS e ORDER BY e.extname;
SELECT 'library', p.probin, count(*) FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = 'model_access'
 WHERE p.probin IS NOT NULL GROUP BY p.probin ORDER BY p.probin;
SELECT to_regclass('public.quota_limits') IS NOT NULL AS is_installed \gset
\if :is_installed
SELECT 'list', p.email, count(*), md5(string_agg(l::text, E'\n' ORDER BY l.ordinality))
  FROM public.profiles AS p CROSS JOIN LATERAL public.get_user_allowed_models_v2(p.id) WITH ORDINALITY AS l GROUP BY p.email ORDER BY p.email;
SELECT 'json', p.email, md5(public.get_user_allowed_models_json(p.id)::text) FROM public.profiles AS p ORDER BY p.email;
SELECT 'may use', p.email, count(*) FILTER (WHERE public.can_user_use_model(p.id, m.model_id)) FROM public.profiles AS p, public.model_access AS m GROUP BY p.email ORDER BY p.email;
SELECT 'status', p.email, s.name, s.scope, s.limit_amount, s.used, s.held, s.resets_at, s.model
  FROM public.profiles AS p CROSS JOIN LATERAL public.get_quota_status(p.id) AS s ORDER BY p.email, s.name, s.model;
SELECT 'check', p.email, m.model_id, c.allowed, c.reason, c.limit_name, c.used, c.held, c.remaining
  FROM public.profiles AS p, public.model_access AS m CROSS JOIN LATERAL public.check_model_quota(p.id, m.model_id, 100) AS c
 WHERE m.model_id IN ('acme/m5', 'acme/m6', 'acme/m7') ORDER BY p.email, m.model_id;
SELECT 'estimate', m.model_id, public.estimate_model_cost(m.model_id, '{"prompt_tokens": 1000, "completion_tokens": 100}'),
       (SELECT sum(e.amount_usd) FROM public.explain_model_cost(m.model_id, '{"prompt_tokens": 1000, "completion_tokens": 100}') AS e)
  FROM public.model_access AS m ORDER BY m.model_id COLLATE "C";
SELECT 'waits for review', q.model_id, q.status, q.reasons, q.summary, q.since, q.users_30_days, q.suggestion, q.suggested_by FROM public.get_model_review_queue() AS q;
SELECT 'rules suggest', p.* FROM public.preview_review_rules() AS p;
SELECT 'a sync would', c.* FROM public.preview_catalogue_change((
    SELECT jsonb_agg(jsonb_build_object('id', m.model_id, 'name', m.model_name, 'pricing', '{"prompt": "0.5"}'::jsonb) ORDER BY m.model_id)
      FROM public.model_access AS m)) AS c ORDER BY c.model_id, c.organization_id;
SELECT 'system models', p.email, s.model_id, s.name, s.token_limit_amount, s.token_limit_period, s.trial_ends_at, s.tasks
  FROM public.profiles AS p CROSS JOIN LATERAL public.get_available_system_models(p.id) AS s ORDER BY p.email, s.id;
SELECT 'tokens', p.email, m.id, public.check_token_quota(p.id, m.id, 1000) - 'resets_at' FROM public.profiles AS p, public.ai_models_system AS m ORDER BY p.email, m.id;
SELECT 'to be called', p.email, c.allowed, c.reason, c.model_id, md5(c::text)
  FROM public.profiles AS p, public.ai_models_system AS m CROSS JOIN LATERAL public.get_system_model_for_call(p.id, m.id) AS c ORDER BY p.email, m.id;
SELECT 'plans', public.plan_level('pro'), public.plan_level_sufficient('starter', 'pro'), public.get_user_role(), public.get_user_organization_id(),
       public.is_superadmin(), public.is_admin(), public.is_admin_or_superadmin(), model_access.open_system_models();
SELECT 'members', public.app_current_user_id(), public.app_current_org_id(), model_access.app_administered_org_id(), public.app_is_org_admin(NULL), public.app_is_platform_admin(), model_access.app_platform_admin_id(), model_access.organizations_of_caller();
SELECT 'audit', o.name, v.* FROM public.organizations AS o CROSS JOIN LATERAL public.verify_audit_log(o.id) AS v ORDER BY o.name;
-- Where pgcrypto is there, tokens are read anywhere.
SELECT 'tokens are read', public.decrypt_token(public.encrypt_token('a token', 'a key'), 'a key') WHERE EXISTS (SELECT FROM pg_extension AS e WHERE e.extname = 'pgcrypto');
SELECT 'prompts', u.email, p.* FROM public.users AS u CROSS JOIN LATERAL public.get_effective_system_prompts(u.id, u.organization_id) AS p ORDER BY u.email, p.id;
SELECT 'kept', public.get_catalogue_status() - 'age_seconds';
SELECT 'agents', v.*, public.pick_agent(ARRAY[v.name]) FROM public.v_agent_status AS v ORDER BY v.name;
SELECT 'summary', s.* FROM public.get_usage_summary('-infinity', 'infinity', ARRAY['month', 'model']) AS s ORDER BY s::text COLLATE "C";
SELECT 'export', count(*), md5(string_agg(e::text, E'\n' ORDER BY e::text COLLATE "C")) FROM public.export_usage('-infinity', 'infinity') AS e;
-- How large figures are is no promise between servers; that there are any is.
SELECT 'figures', (SELECT count(*) > 10 FROM public.get_engine_stats()), public.get_engine_metrics() LIKE '# HELP model_access_%';
SELECT 'merge', public.jsonb_deep_merge('{"a": {"b": 1}}', '{"a": {"c": 2}}'), public.model_access_is_admin();
SELECT 'wrong', v.check_name, v.expected, v.actual FROM model_access.verify() AS v WHERE NOT v.ok;
SELECT 'inventory', count(*) FROM model_access.inventory();
SELECT 'verify_quota', v.* FROM public.verify_quota() AS v;
\endif
