-- An application's trigger admits inside its own INSERT: refused and rolled back together, admitted and committed together.
-- docs/guide.md shows this example.
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, daily_limit = 2 WHERE true;
CREATE SCHEMA app;
CREATE TABLE public.messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL DEFAULT auth.uid(), model_id text NOT NULL, body text NOT NULL, reservation_id uuid);
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own messages" ON public.messages TO authenticated USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));
GRANT SELECT, INSERT ON public.messages TO authenticated;
CREATE FUNCTION app.admit_message() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    NEW.reservation_id := (public.require_model_quota(NEW.user_id, NEW.model_id, length(NEW.body), 1000)).reservation_id;
    RETURN NEW;
END $$;
CREATE TRIGGER admit BEFORE INSERT ON public.messages FOR EACH ROW EXECUTE FUNCTION app.admit_message();
\connect - authenticator
BEGIN; SELECT test.request('authenticated', 'A'); INSERT INTO public.messages (model_id, body) VALUES ('acme/m1', 'one') RETURNING body, reservation_id IS NOT NULL AS reserved; COMMIT;
BEGIN; SELECT test.request('authenticated', 'A'); INSERT INTO public.messages (model_id, body) VALUES ('acme/m1', 'rolled back') RETURNING body; ROLLBACK;
BEGIN; SELECT test.request('authenticated', 'A'); INSERT INTO public.messages (model_id, body) VALUES ('acme/m1', 'two') RETURNING body; COMMIT;
BEGIN; SELECT test.request('authenticated', 'A'); SELECT left(test.outcome($$INSERT INTO public.messages (model_id, body) VALUES ('acme/m1', 'three')$$), 5); COMMIT;
BEGIN; SELECT test.request('authenticated', 'A'); SELECT left(test.outcome(format('INSERT INTO public.messages (user_id, model_id, body) VALUES (%L, ''acme/m1'', ''for another'')', test.id('B'))), 5); COMMIT;
-- All rows of a statement or none.
BEGIN; SELECT test.request('authenticated', 'B'); SELECT left(test.outcome($$INSERT INTO public.messages (model_id, body) SELECT 'acme/m1', n FROM generate_series(1, 3) AS n$$), 5); COMMIT;
\connect - postgres
SELECT body, reservation_id IS NOT NULL AS reserved FROM public.messages ORDER BY id;
SELECT u.subject = test.id('A') AS of_a, u.used, u.held FROM public.quota_usage AS u ORDER BY 1;
SELECT count(*) AS reservations FROM public.quota_reservations;
SELECT tokens FROM public.messages AS m CROSS JOIN LATERAL public.settle_model_quota(m.reservation_id, jsonb_build_object('total_tokens', length(m.body))) ORDER BY m.id;
SELECT * FROM public.verify_quota();
-- An initially deferred constraint on a table that the engine writes makes every write fail: the engine acts in a security-restricted
-- operation. install() refuses such tables; one that comes later is told by the server, and by verify().
CREATE FUNCTION app.later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON public.quota_reservations INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.later();
SELECT test.outcome($$SELECT public.reserve_model_quota(test.id('B'), 'acme/m1', 1, 1)$$);
DROP TRIGGER later ON public.quota_reservations;
SELECT allowed FROM public.reserve_model_quota(test.id('B'), 'acme/m1', 1, 1);
-- A deferrable constraint of the application's own table, whose trigger consumes, runs at its commit, and may refuse it.
CREATE FUNCTION app.admit_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT (public.consume_model_quota(NEW.user_id, NEW.model_id, 1)).allowed THEN
        RAISE SQLSTATE 'PT429' USING MESSAGE = 'no quota left';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER admit ON public.messages;
CREATE CONSTRAINT TRIGGER admit AFTER INSERT ON public.messages DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.admit_at_commit();
BEGIN; INSERT INTO public.messages (user_id, model_id, body) VALUES (test.id('B'), 'acme/m1', 'fits'); COMMIT;
\set VERBOSITY terse
BEGIN; INSERT INTO public.messages (user_id, model_id, body) VALUES (test.id('B'), 'acme/m1', 'does not'); COMMIT;
SELECT body FROM public.messages WHERE user_id = test.id('B') ORDER BY id;
SELECT * FROM public.verify_quota();
