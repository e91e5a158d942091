-- database: supabase
-- The steps of the migration guide, as install(): twice forth, once back, forth again. Its own text after install() finds all there; its broken policy never comes back.
\set SHOW_CONTEXT never
CREATE TABLE public.user_profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE, username text UNIQUE NOT NULL, bio text, touched integer NOT NULL DEFAULT 0);
ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON public.user_profiles FROM anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE ON public.user_profiles TO authenticated, service_role;
GRANT TRUNCATE ON public.user_profiles TO service_role;
CREATE POLICY "Public profiles are viewable by everyone" ON public.user_profiles FOR SELECT USING (true);
CREATE POLICY "Users can update their own profile" ON public.user_profiles FOR UPDATE USING (auth.uid() = id);
INSERT INTO auth.users (id) SELECT format('00000000-0000-4000-8000-00000000000%s', n)::uuid FROM generate_series(1, 3) AS n;
INSERT INTO public.user_profiles (id, username) SELECT u.id, 'u' || right(u.id::text, 1) FROM auth.users AS u;
CREATE VIEW public.state AS
    SELECT 'column' AS kind, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS what FROM pg_attribute AS a WHERE a.attrelid = 'public.user_profiles'::regclass AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT 'policy', p.policyname, concat_ws(' ', p.cmd, p.roles, p.qual, p.with_check) FROM pg_policies AS p WHERE p.tablename = 'user_profiles'
    UNION ALL SELECT 'privilege', e.grantee::regrole::text, e.privilege_type FROM pg_class AS c, aclexplode(c.relacl) AS e WHERE c.oid = 'public.user_profiles'::regclass AND e.grantee <> c.relowner
    UNION ALL SELECT 'constraint', k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint AS k WHERE k.conrelid = 'public.user_profiles'::regclass AND k.contype <> 'n'
    UNION ALL SELECT 'index', x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid) FROM pg_index AS x WHERE x.indrelid = 'public.user_profiles'::regclass
    UNION ALL SELECT 'trigger', t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger AS t WHERE t.tgrelid = 'public.user_profiles'::regclass AND NOT t.tgisinternal;
CREATE TEMP TABLE before AS TABLE public.state;
CREATE EXTENSION model_access;
SELECT object, action FROM model_access.install() WHERE object ~ 'user_profiles' AND action <> 'kept' AND object !~ '^(column )?privileges|^attaching' ORDER BY object COLLATE "C";
SELECT count(*) AS changed FROM model_access.install() WHERE action <> 'kept';
SELECT * FROM model_access.verify() WHERE NOT ok;
SELECT check_name, expected, actual, ok FROM model_access.verify() WHERE check_name ~ 'guide|with a role|role of user|table public.(ai_usage|user_profiles)$|for authenticated' ORDER BY check_name COLLATE "C";
-- Steps 2, 3, 4 and 5 of the guide. Its blocks end as it says itself: "already exists", nothing is changed.
SELECT column_name, data_type, column_default, is_nullable FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'user_profiles' AND column_name = 'role';
SELECT count(*) AS total_users, count(role) AS users_with_role, role FROM public.user_profiles GROUP BY role ORDER BY role;
CREATE TEMP TABLE installed AS TABLE public.state;
BEGIN;
ALTER TABLE public.user_profiles ADD COLUMN IF NOT EXISTS role TEXT DEFAULT 'user';
ALTER TABLE public.user_profiles ADD CONSTRAINT user_profiles_role_check CHECK (role IN ('user', 'admin', 'moderator'));
ROLLBACK;
BEGIN;
ALTER TABLE public.user_profiles ADD COLUMN IF NOT EXISTS role TEXT DEFAULT 'user';
UPDATE public.user_profiles SET role = 'user' WHERE role IS NULL;
CREATE INDEX IF NOT EXISTS idx_user_profiles_role ON public.user_profiles(role);
COMMENT ON COLUMN public.user_profiles.role IS 'User role for access control: user (default), moderator (community management), admin (full access)';
CREATE TABLE IF NOT EXISTS public.ai_usage (id UUID DEFAULT gen_random_uuid() PRIMARY KEY);
CREATE INDEX IF NOT EXISTS ai_usage_user_id_idx ON public.ai_usage(user_id);
CREATE INDEX IF NOT EXISTS ai_usage_created_at_idx ON public.ai_usage(created_at DESC);
CREATE INDEX IF NOT EXISTS ai_usage_user_created_idx ON public.ai_usage(user_id, created_at DESC);
ALTER TABLE public.ai_usage ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE public.ai_usage IS 'Tracks AI API usage for billing and analytics';
COMMIT;
BEGIN; CREATE POLICY "Users can view their own usage" ON public.ai_usage FOR SELECT USING (auth.uid() = user_id); ROLLBACK;
BEGIN; CREATE POLICY "Service can insert usage records" ON public.ai_usage FOR INSERT WITH CHECK (true); ROLLBACK;
BEGIN; CREATE POLICY "Admins can view all usage" ON public.ai_usage FOR SELECT USING (EXISTS (SELECT 1 FROM public.user_profiles WHERE user_profiles.id = auth.uid() AND user_profiles.role = 'admin')); ROLLBACK;
SELECT * FROM model_access.verify() WHERE NOT ok;
(TABLE installed EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE installed);
SELECT policyname, cmd AS permission_type, CASE WHEN qual LIKE '%user_profiles%' THEN 'Correct' WHEN qual LIKE '%profiles%' THEN 'Wrong table' ELSE 'OK' END AS status
  FROM pg_policies WHERE tablename = 'ai_usage' AND policyname <> 'Organization admins can view its usage' ORDER BY policyname COLLATE "C";
