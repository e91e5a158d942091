-- Who sees which rows of ai_usage, and that nobody writes them: the owner of a row, others, moderator and admin of user_profiles, admin of an organisation, service_role, anon.
INSERT INTO public.organizations (id, name) VALUES (test.id('X'), 'Org');
UPDATE public.profiles SET organization_id = test.id('X') WHERE id IN (test.id('P'), test.id('B'));
INSERT INTO public.user_profiles (id, username, email, role) VALUES (test.id('A'), 'ann', NULL, DEFAULT), (test.id('T'), 'tom', 't@example.test', 'moderator'), (test.id('S'), 'sue', 's@example.test', 'admin'), (test.id('N'), NULL, NULL, NULL);
INSERT INTO public.ai_usage (user_id, organization_id, model, tokens_used) VALUES (test.id('A'), NULL, 'acme/of-a', 10), (test.id('B'), test.id('X'), 'acme/of-b', 20), (test.id('B'), NULL, 'acme/of-b-alone', 30);
CREATE FUNCTION test.matrix() RETURNS TABLE (who text, role text, is text, sees text, total text) LANGUAGE plpgsql AS $$
BEGIN
    FOR who, role, is IN VALUES ('A', 'authenticated', 'owner of a row'), ('B', 'authenticated', 'owner of two'), ('T', 'authenticated', 'moderator'), ('S', 'authenticated', 'admin of user_profiles'),
                                ('P', 'authenticated', 'admin of an organisation'), ('N', 'authenticated', 'without a role'), ('X', 'authenticated', 'nobody'), (NULL, 'authenticated', 'without sub'),
                                ('S', 'anon', 'anon with the claims of an admin'), (NULL, 'service_role', 'the server') LOOP
        PERFORM test.request(role, who);
        BEGIN
            SELECT coalesce(string_agg(u.model, ', ' ORDER BY u.model COLLATE "C"), 'nothing') INTO sees FROM public.ai_usage AS u;
        EXCEPTION WHEN insufficient_privilege THEN sees := 'refused';
        END;
        BEGIN
            SELECT t::text INTO total FROM public.ai_usage_totals AS t;
        EXCEPTION WHEN insufficient_privilege THEN total := 'refused';
        END;
        RETURN NEXT;
        PERFORM set_config('role', 'none', true);
    END LOOP;
END $$;
BEGIN; SELECT * FROM test.matrix(); ROLLBACK;
-- A demoted admin sees his own again.
BEGIN; UPDATE public.user_profiles SET role = 'user' WHERE id = test.id('S'); SELECT who, sees FROM test.matrix() WHERE who = 'S' AND role = 'authenticated'; ROLLBACK;
-- Nobody writes, whatever policy stands; the owner of the tables is no client.
CREATE FUNCTION test.writes() RETURNS TABLE (who text, role text, command text, outcome text) LANGUAGE plpgsql AS $$
BEGIN
    FOR who, role, command IN
        SELECT w.who, w.role, c.command
          FROM (VALUES (1, 'A', 'authenticated'), (2, 'S', 'authenticated'), (3, NULL, 'anon'), (4, NULL, 'service_role')) AS w (place, who, role)
         CROSS JOIN (VALUES (1, $q$INSERT INTO public.ai_usage (user_id, model) VALUES (test.id('B'), 'acme/forged')$q$), (2, 'UPDATE public.ai_usage SET tokens_used = 0 WHERE true'), (3, 'DELETE FROM public.ai_usage WHERE true')) AS c (place, command)
         ORDER BY w.place, c.place LOOP
        PERFORM test.request(role, who);
        outcome := test.outcome(command);
        RETURN NEXT;
        PERFORM set_config('role', 'none', true);
    END LOOP;
END $$;
BEGIN; SELECT * FROM test.writes(); ROLLBACK;
-- The policy that lets the server insert stands by its name; with the privilege, by its word, and for nobody else.
SELECT policyname, cmd, roles, qual, with_check FROM pg_policies WHERE tablename = 'ai_usage' ORDER BY policyname COLLATE "C";
BEGIN;
GRANT INSERT ON public.ai_usage TO anon, authenticated, service_role;
SELECT who, role, left(outcome, 80) AS outcome FROM test.writes() WHERE command LIKE 'INSERT%';
ROLLBACK;
-- The engine writes.
SELECT public.sync_openrouter_models(test.feed(1)) ->> 'models_added' AS added;
SELECT tokens FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 5}');
-- What the guide watches.
SELECT * FROM public.ai_usage_totals;
SELECT * FROM public.user_role_distribution;
SELECT schemaname, tablename, indexname, times_used >= 0 AS times_used, rows_read >= 0 AS rows_read FROM public.user_profiles_role_index_usage;
SELECT v.name, r.rolname, has_table_privilege(r.oid, 'public.' || v.name, 'SELECT') AS reads, has_table_privilege(r.oid, 'public.' || v.name, 'INSERT, UPDATE, DELETE') AS writes
  FROM (VALUES ('ai_usage_totals'), ('user_role_distribution'), ('user_profiles_role_index_usage')) AS v (name), pg_roles AS r WHERE r.rolname IN ('anon', 'authenticated', 'service_role') ORDER BY 1, 2;
