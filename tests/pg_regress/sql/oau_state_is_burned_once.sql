-- A state is given out once; used, expired and unknown ones are the same nothing.
SET TimeZone = 'America/New_York';
INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One');
INSERT INTO public.users (id, email, organization_id) VALUES (test.id('A'), 'a@example.test', '10000000-0000-4000-8000-000000000001');
CREATE FUNCTION test.state(p_state text, p_expires timestamptz, p_used boolean DEFAULT false) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.oauth_states (id, user_id, state, code_verifier, provider, mcp_name, redirect_uri, created_at, expires_at, used)
    VALUES ('20000000-0000-4000-8000-000000000001', test.id('A'), p_state, 'the ''verifier''', 'provider ü', 'server', 'https://example.test/cb?a=1&b=2', '2026-01-02 03:04:05.678+00', p_expires, p_used)
    ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, expires_at = EXCLUDED.expires_at, used = EXCLUDED.used
$$;
SELECT test.state('fresh', '2999-01-01 00:00+00');
SELECT jsonb_pretty(public.consume_oauth_state('fresh')) AS first;
SELECT public.consume_oauth_state('fresh') AS second, s.used FROM public.oauth_states AS s;
SELECT test.state('used', '2999-01-01', true), test.state('used', '2999-01-01', true);
SELECT public.consume_oauth_state('used') AS used;
SELECT test.state('expired', '2026-02-01');
SELECT public.consume_oauth_state('expired') AS expired, s.used FROM public.oauth_states AS s;
SELECT public.consume_oauth_state('unknown') AS unknown, public.consume_oauth_state('') AS empty, public.consume_oauth_state(NULL) AS no_state, public.consume_oauth_state('EXPIRED') AS other_letters, public.consume_oauth_state('exp%') AS pattern,
       public.consume_oauth_state(repeat('x', 1000000)) AS long;
SELECT test.outcome($$SELECT public.consume_oauth_state('used')$$) AS used, test.outcome($$SELECT public.consume_oauth_state('expired')$$) AS expired, test.outcome($$SELECT public.consume_oauth_state('unknown')$$) AS unknown;
-- Without end it lives.
SELECT test.state('for ever', 'infinity');
SELECT public.consume_oauth_state('for ever') -> 'expires_at' AS without_end;
-- The instant is the clock's, not the transaction's, which may have begun long ago.
BEGIN;
SELECT test.state('short', now() + interval '100 milliseconds');
SELECT pg_sleep(0.15);
SELECT public.consume_oauth_state('short') AS over, s.expires_at > now() AS not_by_the_transaction FROM public.oauth_states AS s;
ROLLBACK;
-- A call that is rolled back did not burn it; within one statement and one transaction it is burned once too.
SELECT test.state('again', '2999-01-01');
BEGIN;
SELECT public.consume_oauth_state('again') IS NOT NULL AS burned;
ROLLBACK;
SELECT count(*) AS calls, count(public.consume_oauth_state('again')) AS burned FROM generate_series(1, 5);
-- Who calls: the server and nobody else, whoever's the state is.
SELECT test.state('mine', '2999-01-01');
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SAVEPOINT s;
SELECT public.consume_oauth_state('mine');
ROLLBACK TO s;
SELECT model_access.consume_oauth_state('mine');
ROLLBACK;
BEGIN;
SELECT test.request('service_role');
SELECT public.consume_oauth_state('mine') ->> 'user_id' = test.id('A')::text AS for_service_role;
COMMIT;
BEGIN READ ONLY;
SELECT test.request('service_role');
SELECT test.outcome($$SELECT public.consume_oauth_state('mine')$$) AS by_get;
ROLLBACK;
\connect - postgres
-- Of somebody who is no member any more it is worth nothing, and he reaches it no longer.
INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri)
VALUES (test.id('A'), 'left', 'v', 'github', 'server', 'https://example.test/back');
UPDATE public.users SET is_active = false WHERE id = test.id('A');
SELECT public.consume_oauth_state('left') IS NULL AS refused;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT count(s.id) AS his FROM public.oauth_states AS s;
ROLLBACK;
UPDATE public.users SET is_active = true WHERE id = test.id('A');
SELECT public.consume_oauth_state('left') IS NOT NULL AS burned;
