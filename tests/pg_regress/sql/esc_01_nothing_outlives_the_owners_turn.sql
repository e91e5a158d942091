-- ESC-01: what the developer plants can leave nothing that runs or stays when the caller, a superuser perhaps, is himself again: no deferred trigger, no cursor, no temporary table, no role.
\set SHOW_CONTEXT never
CREATE TABLE public.seen (attempt text, outcome text, who name);
CREATE TABLE public.later (n integer);
CREATE FUNCTION public.note_who() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES ('the deferred trigger ran', '', current_user); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON public.later DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note_who();
CREATE FUNCTION public.attempt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE statement text;
BEGIN
    FOREACH statement IN ARRAY ARRAY['INSERT INTO public.later VALUES (1)', 'DECLARE held CURSOR WITH HOLD FOR SELECT public.attempt()', 'CREATE TEMP TABLE pg_class (n integer)', 'LISTEN everything',
                                     'SET ROLE supabase_admin', 'RESET SESSION AUTHORIZATION', 'RESET ROLE'] LOOP
        BEGIN
            EXECUTE statement;
            INSERT INTO public.seen VALUES (statement, 'done', current_user);
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO public.seen VALUES (statement, SQLSTATE || ' ' || SQLERRM, current_user);
        END;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER attempt AFTER INSERT ON public.model_sync_log FOR EACH STATEMENT EXECUTE FUNCTION public.attempt();
\connect - supabase_admin
BEGIN;
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'success' AS success;
COMMIT;
SELECT current_user, session_user, (SELECT count(*) FROM pg_cursors) AS cursors, (SELECT count(*) FROM pg_listening_channels()) AS channels, to_regclass('pg_temp.pg_class') AS temporary;
SELECT attempt, outcome, who FROM public.seen ORDER BY attempt COLLATE "C";
