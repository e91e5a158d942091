-- ADM-10: an admin by user_profiles.role, or of an organisation (profiles.role admin), does not run the catalogue.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
INSERT INTO public.user_profiles (id, username, role) VALUES (test.id('A'), 'ann', 'admin'), (test.id('P'), 'pat', 'admin');
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT public.model_access_is_admin() AS admin;
SELECT test.outcome($$SELECT public.update_model_tier_access('acme/m1', true)$$);
SELECT test.outcome($$SELECT public.sync_openrouter_models(test.feed(3))$$);
SELECT test.outcome($$SELECT public.force_sync_openrouter_models(test.feed(1))$$);
SELECT (SELECT count(*) FROM public.model_sync_log) AS log_rows_seen, (SELECT count(*) FROM public.model_review_items) AS review_rows_seen;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT public.model_access_is_admin() AS admin, left(test.outcome($$SELECT public.update_model_tier_access('acme/m1', true)$$), 5) AS tiers, (SELECT count(*) FROM public.model_sync_log) AS log_rows_seen;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT public.model_access_is_admin() AS admin, left(test.outcome($$SELECT public.update_model_tier_access('acme/m1')$$), 5) AS tiers, (SELECT count(*) FROM public.model_sync_log) AS log_rows_seen;
ROLLBACK;
\connect - postgres
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
