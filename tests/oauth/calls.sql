-- The ways of calling that the guide shows, and ways in which they fail; as service_role, in a session of the application's server.
SET ROLE service_role;
SELECT app.store_token('00000000-0000-4000-8000-00000000000a', 'server', 'provider', 'the token');
SELECT app.token_of('00000000-0000-4000-8000-00000000000a', 'server') = 'the token';
SELECT public.encrypt_token('the token', (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens')) IS NOT NULL;
SELECT public.decrypt_token(t.access_token, s.decrypted_secret) = 'the token'
  FROM public.mcp_oauth_tokens AS t, vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens';
UPDATE public.mcp_oauth_tokens AS t SET refresh_token = public.encrypt_token('refresh', (SELECT k.key FROM app.keys AS k WHERE k.name = 'app'))
 WHERE t.mcp_name = 'server' RETURNING public.decrypt_token(t.refresh_token, (SELECT k.key FROM app.keys AS k WHERE k.name = 'app')) = 'refresh';
PREPARE by_name (text) AS SELECT public.decrypt_token(t.access_token, (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = $1)) = 'the token' FROM public.mcp_oauth_tokens AS t;
EXECUTE by_name ('oauth tokens');
-- What is wrong: another key, no token, and none of it a message.
SELECT public.decrypt_token(t.access_token, k.key) IS NULL FROM public.mcp_oauth_tokens AS t, app.keys AS k;
SELECT public.decrypt_token(x.garbage, (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens')) IS NULL
  FROM (VALUES ('no base64!'), ('c29tZXRoaW5nIGVsc2U='), ('')) AS x (garbage);
EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT public.decrypt_token(t.access_token, (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens')) FROM public.mcp_oauth_tokens AS t;
COPY (SELECT public.decrypt_token(t.access_token, (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens')) = 'the token' FROM public.mcp_oauth_tokens AS t) TO STDOUT;
-- Errors, each while a key is at hand.
\set ON_ERROR_STOP off
SELECT 1 / length(public.decrypt_token(public.encrypt_token('', s.decrypted_secret), s.decrypted_secret)) FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens';
SELECT public.encrypt_token(repeat('x', 20000000), (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens'));
SET statement_timeout = 300;
SELECT count(public.encrypt_token('the token', s.decrypted_secret)) FROM vault.decrypted_secrets AS s, generate_series(1, 1000000) WHERE s.name = 'oauth tokens';
SET statement_timeout = 0;
RESET ROLE;
SET ROLE authenticated;
SELECT public.encrypt_token('the token', (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens'));
