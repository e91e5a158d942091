-- database: supabase
-- Rules and privileges of a table do not hold on its partitions and children, which clients may reach by name: install() refuses such a table.
\set SHOW_CONTEXT never
CREATE EXTENSION model_access;
CREATE TABLE public.model_access (id uuid NOT NULL DEFAULT gen_random_uuid(), model_id varchar(100) PRIMARY KEY, model_name varchar(255) NOT NULL) PARTITION BY HASH (model_id);
CREATE TABLE public.model_access_0 PARTITION OF public.model_access FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT * FROM model_access.install();
DROP TABLE public.model_access;
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id), email varchar(255) NOT NULL);
GRANT SELECT ON public.profiles TO authenticated;
CREATE TABLE public.former_profiles () INHERITS (public.profiles);
SELECT * FROM model_access.install();
DROP TABLE public.former_profiles;
CREATE TABLE public.everybody (email varchar(255) NOT NULL, allowed_models text[]);
ALTER TABLE public.profiles ADD allowed_models text[], INHERIT public.everybody;
SELECT * FROM model_access.install();
ALTER TABLE public.profiles NO INHERIT public.everybody;
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname COLLATE "C";
SELECT count(*) > 0 AS installed FROM model_access.install();
-- One that was made later is told by verify().
CREATE TABLE public.more_models () INHERITS (public.model_access);
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
