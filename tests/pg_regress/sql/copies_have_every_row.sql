-- database: supabase
-- What is copied before it is dropped has every row, though row level security is forced on an owner who does not bypass it.
\connect - supabase_admin
ALTER ROLE postgres NOBYPASSRLS;
\connect - postgres
INSERT INTO auth.users (id, email) SELECT format('00000000-0000-4000-8000-00000000000%s', n)::uuid, n || '@example.test' FROM generate_series(1, 3) AS n;
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id), email varchar(255) NOT NULL, allowed_models text[]);
GRANT SELECT ON public.profiles TO authenticated;
INSERT INTO public.profiles SELECT u.id, u.email, ARRAY['acme/' || u.email] FROM auth.users AS u;
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT allowed_models FROM public.profiles_allowed_models_backup ORDER BY id;
SELECT public.sync_openrouter_models('[{"id": "acme/m1", "name": "M1"}]') ->> 'models_added' AS added;
ALTER TABLE public.model_access FORCE ROW LEVEL SECURITY;
SELECT object, action FROM model_access.uninstall(drop_data => true) WHERE object LIKE '%.model_access%' OR object LIKE '%.allowed_models' ORDER BY object COLLATE "C", action;
SELECT model_id FROM public.model_access_new_backup;
ALTER TABLE public.profiles NO FORCE ROW LEVEL SECURITY;
SELECT email, allowed_models FROM public.profiles ORDER BY email;
\connect - supabase_admin
ALTER ROLE postgres BYPASSRLS;
