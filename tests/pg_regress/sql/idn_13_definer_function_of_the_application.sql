-- IDN-13: an application's own SECURITY DEFINER function calls the engine for a given user: the effective role is the developer.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
CREATE FUNCTION public.app_may_chat(p_user uuid, p_model varchar) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT public.can_user_use_model(p_user, p_model)';
CREATE FUNCTION public.app_may_chat_as_caller(p_user uuid, p_model varchar) RETURNS boolean
LANGUAGE sql SET search_path = '' AS 'SELECT public.can_user_use_model(p_user, p_model)';
GRANT EXECUTE ON FUNCTION public.app_may_chat(uuid, varchar), public.app_may_chat_as_caller(uuid, varchar) TO authenticated;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT public.app_may_chat(test.id('B'), 'acme/m2') AS b_may, public.app_may_chat(test.id('A'), 'acme/m2') AS a_may;
SELECT test.outcome(format('SELECT public.app_may_chat_as_caller(%L, %L)', test.id('B'), 'acme/m2'));
-- And back outside, the user is the user.
SELECT test.outcome(format('SELECT public.can_user_use_model(%L, %L)', test.id('B'), 'acme/m2'));
SELECT current_user;
ROLLBACK;
