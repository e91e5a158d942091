-- database: supabase
-- INS-06: the application's own plpgsql functions of our names keep their code, owner, grants and dependants; install() and verify() say so.
CREATE FUNCTION public.sync_openrouter_models(models_data jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN '{"theirs": true}'; END $$;
CREATE FUNCTION public.get_user_allowed_models_v2(user_uuid uuid) RETURNS TABLE (model_id varchar) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT 'theirs'::varchar; END $$;
REVOKE ALL ON FUNCTION public.sync_openrouter_models(jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.sync_openrouter_models(jsonb) TO supabase_auth_admin;
CREATE VIEW public.dependant AS SELECT public.sync_openrouter_models('[]') AS answer;
CREATE TEMP TABLE before AS SELECT oid, prosrc, proacl, proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace;
CREATE EXTENSION model_access;
SELECT object, action FROM model_access.install() WHERE action = 'left alone' ORDER BY object COLLATE "C";
SELECT count(*) AS untouched FROM before JOIN pg_proc AS p USING (oid) WHERE (p.prosrc, p.proacl::text, p.proowner) IS NOT DISTINCT FROM (before.prosrc, before.proacl::text, before.proowner);
SELECT answer FROM public.dependant;
SELECT check_name, ok FROM model_access.verify() WHERE check_name LIKE 'wrapper %' ORDER BY check_name COLLATE "C";
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%sync_openrouter_models%' OR object LIKE '%get_user_allowed_models_v2%' ORDER BY object COLLATE "C";
DROP EXTENSION model_access;
SELECT count(*) AS still_there FROM before JOIN pg_proc USING (oid);
