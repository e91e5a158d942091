-- IDN-03, IDN-05, IDN-16: without an argument the signed-in user is served; without one nobody, service_role neither.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT model_id FROM public.get_user_allowed_models_v2(NULL);
SELECT public.can_user_use_model(NULL, 'acme/m1') AS m1, public.can_user_use_model(NULL, 'acme/m2') AS m2;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'B');
SELECT model_id FROM public.get_user_allowed_models_v2();
ROLLBACK;
-- IDN-16: a token without sub.
BEGIN;
SELECT test.request('authenticated');
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
SELECT test.outcome('SELECT public.can_user_use_model(NULL, ''acme/m1'')');
SELECT public.model_access_is_admin() AS admin;
ROLLBACK;
-- IDN-05: service_role without a user is not the free tier by accident.
BEGIN;
SELECT test.request('service_role');
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2()');
SELECT test.outcome('SELECT * FROM public.get_user_allowed_models_v2(user_uuid => NULL)');
SELECT test.outcome('SELECT public.can_user_use_model(NULL, ''acme/m1'')');
ROLLBACK;
