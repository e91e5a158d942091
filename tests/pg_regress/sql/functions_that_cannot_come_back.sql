-- A function that the owner of the tables could not make again is left alone by cut_over(); one that does not come back keeps its wrapper and its statements.
\set SHOW_CONTEXT never
CREATE OR REPLACE FUNCTION public.model_access_is_admin() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN false; END $$;
CREATE OR REPLACE FUNCTION public.jsonb_deep_merge(a jsonb, b jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN RETURN a || b; END $$;
CREATE OR REPLACE FUNCTION public.can_user_use_model(user_uuid uuid, p_model_id varchar) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN false; END $$;
CREATE OR REPLACE FUNCTION public.sync_openrouter_models(models_data jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN RETURN '{}'; END $$;
CREATE SCHEMA ours;
CREATE DOMAIN ours.answer AS jsonb;
CREATE OR REPLACE FUNCTION public.force_sync_openrouter_models(models_data jsonb) RETURNS jsonb LANGUAGE sql BEGIN ATOMIC SELECT '{}'::ours.answer::jsonb; END;
-- Only a superuser gives a function such properties, and could make it again.
\connect - supabase_admin
ALTER FUNCTION public.model_access_is_admin() LEAKPROOF;
ALTER FUNCTION public.can_user_use_model(uuid, varchar) SET log_min_messages = 'error';
CREATE OR REPLACE FUNCTION public.jsonb_deep_merge(a jsonb, b jsonb) RETURNS jsonb LANGUAGE internal AS 'jsonb_concat';
SELECT object, action FROM model_access.cut_over();
\connect - postgres
-- What the function needs is gone: it does not come back.
DROP SCHEMA ours CASCADE;
SELECT object, action FROM model_access.cut_back();
SELECT place, statement FROM public.model_access_replaced WHERE kind = 'function' ORDER BY name COLLATE "C", place;
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%sync%' OR object LIKE '%is_admin%' ORDER BY object COLLATE "C", action COLLATE "C";
SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname COLLATE "C";
-- It comes back once it can.
CREATE SCHEMA ours;
CREATE DOMAIN ours.answer AS jsonb;
SELECT object, action FROM model_access.uninstall() ORDER BY object COLLATE "C", action COLLATE "C";
SELECT count(*) AS remembered FROM public.model_access_replaced;
DROP EXTENSION model_access;
