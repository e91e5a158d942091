-- ESC-03: operators, casts and functions that a caller plants before pg_catalog in his search_path never run inside the engine.
\set SHOW_CONTEXT never
SELECT test.feed(11) || test.feed(1, 'acme', 20) AS feed, test.id('B') AS b, test.id('N') AS n \gset
SELECT public.sync_openrouter_models(test.feed(12)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true WHERE model_id = 'acme/m1';
CREATE SCHEMA evil AUTHORIZATION authenticated;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE TABLE public.before AS SELECT test.catalogue_hash() AS hash;
-- The application's: a default that finds what it calls by name, of a column that clients may not set to anything else.
CREATE FUNCTION public.first_credits() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN now() > '2020-01-01' THEN 0 END; END $$;
ALTER TABLE public.profiles ALTER COLUMN credits SET DEFAULT public.first_credits();
\connect - supabase_admin
-- Supabase's auth.uid() finds its operators by the caller's path, in the caller's name; bound ones keep this test to ours.
CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE BEGIN ATOMIC SELECT (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid; END;
CREATE OR REPLACE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'; END;
SET SESSION AUTHORIZATION authenticated;
CREATE FUNCTION evil.ran() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'evil code ran as %', current_user; END $$;
CREATE FUNCTION evil.eq(uuid, uuid) RETURNS boolean LANGUAGE sql AS 'SELECT evil.ran()';
CREATE FUNCTION evil.eq(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT evil.ran()';
CREATE FUNCTION evil.eq(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT evil.ran()';
CREATE FUNCTION evil.eq(varchar, text) RETURNS boolean LANGUAGE sql AS 'SELECT evil.ran()';
CREATE FUNCTION evil.eq(name, name) RETURNS boolean LANGUAGE sql AS 'SELECT evil.ran()';
CREATE FUNCTION evil.eq(oid, oid) RETURNS boolean LANGUAGE sql AS 'SELECT evil.ran()';
CREATE FUNCTION evil.eq(smallint, smallint) RETURNS boolean LANGUAGE sql AS 'SELECT evil.ran()';
CREATE OPERATOR evil.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = evil.eq);
CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.eq);
CREATE OPERATOR evil.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = evil.eq);
CREATE OPERATOR evil.= (LEFTARG = varchar, RIGHTARG = text, FUNCTION = evil.eq);
CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.eq);
CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.eq);
CREATE OPERATOR evil.= (LEFTARG = smallint, RIGHTARG = smallint, FUNCTION = evil.eq);
CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT evil.ran(); SELECT pg_catalog.now()';
CREATE FUNCTION evil.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS 'SELECT evil.ran()::text';
CREATE FUNCTION evil.max(timestamptz) RETURNS timestamptz LANGUAGE sql AS 'SELECT evil.ran(); SELECT pg_catalog.now()';
CREATE FUNCTION evil.pg_get_expr(pg_node_tree, oid) RETURNS text LANGUAGE sql AS 'SELECT evil.ran()::text';
CREATE FUNCTION evil.uid() RETURNS uuid LANGUAGE sql AS 'SELECT evil.ran(); SELECT NULL::uuid';
CREATE DOMAIN evil.uuid AS text CHECK (evil.ran());
CREATE DOMAIN evil.jsonb AS text CHECK (evil.ran());
CREATE TABLE evil.model_access AS SELECT 'mine'::varchar AS model_id;
CREATE TABLE evil.profiles AS SELECT 'enterprise'::varchar AS subscription_tier;
GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC;
SET search_path = evil, pg_catalog, public;
-- The trap works.
SELECT 'a'::text = 'b'::text;
SELECT now();
RESET SESSION AUTHORIZATION;
-- A user, a new one and an administrator call with that path.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SET LOCAL search_path = evil, pg_catalog, public;
SELECT model_id FROM public.get_user_allowed_models_v2();
SELECT public.can_user_use_model(NULL, 'acme/m1') AS may, public.model_access_is_admin() AS admin;
SELECT count(*) AS models_seen FROM public.model_access;
UPDATE public.profiles SET full_name = 'Ann' RETURNING full_name;
SAVEPOINT s;
SELECT public.can_user_use_model(:'b', 'acme/m1');
ROLLBACK TO s;
UPDATE public.profiles SET role = 'superadmin';
ROLLBACK TO s;
SELECT public.sync_openrouter_models(:'feed');
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'N');
SET LOCAL search_path = evil, pg_catalog, public;
INSERT INTO public.profiles (id, email, credits) VALUES (:'n', 'n@example.test', 0) RETURNING subscription_tier, credits;
ROLLBACK;
BEGIN;
SELECT test.request('authenticated', 'S');
SET LOCAL search_path = evil, pg_catalog, public;
SELECT public.model_access_is_admin() AS admin, public.update_model_tier_access('acme/m1', NULL, NULL, NULL, 'disabled') ->> 'success' AS tiers;
SELECT answer ->> 'success' AS success, answer ->> 'models_added' AS added, answer ->> 'models_marked_inactive' AS inactive FROM public.sync_openrouter_models(:'feed') AS answer;
SELECT count(*) AS runs_seen FROM public.model_sync_log;
SELECT current_setting('search_path') AS path;
ROLLBACK;
-- The owner's own calls.
\connect - postgres
ALTER TABLE public.profiles ALTER COLUMN credits SET DEFAULT 0;
SET search_path = evil, pg_catalog, public;
SELECT count(*) > 0 AS some, bool_and(action OPERATOR(pg_catalog.=) 'kept') AS kept FROM model_access.install();
SELECT count(*) > 0 AS some, bool_and(ok) AS ok FROM model_access.verify();
SELECT model_access.make_wrapper('can_user_use_model');
RESET search_path;
SELECT test.catalogue_hash() = hash AS unchanged FROM public.before;
SET search_path = evil, pg_catalog, public;
SELECT count(*) > 0 AS some, bool_and(action OPERATOR(pg_catalog.=) 'dropped') AS dropped FROM model_access.uninstall();
