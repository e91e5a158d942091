-- Nobody makes himself an admin of user_profiles: not by INSERT, UPDATE, upsert or MERGE, whatever policies the application has; the owner and service_role may.
DROP POLICY "Users can view own user profile" ON public.user_profiles;
CREATE POLICY everybody ON public.user_profiles FOR SELECT USING (true);
CREATE POLICY "Users can insert their own profile" ON public.user_profiles FOR INSERT WITH CHECK (auth.uid() = id);
CREATE POLICY "Users can update their own profile" ON public.user_profiles FOR UPDATE USING (auth.uid() = id);
GRANT SELECT, INSERT, UPDATE, DELETE ON public.user_profiles TO authenticated;
INSERT INTO public.user_profiles (id, username) VALUES (test.id('A'), 'ann');
INSERT INTO public.user_profiles (id, username, role) VALUES (test.id('S'), 'sue', 'admin');
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT what, test.outcome(format('UPDATE public.user_profiles SET %s WHERE id = test.id(''A'')', what))
  FROM unnest(ARRAY['role = ''admin''', 'role = ''moderator''', 'role = NULL', '(username, role) = (SELECT ''x'', ''admin'')', 'username = ''anna''', 'role = ''user''', 'role = DEFAULT']) AS what;
SELECT what, test.outcome(format('INSERT INTO public.user_profiles (id, username%s) VALUES (test.id(''A''), ''ann''%s) ON CONFLICT (id) DO UPDATE SET %s', columns, inserted, what))
  FROM (VALUES (1, ', role', ', ''admin''', 'role = excluded.role'), (2, '', '', 'role = ''admin'''), (3, ', role', ', ''admin''', 'username = ''ann'''), (4, '', '', 'username = ''ann''')) AS u (place, columns, inserted, what) ORDER BY place;
SELECT test.outcome($$INSERT INTO public.user_profiles (id, role) VALUES (test.id('A'), 'admin') ON CONFLICT DO NOTHING$$);
SELECT test.outcome($$MERGE INTO public.user_profiles AS p USING (SELECT test.id('A') AS id) AS n ON p.id = n.id WHEN MATCHED THEN UPDATE SET role = 'admin'$$);
SELECT test.outcome($$ALTER TABLE public.user_profiles DISABLE TRIGGER user_profiles_guard_privileged_columns$$);
COMMIT;
-- Who has no row yet.
BEGIN;
SELECT test.request('authenticated', 'B');
SELECT role, test.outcome(format('INSERT INTO public.user_profiles (id, role) VALUES (test.id(''B''), %s)', role)) FROM unnest(ARRAY['''admin''', '''moderator''', 'NULL', '''user''']) AS role;
COMMIT;
-- An admin is a client as well: promotion is the owner's and the server's to do.
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT test.outcome($$UPDATE public.user_profiles SET role = 'user' WHERE id = test.id('S')$$);
COMMIT;
\connect - postgres
-- Nor by taking over an admin's row, where the application lets people write the rows of others.
CREATE POLICY "Moderators edit everybody" ON public.user_profiles USING (true) WITH CHECK (true);
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT test.outcome($$DELETE FROM public.user_profiles WHERE id = test.id('A')$$);
SELECT test.outcome($$UPDATE public.user_profiles SET id = test.id('A') WHERE role = 'admin'$$);
SELECT test.outcome($$INSERT INTO public.user_profiles (id) VALUES (test.id('S')) ON CONFLICT (id) DO UPDATE SET id = test.id('A')$$);
SELECT test.outcome($$UPDATE public.user_profiles SET id = id, username = 'susan' WHERE id = test.id('S')$$);
ROLLBACK;
\connect - postgres
SELECT username, role FROM public.user_profiles ORDER BY id;
UPDATE public.user_profiles SET role = 'moderator' WHERE id = test.id('A') RETURNING role;
SET ROLE service_role;
UPDATE public.user_profiles SET role = 'admin' WHERE id = test.id('A') RETURNING role;
UPDATE public.user_profiles SET role = 'superadmin' WHERE id = test.id('A');
