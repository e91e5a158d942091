-- database: supabase
-- install() refuses before it changes anything, says why, and names the command that helps.
\c - postgres
CREATE EXTENSION model_access;
\set VERBOSITY default
\set SHOW_CONTEXT never
-- A table of ours that belongs to somebody else.
\c - supabase_admin
CREATE TABLE public.model_sync_log (id uuid);
\c - postgres
SELECT * FROM model_access.install();
\c - supabase_admin
DROP TABLE public.model_sync_log;
\c - postgres
-- A name of ours that is a view.
CREATE VIEW public.model_price_history AS SELECT 1 AS one;
SELECT * FROM model_access.install();
DROP VIEW public.model_price_history;
-- The table from before the seed's migration.
CREATE TABLE public.model_access (id uuid PRIMARY KEY, model_id varchar(100) NOT NULL, tier varchar(20) NOT NULL, is_active boolean);
SELECT * FROM model_access.install();
ALTER TABLE public.model_access RENAME TO model_access_backup;
-- A constraint that would be checked at commit only.
CREATE TABLE public.model_sync_log (id uuid CONSTRAINT late UNIQUE DEFERRABLE INITIALLY DEFERRED);
SELECT * FROM model_access.install();
DROP TABLE public.model_sync_log;
-- API roles without privileges on the extension's functions.
\c - supabase_admin
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA model_access FROM service_role;
\c - postgres
SELECT * FROM model_access.install();
DROP EXTENSION model_access;
CREATE EXTENSION model_access;
-- Parts of the environment missing.
\c - supabase_admin
ALTER FUNCTION auth.role() RENAME TO role_away;
\c - postgres
SELECT * FROM model_access.install();
\c - supabase_admin
ALTER FUNCTION auth.role_away() RENAME TO role;
-- Nothing was left behind by any of it, and now it works. A superuser is warned.
SELECT count(*) AS left_behind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'model_access_backup%';
\c - postgres
SELECT DISTINCT action FROM model_access.install() ORDER BY 1;
-- Functions before install(), with old tables, after the tables changed hands.
UPDATE public.model_access_settings SET schema_version = 0 WHERE singleton;
SELECT public.can_user_use_model(NULL, 'x');
SELECT DISTINCT action FROM model_access.install() ORDER BY 1;
\c - supabase_admin
ALTER TABLE public.profiles OWNER TO supabase_admin;
\c - postgres
SELECT public.can_user_use_model(NULL, 'x');
\c - supabase_admin
ALTER TABLE public.profiles OWNER TO postgres;
ALTER TABLE public.model_review_items OWNER TO supabase_admin;
\c - postgres
SELECT public.sync_openrouter_models('[{"id": "a/b", "name": "B"}]');
\c - supabase_admin
ALTER TABLE public.model_review_items OWNER TO postgres;
UPDATE public.model_access_settings SET owner_role = 'supabase_auth_admin' WHERE singleton;
\c - postgres
SELECT public.can_user_use_model(NULL, 'x');
DROP TABLE public.model_access_settings;
SELECT public.can_user_use_model(NULL, 'x');
