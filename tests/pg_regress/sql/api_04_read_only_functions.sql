-- API-04: STABLE functions answer in a READ ONLY transaction (GET, and a read replica); volatile ones are refused with 25006 (405) and leave nothing.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE model_id = 'acme/m1';
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash, (SELECT count(*) FROM public.model_sync_log) AS runs;
SELECT (public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 5}')).tokens, public.set_quota_limit('calls', 'requests', 'daily', 9) > 0 AS "limit";
CREATE TABLE test.calls (name name PRIMARY KEY, arguments text);
INSERT INTO test.calls VALUES
    ('can_user_use_model', $$test.id('A'), 'acme/m1'$$), ('check_model_quota', $$test.id('A'), 'acme/m1', 10$$), ('estimate_model_cost', $$'acme/m1', '{"prompt_tokens": 10}'$$),
    ('explain_model_cost', $$'acme/m1', '{"prompt_tokens": 10}'$$), ('export_usage', $$'-infinity', 'infinity'$$), ('get_engine_metrics', ''), ('get_engine_stats', ''),
    ('get_quota_status', $$test.id('A')$$), ('get_usage_summary', $$'-infinity', 'infinity', '{model}'$$), ('get_user_allowed_models_json', $$test.id('A')$$),
    ('get_user_allowed_models_v2', $$test.id('A')$$), ('jsonb_deep_merge', $$'{"a": 1}', '{"b": 2}'$$), ('model_access_is_admin', ''), ('verify_quota', ''),
    ('app_current_org_id', ''), ('app_current_user_id', ''), ('app_is_org_admin', 'NULL'), ('app_is_platform_admin', ''), ('check_token_quota', $$test.id('A'), 1, 1$$),
    ('decrypt_token', $$'no token', 'k'$$), ('get_available_system_models', $$test.id('A')$$), ('get_effective_system_prompts', $$test.id('A'), NULL$$),
    ('get_system_model_for_call', $$test.id('A'), 1$$), ('get_user_organization_id', ''), ('get_user_role', ''), ('is_admin', ''), ('is_admin_or_superadmin', ''), ('is_superadmin', ''),
    ('pick_agent', $$'{nobody}'$$), ('get_catalogue_status', ''),
    ('plan_level', $$'pro'$$), ('plan_level_sufficient', $$'pro', 'free'$$), ('verify_audit_log', 'NULL'),
    ('get_model_review_queue', ''), ('preview_catalogue_change', 'test.feed(4)'), ('preview_review_rules', '');
GRANT SELECT ON test.calls TO PUBLIC;
-- Every function of ours that is not volatile is among them, and nothing else.
SELECT coalesce(p.proname, c.name) AS name, p.provolatile, c.arguments
  FROM (SELECT w.proname, w.provolatile FROM pg_proc AS w JOIN pg_proc AS m ON m.proname = w.proname AND m.pronamespace = 'model_access'::regnamespace
         WHERE w.pronamespace = 'public'::regnamespace AND w.provolatile <> 'v') AS p FULL JOIN test.calls AS c ON c.name = p.proname
 WHERE p.proname IS NULL OR c.name IS NULL ORDER BY 1;
-- By GET as a user and as the service, and by POST as a user. The engine's figures are the service's.
CREATE FUNCTION test.answer(p_name text, p_arguments text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN o ~ '^- [2-9]|^- \d\d' THEN '- rows' ELSE split_part(o, E'\n', 1) END FROM test.outcome(format('SELECT * FROM public.%s(%s)', p_name, p_arguments)) AS o
$$;
\connect - authenticator
BEGIN READ ONLY;
SELECT test.request('authenticated', 'A');
SELECT c.name, test.answer(c.name, c.arguments) AS by_a_user FROM test.calls AS c ORDER BY c.name;
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT public.can_user_use_model(NULL, 'acme/m1') AS m1, public.model_access_is_admin() AS admin;
ROLLBACK;
BEGIN READ ONLY;
SELECT test.request('service_role');
SELECT c.name, test.answer(c.name, c.arguments) AS by_the_service FROM test.calls AS c ORDER BY c.name;
ROLLBACK;
BEGIN READ WRITE;
SELECT test.request('authenticated', 'A');
SELECT c.name, test.answer(c.name, c.arguments) AS by_post FROM test.calls AS c WHERE c.name !~ 'engine|verify' ORDER BY c.name;
SELECT pg_current_xact_id_if_assigned() IS NULL AS no_transaction_id;
ROLLBACK;
BEGIN READ ONLY;
SELECT test.request('service_role');
SELECT left(test.outcome($$SELECT public.sync_openrouter_models(test.feed(4))$$), 5) AS sync, left(test.outcome($$SELECT public.sync_openrouter_models('[]')$$), 5) AS empty,
       left(test.outcome($$SELECT public.force_sync_openrouter_models(test.feed(1))$$), 5) AS forced, left(test.outcome($$SELECT public.update_model_tier_access('acme/m1', false)$$), 5) AS tiers;
COMMIT;
\connect - postgres
SELECT test.catalogue_hash() = hash AS unchanged, (SELECT count(*) FROM public.model_sync_log) = runs AS no_run FROM public.before;
