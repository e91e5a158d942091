-- database: supabase
-- Tables of an older application keep their rows: states without an end, tokens with a provider of another name and without their organisation.
CREATE EXTENSION model_access;
SELECT count(*) > 0 AS members FROM model_access.install('{tenancy}');
INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One');
INSERT INTO public.users (id, email, organization_id) SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, n || '@example.test', '10000000-0000-4000-8000-000000000001' FROM unnest('{a,b}'::text[]) AS n;
CREATE TABLE public.oauth_state (id uuid PRIMARY KEY, state text);
CREATE TABLE public.oauth_states (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, state varchar(200) NOT NULL UNIQUE, code_verifier text, provider text NOT NULL, mcp_name text NOT NULL, redirect_uri text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE public.mcp_oauth_tokens (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, mcp_name text NOT NULL, provider text NOT NULL, access_token text NOT NULL, refresh_token text, theirs text, UNIQUE (user_id, mcp_name));
-- One key of theirs is ours under another name, another has our name and lets tokens stand.
ALTER TABLE public.oauth_states ADD CONSTRAINT states_of_users FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE NOT VALID;
ALTER TABLE public.mcp_oauth_tokens ADD CONSTRAINT mcp_oauth_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) NOT VALID;
SET session_replication_role = replica;
INSERT INTO public.oauth_states (user_id, state, code_verifier, provider, mcp_name, redirect_uri, created_at) VALUES
    ('00000000-0000-4000-8000-00000000000a', 'old', 'x', 'x', 'x', 'x', '2026-01-01 00:00+00'), ('00000000-0000-4000-8000-00000000000a', 'without', NULL, 'x', 'x', 'x', '2026-01-01 00:00+00'), ('00000000-0000-4000-8000-00000000000f', 'of nobody', 'x', ' ', 'x', 'x', '2026-01-01 00:00+00');
INSERT INTO public.mcp_oauth_tokens (user_id, mcp_name, provider, access_token) VALUES ('00000000-0000-4000-8000-00000000000a', 'server', 'github', 'x'), ('00000000-0000-4000-8000-00000000000f', 'server', 'github', 'of nobody');
SET session_replication_role = origin;
CREATE POLICY oauth_states_manage_own ON public.oauth_states USING (true);
GRANT SELECT ON public.oauth_states, public.mcp_oauth_tokens TO authenticated;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT s.state, s.expires_at = s.created_at + interval '5 minutes' AS five_minutes, s.used FROM public.oauth_states AS s ORDER BY s.state COLLATE "C";
SELECT t.user_id, t.organization_id, t.provider, t.oauth_provider, t.token_type FROM public.mcp_oauth_tokens AS t ORDER BY t.user_id;
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok ORDER BY check_name COLLATE "C";
SELECT has_column_privilege('authenticated', 'public.oauth_states', 'code_verifier', 'SELECT') AS verifier, has_column_privilege('authenticated', 'public.mcp_oauth_tokens', 'access_token', 'SELECT') AS token, has_column_privilege('authenticated', 'public.mcp_oauth_tokens', 'theirs', 'SELECT') AS theirs;
-- Mended as the HINTs say, everything is as it should be but for the column's type.
DELETE FROM public.oauth_states WHERE code_verifier IS NULL OR state = 'of nobody';
DELETE FROM public.mcp_oauth_tokens WHERE access_token = 'of nobody';
ALTER TABLE public.oauth_states VALIDATE CONSTRAINT states_of_users;
ALTER TABLE public.oauth_states VALIDATE CONSTRAINT oauth_states_provider_check;
ALTER TABLE public.mcp_oauth_tokens DROP CONSTRAINT mcp_oauth_tokens_user_id_fkey;
SELECT count(*) > 0 AS again FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok ORDER BY check_name COLLATE "C";
UPDATE public.oauth_states SET expires_at = '2999-01-01' WHERE state = 'old';
SELECT public.consume_oauth_state('old') ->> 'provider' AS burned, public.consume_oauth_state('old') AS again;
-- The way back brings policy and privileges; rows and columns stay, and their function too.
SELECT object, action FROM model_access.uninstall('{oauth}') WHERE object LIKE 'table%' OR object LIKE 'policy%' OR object LIKE 'trigger%' ORDER BY object COLLATE "C", action;
SELECT p.polname, pg_get_expr(p.polqual, p.polrelid) AS rule FROM pg_policy AS p WHERE p.polrelid = 'public.oauth_states'::regclass;
SELECT has_table_privilege('authenticated', 'public.oauth_states', 'SELECT') AS states, has_table_privilege('authenticated', 'public.mcp_oauth_tokens', 'SELECT') AS tokens, to_regprocedure('public.update_updated_at_column()') IS NOT NULL AS function, to_regclass('public.oauth_state') IS NOT NULL AS singular;
-- What cannot be made fit is refused before anything changes.
ALTER TABLE public.oauth_states RENAME COLUMN code_verifier TO verifier;
ALTER TABLE public.oauth_states DROP CONSTRAINT oauth_states_state_key;
SELECT count(*) FROM model_access.install();
