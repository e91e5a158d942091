-- database: supabase
-- ESC-01: a superuser does not set the developer's catalogue aside, and so keeps no statements about it in tables of his own.
\set SHOW_CONTEXT never
CREATE TABLE public.model_access (id uuid PRIMARY KEY, model_id varchar(100) NOT NULL, tier varchar(20) NOT NULL, is_active boolean);
\connect - supabase_admin
CREATE EXTENSION model_access;
SELECT * FROM model_access.set_old_catalogue_aside();
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname COLLATE "C";
-- A superuser's own is set aside, with the warning of install().
ALTER TABLE public.model_access OWNER TO supabase_admin;
SELECT object, action FROM model_access.set_old_catalogue_aside();
SELECT object, action FROM model_access.bring_old_catalogue_back();
