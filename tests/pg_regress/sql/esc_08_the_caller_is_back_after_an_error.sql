-- ESC-08: whatever fails while the engine acts as the owner, afterwards the caller is himself: role, path, claims and rights.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'failed as %', current_user USING ERRCODE = current_setting('test.code'); END $$;
CREATE TRIGGER fail BEFORE UPDATE ON public.model_access FOR EACH ROW EXECUTE FUNCTION public.fail();
CREATE FUNCTION test.self() RETURNS text LANGUAGE sql AS $$
    SELECT format('%s, path %s, %s', current_user, current_setting('search_path'), left(test.outcome('UPDATE public.model_access_settings SET max_inactive_percent = 1 WHERE singleton'), 5))
$$;
\connect - authenticator
SET search_path = test, public;
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT test.self();
-- Raised through a savepoint.
SET LOCAL test.code = '22000';
SAVEPOINT s;
SELECT public.update_model_tier_access('acme/m1', true);
ROLLBACK TO s;
SELECT test.self();
-- Through an exception block, and in one that sync opens itself.
SELECT test.outcome($$SELECT public.update_model_tier_access('acme/m1', true)$$);
SELECT test.self();
SELECT answer ->> 'error' AS error FROM public.sync_openrouter_models(test.feed(2)) AS answer;
SELECT test.self();
-- Raised again by sync: a serialization failure; a cancel by statement_timeout.
SET LOCAL test.code = '40001';
SAVEPOINT s;
SELECT public.sync_openrouter_models(test.feed(2));
ROLLBACK TO s;
SELECT test.self();
ROLLBACK;
-- After an abort of the whole transaction the login role is back.
BEGIN;
SELECT test.request('authenticated', 'S');
SET LOCAL test.code = '40001';
SELECT public.sync_openrouter_models(test.feed(2));
SELECT 1;
ROLLBACK;
SELECT current_user, current_setting('search_path') AS path, current_setting('request.jwt.claims') AS claims;
-- A cancel while the owner's trigger runs.
\connect - postgres
CREATE OR REPLACE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'S');
SET LOCAL statement_timeout = '200ms';
SAVEPOINT s;
SELECT public.sync_openrouter_models(test.feed(2));
ROLLBACK TO s;
SELECT test.self();
ROLLBACK;
