-- ESC-04: a caller's temporary tables, domains and functions shadow nothing: not for the engine, not for a trigger of the application that was written without a fixed path.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = model_id = 'acme/m1', is_enterprise = true WHERE model_id <> 'acme/m3';
-- The application's own: it notes every verdict, in a table that it names without a schema.
CREATE TABLE public.verdicts (model_id text, verdict text);
CREATE FUNCTION public.note_verdict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO verdicts VALUES (NEW.model_id, upper(NEW.status)); RETURN NULL; END $$;
CREATE TRIGGER note_verdict AFTER UPDATE ON public.model_access FOR EACH ROW EXECUTE FUNCTION public.note_verdict();
GRANT TEMPORARY ON DATABASE :DBNAME TO authenticated;
\connect - supabase_admin
SET SESSION AUTHORIZATION authenticated;
CREATE TEMP TABLE pg_class (oid oid, relname name, relnamespace oid, relowner oid);
CREATE TEMP TABLE pg_proc AS SELECT * FROM pg_catalog.pg_proc WHERE false;
CREATE TEMP TABLE model_access AS SELECT 'mine/all'::varchar AS model_id, 'active'::varchar AS status, true AS is_free, true AS is_pro, true AS is_enterprise;
CREATE TEMP TABLE profiles AS SELECT test.id('A') AS id, 'enterprise'::varchar AS subscription_tier, 'superadmin'::text AS role, 'admin'::text AS account_type;
CREATE TEMP TABLE model_access_settings AS SELECT true AS singleton, 99 AS schema_version, 'authenticated'::name AS owner_role;
CREATE TEMP TABLE verdicts (model_id text, verdict text);
CREATE FUNCTION pg_temp.ran() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'evil code ran as %', current_user; END $$;
CREATE DOMAIN pg_temp.uuid AS text CHECK (pg_temp.ran());
CREATE DOMAIN pg_temp.jsonb AS text CHECK (pg_temp.ran());
CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT pg_temp.ran(); SELECT pg_catalog.now()';
CREATE FUNCTION pg_temp.upper(varchar) RETURNS text LANGUAGE sql AS 'SELECT pg_temp.ran()::text';
CREATE FUNCTION pg_temp.evil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_temp.ran(); RETURN NEW; END $$;
CREATE TRIGGER evil BEFORE INSERT ON verdicts FOR EACH ROW EXECUTE FUNCTION pg_temp.evil();
SET search_path = pg_temp, public, pg_catalog;
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-00000000000a"}', false) <> '' AS as_a;
SELECT public.model_access_is_admin() AS admin, public.can_user_use_model(NULL, 'acme/m2') AS m2;
SELECT model_id FROM public.get_user_allowed_models_v2();
UPDATE public.profiles SET role = 'superadmin' WHERE id = '00000000-0000-4000-8000-00000000000a'::pg_catalog.uuid;
SELECT public.update_model_tier_access('acme/m1', true);
-- An admin's verdict, from the same session: the real table is written.
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-00000000000d"}', false) <> '' AS as_s;
SELECT public.update_model_tier_access('acme/m1', NULL, NULL, NULL, 'disabled') ->> 'success' AS success;
SELECT public.sync_openrouter_models('[{"id": "acme/m1", "name": "Changed"}, {"id": "acme/m2", "name": "Changed"}]') ->> 'success' AS success;
SELECT count(*) AS in_his_table FROM pg_temp.verdicts;
RESET SESSION AUTHORIZATION;
RESET search_path;
SELECT model_id, verdict FROM public.verdicts ORDER BY model_id COLLATE "C", verdict COLLATE "C";
