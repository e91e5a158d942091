-- IDN-02: nobody is served without signing in, whatever the claims say.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - authenticator
BEGIN;
SELECT test.request('anon');
SELECT test.outcome(format('SELECT * FROM public.get_user_allowed_models_v2(%L)', test.id('B')));
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
SELECT test.outcome('SELECT * FROM model_access.get_user_allowed_models_v2()');
SELECT test.outcome(format('SELECT public.can_user_use_model(%L, %L)', test.id('A'), 'acme/m1'));
SELECT test.outcome('SELECT public.model_access_is_admin()');
ROLLBACK;
-- A sub beside the role anon is no user.
BEGIN;
SELECT test.request('anon', 'A');
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
ROLLBACK;
-- The login role of PostgREST has no right of its own.
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
SELECT test.outcome('SELECT * FROM public.model_access');
-- The same call by somebody who is signed in.
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT model_id FROM public.get_user_allowed_models_v2();
ROLLBACK;
