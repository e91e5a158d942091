-- database: supabase
-- INS-06, INS-09: functions and tables of the application that bear our names are not touched, and it is said.
\c - postgres
CREATE FUNCTION public.can_user_use_model(user_uuid uuid, model varchar) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
CREATE FUNCTION public.sync_openrouter_models(models_data jsonb) RETURNS jsonb LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE EXTENSION model_access;
SELECT object, action FROM model_access.install() WHERE action = 'left alone' ORDER BY object COLLATE "C";
SELECT public.can_user_use_model(NULL, 'x') AS still_theirs, public.sync_openrouter_models('[]') IS NULL AS this_too;
SELECT check_name, actual FROM model_access.verify() WHERE NOT ok AND check_name LIKE 'wrapper %' ORDER BY check_name COLLATE "C";
-- Out of the way, ours are made.
DROP FUNCTION public.can_user_use_model(uuid, varchar), public.sync_openrouter_models(jsonb);
SELECT object, action FROM model_access.install() WHERE object LIKE 'wrapper %' AND action <> 'kept' ORDER BY object COLLATE "C";
SELECT * FROM model_access.verify() WHERE NOT ok;
SELECT model_access.make_wrapper('can_user_use_model');
SELECT model_access.make_wrapper('no_such_function');
