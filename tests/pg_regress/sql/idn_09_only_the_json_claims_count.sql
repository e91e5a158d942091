-- IDN-09: the legacy setting request.jwt.claim.sub, left behind in the session, is not read: the JSON claims decide.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - authenticator
SELECT set_config('request.jwt.claim.sub', test.id('B')::text, false) = test.id('B')::text AS left_behind;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT test.outcome(format('SELECT * FROM public.get_user_allowed_models_v2(%L)', test.id('B')));
ROLLBACK;
BEGIN;
SELECT test.request('authenticated');
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
ROLLBACK;
-- The administrator's sub in the legacy setting does not make an administrator.
SELECT set_config('request.jwt.claim.sub', test.id('S')::text, false) = test.id('S')::text AS left_behind;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT public.model_access_is_admin() AS admin;
ROLLBACK;
