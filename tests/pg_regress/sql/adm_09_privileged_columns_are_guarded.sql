-- ADM-09: a client cannot raise his tier, role, type, organisation or credits: by UPDATE, INSERT, upsert, MERGE, COPY or a trick.
-- A view of the developer's that skips row level security does not skip the guard.
CREATE VIEW public.careless_view AS SELECT * FROM public.profiles;
GRANT ALL ON public.careless_view TO authenticated;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT what, test.outcome(format('UPDATE public.profiles SET %s WHERE id = test.id(''A'')', what))
  FROM unnest(ARRAY['subscription_tier = ''enterprise''', 'role = ''superadmin''', 'account_type = ''admin''', 'organization_id = test.id(''B'')', 'credits = 1000000',
                    'subscription_tier = NULL', 'role = NULL', '(full_name, role) = (SELECT ''x'', ''admin'')']) AS what;
-- What is his own, he changes; also when the statement names the guarded columns with what they have.
SELECT what, test.outcome(format('UPDATE public.profiles SET %s WHERE id = test.id(''A'')', what))
  FROM unnest(ARRAY['full_name = ''Ann''', 'subscription_tier = subscription_tier, role = ''user'', credits = DEFAULT']) AS what;
-- Upserts: by the insert's values, by the update's.
SELECT what, test.outcome(format('INSERT INTO public.profiles (id, email%s) VALUES (test.id(''A''), ''a@example.test''%s) ON CONFLICT (id) DO UPDATE SET %s', columns, inserted, what))
  FROM (VALUES (1, ', subscription_tier', ', ''enterprise''', 'subscription_tier = excluded.subscription_tier'), (2, '', '', 'subscription_tier = ''enterprise'''),
               (3, '', '', 'role = ''superadmin'''), (4, ', role', ', ''admin''', 'full_name = ''Ann'''), (5, '', '', 'full_name = excluded.full_name, role = excluded.role')) AS u (place, columns, inserted, what) ORDER BY place;
-- Other ways to write a row.
SELECT test.outcome($$MERGE INTO public.profiles AS p USING (SELECT test.id('A') AS id) AS n ON p.id = n.id WHEN MATCHED THEN UPDATE SET role = 'superadmin'$$);
SELECT test.outcome($$UPDATE public.careless_view SET role = 'superadmin' WHERE id = test.id('A')$$);
SELECT test.outcome($$DELETE FROM public.profiles WHERE id = test.id('A')$$);
SELECT test.outcome($$UPDATE public.profiles SET id = test.id('N') WHERE id = test.id('A')$$);
SELECT test.outcome($$UPDATE public.profiles SET subscription_tier = 'enterprise' WHERE id = test.id('B')$$);
SELECT test.outcome($$SELECT set_config('session_replication_role', 'replica', true)$$);
SELECT test.outcome($$ALTER TABLE public.profiles DISABLE TRIGGER profiles_guard_privileged_columns$$);
SELECT test.outcome($$ALTER TABLE public.profiles ALTER COLUMN subscription_tier SET DEFAULT 'enterprise'$$);
COMMIT;
-- N signed up and has no profile yet.
BEGIN;
SELECT test.request('authenticated', 'N');
SELECT columns, test.outcome(format('INSERT INTO public.profiles (id, email, %s) VALUES (test.id(''N''), ''n@example.test'', %s)', columns, inserted))
  FROM (VALUES (1, 'subscription_tier', '''enterprise'''), (2, 'subscription_tier', 'NULL'), (3, 'role', '''superadmin'''), (4, 'account_type', '''admin'''),
               (5, 'organization_id', 'test.id(''B'')'), (6, 'credits', '1'), (7, 'full_name, subscription_tier, credits', '''Nic'', ''free'', 0')) AS i (place, columns, inserted) ORDER BY place;
SELECT test.outcome($$UPDATE public.careless_view SET id = test.id('N') WHERE id = test.id('S')$$);
SELECT test.outcome($$INSERT INTO public.profiles (id, email) VALUES (test.id('X'), 'x@example.test')$$);
COMMIT;
SET ROLE authenticated;
COPY public.profiles (id, email, subscription_tier) FROM STDIN;
\connect - postgres
SELECT id, full_name, subscription_tier, role, account_type, organization_id, credits FROM public.profiles WHERE id IN (test.id('A'), test.id('N')) ORDER BY id;
-- service_role may.
SET ROLE service_role;
UPDATE public.profiles SET subscription_tier = 'pro', credits = 5 WHERE id = test.id('A') RETURNING subscription_tier, credits;
