-- A function of the application around ours, under our name, is the application's: neither replaced nor dropped.
CREATE OR REPLACE FUNCTION public.can_user_use_model(user_uuid uuid, p_model_id character varying) RETURNS boolean
LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT model_access.can_user_use_model(user_uuid, p_model_id) AND p_model_id NOT LIKE 'evil/%';
END;
SELECT object, action FROM model_access.install() WHERE action <> 'kept';
SELECT pg_get_function_sqlbody('public.can_user_use_model(uuid, varchar)'::regprocedure) ~ 'evil' AS still_theirs;
SELECT check_name, actual FROM model_access.verify() WHERE NOT ok AND check_name LIKE 'wrapper%';
SELECT model_access.make_wrapper('can_user_use_model');
SELECT object FROM model_access.uninstall() WHERE object LIKE 'wrapper public.can_user%';
SELECT pg_get_function_sqlbody('public.can_user_use_model(uuid, varchar)'::regprocedure) ~ 'evil' AS still_theirs;
-- Arguments of install() that are no names.
SELECT test.outcome($$SELECT * FROM model_access.install(ARRAY[NULL::text])$$);
SELECT test.outcome($$SELECT * FROM model_access.install('{}')$$);
-- A setting on a wrapper is seen.
SELECT DISTINCT action FROM model_access.install() ORDER BY action;
ALTER FUNCTION public.model_access_is_admin() SET search_path = evil;
SELECT actual FROM model_access.verify() WHERE NOT ok AND check_name LIKE 'wrapper public.model_access_is_admin%';
ALTER FUNCTION public.model_access_is_admin() RESET search_path;
-- An overload that only passes on is not ours either: it has other arguments.
CREATE FUNCTION public.model_access_is_admin(wanted boolean) RETURNS boolean LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT model_access.model_access_is_admin();
END;
SELECT object, action FROM model_access.install() WHERE object LIKE 'foreign function%' ORDER BY object COLLATE "C";
SELECT count(*) FROM model_access.uninstall();
SELECT oid::regprocedure AS left_standing FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname;