-- Promotion, by the owner.
UPDATE public.user_profiles SET role = 'admin' WHERE username = 'u1';
SELECT username, role FROM public.user_profiles WHERE role = 'admin';
-- The guide's rollback of its own, in its order, fails; ours goes the other way round. Its broken policy is seen, and is not ours.
BEGIN;
DROP POLICY IF EXISTS "Admins can view all usage" ON public.ai_usage;
CREATE POLICY "Admins can view all usage" ON public.ai_usage FOR SELECT USING (EXISTS (SELECT 1 FROM public.profiles WHERE profiles.id = auth.uid() AND profiles.role = 'admin'));
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok AND check_name LIKE '%guide%';
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT count(*) AS wrong FROM model_access.verify() WHERE NOT ok;
ROLLBACK;
BEGIN; ALTER TABLE public.user_profiles DROP COLUMN role; ROLLBACK;
-- The usage module alone: its policies and views go, the people's column stays.
SELECT object, action FROM model_access.uninstall('{usage}') WHERE module = 'usage' ORDER BY object COLLATE "C";
(TABLE installed EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE installed);
SELECT DISTINCT action FROM model_access.install('{usage}') ORDER BY action;
-- All of it: a view of the application's that needs the column is told, and holds it until it is gone.
CREATE VIEW public.admins AS SELECT p.username FROM public.user_profiles AS p WHERE p.role = 'admin';
SELECT regexp_replace(action, 'DO .* END \$take\$', '…') AS action FROM model_access.uninstall() WHERE object LIKE '%user_profiles.role';
SELECT username, role FROM public.user_profiles ORDER BY username;
SELECT to_regclass('public.user_profiles_role_backup') IS NULL AS no_backup;
DROP VIEW public.admins;
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%user_profiles%' ORDER BY object COLLATE "C";
(TABLE before EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE before);
SELECT right(id::text, 1) AS u, role FROM public.user_profiles_role_backup ORDER BY 1;
SELECT c.relrowsecurity, r.rolname, has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') AS open
  FROM pg_class AS c, pg_roles AS r WHERE c.oid = 'public.user_profiles_role_backup'::regclass AND r.rolname IN ('anon', 'authenticated', 'service_role') ORDER BY 2;
-- Forth again: everybody is a user, and the old roles come back only by hand.
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT * FROM model_access.verify() WHERE NOT ok;
SELECT username, role FROM public.user_profiles ORDER BY username;
(TABLE installed EXCEPT TABLE public.state) UNION ALL (TABLE public.state EXCEPT TABLE installed);
-- The backup is never overwritten: the column stays until somebody has taken it away.
SELECT regexp_replace(action, 'DO .* END \$take\$', '…') AS action FROM model_access.uninstall() WHERE object LIKE '%user_profiles.role';
DROP TABLE public.user_profiles_role_backup;
SELECT action FROM model_access.uninstall() WHERE object LIKE '%user_profiles.role';
-- A role that the application had is its own: it stays, NULL becomes 'user', and a row that breaks the rule is told.
ALTER TABLE public.user_profiles ADD COLUMN role text;
UPDATE public.user_profiles SET role = 'owner' WHERE username = 'u2';
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT username, role FROM public.user_profiles ORDER BY username;
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
INSERT INTO public.user_profiles (id, username, role) VALUES ('00000000-0000-4000-8000-000000000004', 'u4', 'owner');
SELECT object, action FROM model_access.uninstall() WHERE object LIKE '%user_profiles%' ORDER BY object COLLATE "C";
SELECT username, role FROM public.user_profiles ORDER BY username;
-- A role that is no text is refused.
ALTER TABLE public.user_profiles DROP CONSTRAINT user_profiles_role_check;
ALTER TABLE public.user_profiles ALTER COLUMN role TYPE integer USING 1;
SELECT count(*) FROM model_access.install();
