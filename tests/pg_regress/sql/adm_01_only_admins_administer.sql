-- ADM-01, ADM-02: anon and a signed-in user administer nothing; service_role, a superadmin and an account of type admin do.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash, (SELECT count(*) FROM public.model_sync_log) AS runs;
\connect - authenticator
BEGIN;
SELECT test.request('anon');
SELECT test.outcome($$SELECT public.update_model_tier_access('acme/m1', p_is_free => true, p_is_enterprise => true)$$);
SELECT test.outcome($$SELECT public.sync_openrouter_models('[]')$$);
SELECT test.outcome($$SELECT public.force_sync_openrouter_models('[]')$$);
SELECT test.outcome($$UPDATE public.model_access SET is_free = true WHERE model_id = 'acme/m1'$$);
SELECT test.outcome($$SELECT * FROM public.model_access$$);
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT test.outcome($$SELECT public.update_model_tier_access('acme/m1', p_is_free => true, p_is_enterprise => true)$$);
SELECT test.outcome($$SELECT public.update_model_tier_access('no/such', p_is_free => true)$$);
SELECT test.outcome($$SELECT public.sync_openrouter_models('[]')$$);
SELECT test.outcome($$SELECT public.force_sync_openrouter_models('[]')$$);
SELECT test.outcome($$UPDATE public.model_access SET is_free = true WHERE model_id = 'acme/m1'$$);
COMMIT;
-- P administers an organisation, not the catalogue.
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT public.model_access_is_admin() AS admin, left(test.outcome($$SELECT public.update_model_tier_access('acme/m1', true)$$), 5) AS tiers,
       left(test.outcome($$SELECT public.sync_openrouter_models('[]')$$), 5) AS sync;
COMMIT;
\connect - postgres
SELECT test.catalogue_hash() = hash AS unchanged, (SELECT count(*) FROM public.model_sync_log) = runs AS no_run FROM public.before;
-- The allowed twins.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT public.model_access_is_admin() AS admin, public.update_model_tier_access('acme/m1', true) ->> 'success' AS tiers, public.sync_openrouter_models(test.feed(3)) ->> 'success' AS sync;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'T');
SELECT public.model_access_is_admin() AS admin, public.update_model_tier_access('acme/m1', true) ->> 'success' AS tiers, public.sync_openrouter_models(test.feed(3)) ->> 'success' AS sync;
ROLLBACK;
BEGIN;
SELECT test.request('service_role');
SELECT public.model_access_is_admin() AS admin, public.update_model_tier_access('acme/m1', true) ->> 'success' AS tiers, public.sync_openrouter_models(test.feed(3)) ->> 'success' AS sync;
ROLLBACK;
