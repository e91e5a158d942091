-- database: supabase
-- An application's profiles of other column types, with policies of the names that we use: guarded, otherwise left as it is.
\c - postgres
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id), email varchar(255) NOT NULL,
    credits numeric(10, 2) NOT NULL DEFAULT 0, subscription_tier char(20) DEFAULT 'free');
REVOKE ALL ON public.profiles FROM anon, authenticated;
GRANT SELECT, INSERT ON public.profiles TO authenticated;
CREATE POLICY "Users can view own profile" ON public.profiles FOR SELECT TO authenticated USING (auth.uid() = id);
CREATE POLICY "Users can insert own profile" ON public.profiles FOR INSERT TO authenticated WITH CHECK (auth.uid() = id);
INSERT INTO auth.users (id) VALUES ('00000000-0000-4000-8000-00000000000a');
CREATE EXTENSION model_access;
SELECT object, action FROM model_access.install() WHERE object ~ '^(table|policy) .*public.profiles' ORDER BY object COLLATE "C";
\connect - authenticator
\set ON_ERROR_ROLLBACK on
BEGIN;
SELECT set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-8000-00000000000a", "role": "authenticated"}', true) <> '' AS a, set_config('role', 'authenticated', true);
INSERT INTO public.profiles (id, email, subscription_tier) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test', 'pro');
INSERT INTO public.profiles (id, email, credits) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test', 0.01);
INSERT INTO public.profiles (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test');
SELECT subscription_tier, credits FROM public.profiles;
COMMIT;
\connect - postgres
-- Where clients may not read them, they are told: their own usage would be refused.
REVOKE ALL ON public.profiles FROM authenticated;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok AND check_name LIKE '% for authenticated';
GRANT SELECT, INSERT ON public.profiles TO authenticated;
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%public.profiles' ORDER BY object COLLATE "C";
SELECT policyname FROM pg_policies WHERE tablename = 'profiles' ORDER BY policyname COLLATE "C";
-- A table that lacks what the engine needs is told before anything is changed.
ALTER TABLE public.profiles RENAME COLUMN id TO uid;
SELECT count(*) FROM model_access.install();
ALTER TABLE public.profiles RENAME COLUMN uid TO id;
SELECT DISTINCT action FROM model_access.install() ORDER BY action;
