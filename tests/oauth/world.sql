-- A member, a stand-in for Supabase's vault with keys that are made where they are kept, and functions of the application.
CREATE SCHEMA vault;
CREATE TABLE vault.secrets (name text PRIMARY KEY, secret text NOT NULL);
CREATE VIEW vault.decrypted_secrets AS SELECT s.name, reverse(s.secret) AS decrypted_secret FROM vault.secrets AS s;
INSERT INTO vault.secrets (name, secret)
SELECT n, encode(extensions.gen_random_bytes(32), 'hex') FROM unnest('{oauth tokens,literal,parameter,variable,app}'::text[]) AS n;
GRANT USAGE ON SCHEMA vault TO service_role;
GRANT SELECT ON vault.decrypted_secrets TO service_role;
-- Keys may as well be in a table of the application.
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO service_role;
CREATE TABLE app.keys AS SELECT s.name, s.decrypted_secret AS key FROM vault.decrypted_secrets AS s WHERE s.name = 'app';
GRANT SELECT ON app.keys TO service_role;

CREATE FUNCTION app.store_token(p_user uuid, p_mcp text, p_provider text, p_token text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.mcp_oauth_tokens (user_id, organization_id, mcp_name, oauth_provider, access_token)
    SELECT u.id, u.organization_id, p_mcp, p_provider,
           public.encrypt_token(p_token, (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens'))
      FROM public.users AS u WHERE u.id = p_user
    ON CONFLICT (user_id, mcp_name, oauth_provider) DO UPDATE SET access_token = EXCLUDED.access_token
$$;
CREATE FUNCTION app.token_of(p_user uuid, p_mcp text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    token text;
BEGIN
    SELECT public.decrypt_token(t.access_token, (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'oauth tokens'))
      INTO token FROM public.mcp_oauth_tokens AS t WHERE t.user_id = p_user AND t.mcp_name = p_mcp;
    RETURN token;
END $$;
-- As it should not be done: the key goes through a variable, which a nested statement then has for a parameter.
CREATE FUNCTION app.by_a_variable(p_token text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    key text := (SELECT s.decrypted_secret FROM vault.decrypted_secrets AS s WHERE s.name = 'variable');
BEGIN
    RETURN (SELECT count(public.encrypt_token(p_token, key)) FROM generate_series(1, 2));
END $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO service_role;

INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One');
INSERT INTO public.users (id, email, organization_id)
VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test', '10000000-0000-4000-8000-000000000001');
