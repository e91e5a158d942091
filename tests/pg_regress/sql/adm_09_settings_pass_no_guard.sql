-- ADM-09: what a guarded column holds is compared as it is stored: settings under which two values print alike pass no guard, and none makes a default another value.
\i tests/fixtures/organizations.sql
GRANT INSERT, UPDATE, DELETE ON public.organizations TO authenticated;
CREATE POLICY "the application's" ON public.organizations TO authenticated USING (true) WITH CHECK (true);
UPDATE public.organizations SET token_reset_date = '2027-12-01 00:00+00', token_quota_monthly = 1000 WHERE name = 'one';
-- An application's own column of another type.
DROP TRIGGER organizations_note_decision ON public.organizations;
ALTER TABLE public.organizations ALTER COLUMN token_quota_monthly TYPE double precision;
CREATE FUNCTION test.next_month() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT date_trunc('month', now()) + interval '1 month' $$;
CREATE FUNCTION test.said(p_statement text) RETURNS text LANGUAGE sql AS $$ SELECT split_part(test.outcome(p_statement), E'\n', 1) $$;
\connect - authenticator
-- 46 hours apart, and written alike.
BEGIN;
SELECT test.request('authenticated', 'P');
SET LOCAL DateStyle = 'SQL, DMY';
SET LOCAL TimeZone = 'AAA23AAA-23,J10/0,J334/23';
SELECT o.token_reset_date, o.token_reset_date - interval '46 hours' AS earlier FROM public.organizations AS o WHERE o.name = 'one';
SELECT test.said('UPDATE public.organizations SET token_reset_date = token_reset_date - interval ''46 hours'' WHERE name = ''one''') AS earlier,
       test.said('UPDATE public.organizations SET token_reset_date = token_reset_date + interval ''1 microsecond'' WHERE name = ''one''') AS later, test.said('UPDATE public.organizations SET token_reset_date = NULL WHERE name = ''one''') AS none;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'P');
SET LOCAL extra_float_digits = -15;
SELECT o.token_quota_monthly, 1499::double precision AS more FROM public.organizations AS o WHERE o.name = 'one';
SELECT test.said('UPDATE public.organizations SET token_quota_monthly = 1499 WHERE name = ''one''') AS more, test.said('UPDATE public.organizations SET token_quota_monthly = ''NaN'' WHERE name = ''one''') AS nan,
       test.said('INSERT INTO public.organizations (name, token_quota_monthly) VALUES (''three'', 1499)') AS inserted;
-- What stays is no matter of the guard: not touched, written as it is, or a row as a client has read it.
SELECT test.said('UPDATE public.organizations SET name = ''one'' WHERE name = ''one''') AS not_touched, test.said('UPDATE public.organizations SET token_quota_monthly = 1000, token_reset_date = ''2027-12-01 00:00+00'', pricing_plan = ''pro'', type = ''education'' WHERE name = ''one''') AS as_it_is,
       test.said('UPDATE public.organizations AS o SET (pricing_plan, quota_slots, type, token_quota_monthly, token_usage_current, token_reset_date, token_reset_anchor) = (SELECT p.pricing_plan, p.quota_slots, p.type, p.token_quota_monthly, p.token_usage_current, p.token_reset_date, p.token_reset_anchor FROM public.organizations AS p WHERE p.id = o.id) WHERE true') AS all_of_it;
COMMIT;
-- A function of the application lends its rights, not its settings: a quota is what is stored.
\connect - postgres
CREATE FUNCTION test.check_for(p_person text, p_tokens integer) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT concat_ws(' ', a ->> 'allowed', a ->> 'reason', a ->> 'limit') FROM public.check_token_quota(test.id(p_person), 1001, p_tokens) AS a $$;
UPDATE public.organizations SET token_quota_monthly = 2499 WHERE name = 'one';
SELECT test.check_for('A', 2499) AS as_much, test.check_for('A', 2500) AS more;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SET LOCAL extra_float_digits = -15;
SELECT test.check_for('A', 2499) AS as_much, test.check_for('A', 2500) AS more;
COMMIT;
\connect - postgres
UPDATE public.organizations SET token_quota_monthly = 1000 WHERE name = 'one';
-- Defaults: a value that prints like the default is none, nor one that the default becomes when it is written and read under other settings.
\connect - postgres
ALTER TABLE public.organizations ALTER COLUMN token_quota_monthly SET DEFAULT 1000.25, ALTER COLUMN token_reset_date SET DEFAULT '2027-12-01 00:00+00', ALTER COLUMN token_reset_anchor SET DEFAULT test.next_month(), ALTER COLUMN type SET DEFAULT repeat('x', 20);
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'P');
SET LOCAL DateStyle = 'SQL, DMY';
SET LOCAL TimeZone = 'AAA23AAA-23,J10/0,J334/23';
SET LOCAL extra_float_digits = -15;
SELECT i.what, test.said(format('INSERT INTO public.organizations (name%s) VALUES (''x''%s)', ', ' || i.what, ', ' || i.value))
  FROM (VALUES (1, 'token_quota_monthly', '1499'), (2, 'token_quota_monthly', '1000'), (3, 'token_quota_monthly', 'NULL'), (4, 'token_reset_date', 'timestamptz ''2027-12-01 00:00+00'' - interval ''46 hours'''), (5, 'token_reset_anchor', 'now()'), (6, 'type', 'repeat(''x'', 19)')) AS i (place, what, value) ORDER BY i.place;
SELECT test.said('INSERT INTO public.organizations (name) VALUES (''x'')') AS left_out, test.said('INSERT INTO public.organizations (name, token_quota_monthly, token_reset_date, token_reset_anchor, type, token_usage_current) VALUES (''x'', 1000.25, ''2027-12-01 00:00+00'', DEFAULT, repeat(''x'', 20), DEFAULT)') AS the_same;
COMMIT;
-- A default that only its owner can evaluate, and one that fails.
\connect - postgres
ALTER TABLE public.organizations ALTER COLUMN token_quota_monthly SET DEFAULT NULL;
CREATE FUNCTION test.quota() RETURNS double precision LANGUAGE plpgsql AS $$ BEGIN IF current_user <> 'postgres' THEN RETURN 5; END IF; RAISE EXCEPTION 'no quota' USING ERRCODE = 'ZZ002', DETAIL = 'None at all.'; END $$;
ALTER TABLE public.organizations ALTER COLUMN token_quota_monthly SET DEFAULT test.quota();
SET ROLE authenticated;
SELECT test.outcome('INSERT INTO public.organizations (name) VALUES (''x'')') AS fails;
RESET ROLE;
SELECT name, token_quota_monthly, token_reset_date = '2027-12-01 00:00+00' AS as_it_was FROM public.organizations WHERE token_quota_monthly IS DISTINCT FROM 1000.25 ORDER BY name;
-- A guarded value that lies apart from its row is compared as well.
ALTER TABLE public.organizations ALTER COLUMN token_quota_monthly SET DEFAULT NULL, ALTER COLUMN type TYPE text, ALTER COLUMN type SET STORAGE EXTERNAL;
UPDATE public.organizations SET type = repeat('long ', 2000) WHERE name = 'one';
SET ROLE authenticated;
SELECT test.said('UPDATE public.organizations SET name = ''one'', type = repeat(''long '', 2000) WHERE name = ''one''') AS the_same, test.said('UPDATE public.organizations SET type = repeat(''long '', 1999) || ''lonG '' WHERE name = ''one''') AS another;
