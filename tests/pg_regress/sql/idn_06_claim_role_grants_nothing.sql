-- IDN-06: rights follow the effective role; a claim that says service_role, and any other word in it, grants nothing.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
\connect - supabase_admin
SET SESSION AUTHORIZATION authenticated;
SELECT set_config('request.jwt.claims', json_build_object('sub', test.id('A'), 'role', 'service_role', 'is_admin', true,
    'app_metadata', json_build_object('role', 'superadmin', 'account_type', 'admin'))::text, false) IS NOT NULL AS forged;
SET request.jwt.claim.role = 'service_role';
SELECT test.outcome(format('SELECT * FROM public.get_user_allowed_models_v2(%L)', test.id('B')));
SELECT test.outcome('SELECT public.sync_openrouter_models(test.feed(3))');
SELECT test.outcome('SELECT public.force_sync_openrouter_models(test.feed(1))');
SELECT test.outcome('SELECT public.update_model_tier_access(''acme/m2'', true)');
SELECT test.outcome('UPDATE public.profiles SET subscription_tier = ''enterprise'' WHERE id = test.id(''A'')');
SELECT model_id FROM public.get_user_allowed_models_v2();
-- Nor does a role of the session that may not be taken.
SELECT test.outcome('SET ROLE service_role');
SELECT test.outcome('SELECT set_config(''role'', ''service_role'', false)');
RESET SESSION AUTHORIZATION;
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
-- The other way round: the effective role service_role is privileged with a claim that says anon.
BEGIN;
SELECT test.request('service_role', 'A', '{"role": "anon"}');
SELECT count(*) FROM public.get_user_allowed_models_v2(test.id('B'));
ROLLBACK;
