-- ESC-01, ESC-02: what the developer plants on his tables (a trigger, a view with a function) runs with his rights, whoever calls: not the superuser's, not the client's.
\set SHOW_CONTEXT never
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
CREATE TABLE public.seen (place text, who name, session name, superuser boolean, path text);
CREATE FUNCTION public.look(p_place text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE 'ALTER ROLE postgres SUPERUSER';
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
    INSERT INTO public.seen VALUES (p_place, current_user, session_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), current_setting('search_path'));
END $$;
CREATE FUNCTION public.look_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM public.look(TG_TABLE_NAME); RETURN NEW; END $$;
CREATE TRIGGER look BEFORE INSERT OR UPDATE ON public.model_access FOR EACH STATEMENT EXECUTE FUNCTION public.look_trigger();
CREATE TRIGGER look BEFORE INSERT ON public.model_sync_log FOR EACH STATEMENT EXECUTE FUNCTION public.look_trigger();
CREATE TRIGGER look BEFORE UPDATE ON public.model_catalogue_version FOR EACH STATEMENT EXECUTE FUNCTION public.look_trigger();
-- The superuser calls; then a signed-in admin.
\connect - supabase_admin
SELECT public.sync_openrouter_models(test.feed(4)) ->> 'success' AS success;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT public.update_model_tier_access('acme/m1', true, true, true, 'active') ->> 'success' AS success;
SELECT current_user, current_setting('search_path') AS path;
COMMIT;
\connect - postgres
SELECT place, who, session, superuser, path FROM public.seen GROUP BY 1, 2, 3, 4, 5 ORDER BY place COLLATE "C", session COLLATE "C";
SELECT rolsuper AS developer_is_superuser FROM pg_roles WHERE rolname = 'postgres';
-- ESC-02: profiles replaced by a view of his.
BEGIN;
ALTER TABLE public.profiles RENAME TO people;
CREATE FUNCTION public.peek(uuid) RETURNS varchar LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_read_only') = 'off' THEN RAISE WARNING 'the view runs as %, superuser %', current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user); END IF;
    RETURN 'enterprise';
END $$;
CREATE VIEW public.profiles AS SELECT p.id, p.email, public.peek(p.id) AS subscription_tier, p.role, p.account_type FROM public.people AS p;
COMMIT;
\connect - supabase_admin
SELECT public.can_user_use_model(test.id('A'), 'acme/m1') AS may;
-- What the planted code may not do while it runs for somebody else.
\connect - postgres
CREATE OR REPLACE FUNCTION public.peek(uuid) RETURNS varchar LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('role', 'supabase_admin', false); RETURN 'enterprise'; END $$;
\connect - supabase_admin
SELECT left(test.outcome($$SELECT public.can_user_use_model(test.id('A'), 'acme/m1')$$), 5) AS outcome;
\connect - postgres
CREATE OR REPLACE FUNCTION public.peek(uuid) RETURNS varchar LANGUAGE plpgsql AS $$ BEGIN SET SESSION AUTHORIZATION supabase_admin; RETURN 'enterprise'; END $$;
\connect - supabase_admin
SELECT left(test.outcome($$SELECT public.can_user_use_model(test.id('A'), 'acme/m1')$$), 5) AS outcome;
SELECT current_user, session_user;
