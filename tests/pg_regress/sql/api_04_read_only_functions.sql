-- API-04: STABLE functions answer in a READ ONLY transaction (GET, and a read replica); volatile ones are refused with 25006 (405) and leave nothing.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE model_id = 'acme/m1';
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash, (SELECT count(*) FROM public.model_sync_log) AS runs;
\connect - authenticator
BEGIN READ ONLY;
SELECT test.request('authenticated', 'A');
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT public.can_user_use_model(NULL, 'acme/m1') AS m1, public.model_access_is_admin() AS admin;
ROLLBACK;
BEGIN READ WRITE;
SELECT test.request('authenticated', 'A');
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT public.can_user_use_model(NULL, 'acme/m1') AS m1, public.model_access_is_admin() AS admin;
SELECT pg_current_xact_id_if_assigned() IS NULL AS no_transaction_id;
ROLLBACK;
BEGIN READ ONLY;
SELECT test.request('service_role');
SELECT left(test.outcome($$SELECT public.sync_openrouter_models(test.feed(4))$$), 5) AS sync, left(test.outcome($$SELECT public.sync_openrouter_models('[]')$$), 5) AS empty,
       left(test.outcome($$SELECT public.force_sync_openrouter_models(test.feed(1))$$), 5) AS forced, left(test.outcome($$SELECT public.update_model_tier_access('acme/m1', false)$$), 5) AS tiers;
COMMIT;
\connect - postgres
SELECT test.catalogue_hash() = hash AS unchanged, (SELECT count(*) FROM public.model_sync_log) = runs AS no_run FROM public.before;
