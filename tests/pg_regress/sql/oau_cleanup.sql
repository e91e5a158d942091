-- Cleaning takes what expired, by expires_at and the clock: states at once, tokens after seven days of 24 hours.
SET TimeZone = 'America/New_York';
INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One');
INSERT INTO public.users (id, email, organization_id) VALUES (test.id('A'), 'a@example.test', '10000000-0000-4000-8000-000000000001');
INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri, created_at, expires_at, used)
SELECT test.id('A'), x.state, 'x', 'x', 'x', 'x', now() - interval '1 day', now() + x.ends, x.used
  FROM (VALUES ('over for a second', interval '-1 second', false), ('over and used', '-1 hour', true), ('used and not over', '1 hour', true), ('begun a day ago and not over', '1 hour', false)) AS x (state, ends, used);
INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token, refresh_token, expires_at)
SELECT test.id('A'), '10000000-0000-4000-8000-000000000001', x.name, 'x', 'x', x.refresh, now() + x.ends
  FROM (VALUES ('good', interval '1 hour', NULL), ('over for a second', '-1 second', NULL), ('over for 167 hours and 59 minutes', '-167:59:00', NULL), ('over for 168 hours and a second', '-168:00:01', NULL),
               ('over for 200 hours, refreshable', '-200 hours', 'x'), ('for ever', NULL, NULL)) AS x (name, ends, refresh);
\connect - authenticator
BEGIN;
SELECT test.request('service_role');
SELECT public.cleanup_expired_oauth_states();
SELECT public.cleanup_expired_oauth_tokens();
COMMIT;
\connect - postgres
SELECT s.state AS left_of_states FROM public.oauth_states AS s ORDER BY s.state;
SELECT t.mcp_name AS left_of_tokens FROM public.mcp_oauth_tokens AS t ORDER BY t.mcp_name;
-- By the clock: a transaction that is older than the end of a state cleans it.
BEGIN;
UPDATE public.oauth_states SET expires_at = now() + interval '100 milliseconds' WHERE state = 'used and not over';
SELECT pg_sleep(0.15);
SELECT model_access.cleanup_expired_oauth_states();
SELECT s.state AS left_of_states FROM public.oauth_states AS s ORDER BY s.state;
ROLLBACK;
