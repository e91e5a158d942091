-- database: supabase
-- INS-09: CREATE EXTENSION leaves the application's tables of our names as they are; install(), called by their owner, adopts profiles: it adds and guards, and drops nothing.
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE, email varchar(255) NOT NULL, nickname text DEFAULT 'none', subscription_tier varchar(20) DEFAULT 'free');
CREATE TABLE public.model_access (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), model_id varchar(100) NOT NULL UNIQUE, tier text);
INSERT INTO auth.users (id) VALUES ('00000000-0000-4000-8000-00000000000a');
INSERT INTO public.profiles VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test', 'ann', 'enterprise');
INSERT INTO public.model_access (model_id, tier) VALUES ('acme/m1', 'free');
CREATE INDEX their_index ON public.profiles (nickname);
CREATE POLICY "their policy" ON public.profiles FOR SELECT TO service_role USING (true);
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON public.profiles FROM anon, authenticated;
GRANT SELECT, UPDATE (nickname) ON public.profiles TO authenticated;
CREATE POLICY "their own rows" ON public.profiles TO authenticated USING (auth.uid() = id);
COMMENT ON COLUMN public.profiles.nickname IS 'Their comment.';
CREATE VIEW public.state AS SELECT c.oid, c.relname, c.relfilenode, c.relrowsecurity, coalesce(c.relacl::text, '') AS acl, c.relnatts, c.relhastriggers FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i');
CREATE TEMP TABLE before AS SELECT * FROM public.state;
CREATE EXTENSION model_access;
(TABLE before EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE before);
SELECT model_id, tier FROM public.model_access;
-- The seed's old table is refused by name before anything is changed; out of the way, it stays.
SELECT count(*) FROM model_access.install();
(TABLE before EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE before);
ALTER TABLE public.model_access RENAME TO model_access_backup;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT model_id, tier FROM public.model_access_backup;
SELECT email, nickname, subscription_tier, role, credits, account_type, organization_id FROM public.profiles;
SELECT relname FROM before JOIN pg_class AS c USING (oid, relname) ORDER BY relname COLLATE "C";
SELECT policyname FROM pg_policies WHERE tablename = 'profiles' ORDER BY policyname COLLATE "C";
SELECT col_description('public.profiles'::regclass, 3) AS comment;
-- What verify() still names is what adoption does not change.
SELECT check_name FROM model_access.verify() WHERE NOT ok ORDER BY check_name COLLATE "C";
-- And it works: their row decides, and is guarded; who may write which column stays their rule.
INSERT INTO public.model_access (model_id, model_name, status, is_enterprise) VALUES ('acme/m2', 'Two', 'active', true);
\connect - authenticator
\set ON_ERROR_ROLLBACK on
BEGIN;
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-00000000000a", "role": "authenticated"}', true) <> '' AS a, set_config('role', 'authenticated', true);
SELECT model_id FROM public.get_user_allowed_models_v2();
UPDATE public.profiles SET nickname = 'anna' RETURNING nickname;
UPDATE public.profiles SET full_name = 'Anna';
UPDATE public.profiles SET role = 'superadmin';
INSERT INTO public.profiles (id, email) VALUES ('00000000-0000-4000-8000-00000000000b', 'b@example.test');
ROLLBACK;
\connect - postgres
GRANT UPDATE (role) ON public.profiles TO authenticated;
\connect - authenticator
BEGIN;
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-00000000000a", "role": "authenticated"}', true) <> '' AS a, set_config('role', 'authenticated', true);
UPDATE public.profiles SET role = 'superadmin';
ROLLBACK;
