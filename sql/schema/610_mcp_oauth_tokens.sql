-- Tokens of OAuth providers, one per member, MCP server and provider, as encrypt_token() leaves them. The server keeps them.

SELECT model_access.note_table('mcp_oauth_tokens');
CREATE TABLE IF NOT EXISTS public.mcp_oauth_tokens (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    mcp_name text NOT NULL,
    oauth_provider text NOT NULL,
    access_token text NOT NULL
);

ALTER TABLE public.mcp_oauth_tokens
    ADD COLUMN IF NOT EXISTS organization_id uuid,
    ADD COLUMN IF NOT EXISTS oauth_provider text,
    ADD COLUMN IF NOT EXISTS refresh_token text,
    ADD COLUMN IF NOT EXISTS expires_at timestamptz,
    ADD COLUMN IF NOT EXISTS token_type text DEFAULT 'Bearer',
    ADD COLUMN IF NOT EXISTS scope text DEFAULT '',
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();

-- In an older table the provider has another name, and the organisation is only known of the member.
DO $$
BEGIN
    UPDATE public.mcp_oauth_tokens AS t SET organization_id = u.organization_id
      FROM public.users AS u WHERE u.id = t.user_id AND t.organization_id IS NULL;
    IF EXISTS (SELECT FROM pg_attribute AS a
                WHERE a.attrelid = 'public.mcp_oauth_tokens'::regclass AND a.attname = 'provider' AND NOT a.attisdropped) THEN
        UPDATE public.mcp_oauth_tokens AS t SET oauth_provider = t.provider WHERE t.oauth_provider IS NULL;
    END IF;
    IF EXISTS (SELECT FROM public.mcp_oauth_tokens AS t WHERE t.organization_id IS NULL OR t.oauth_provider IS NULL) THEN
        RAISE WARNING 'rows of mcp_oauth_tokens have no organisation or no provider'
            USING HINT = 'Members do not see them: say whose they are or delete them, then run install() again.';
    ELSE
        ALTER TABLE public.mcp_oauth_tokens ALTER COLUMN organization_id SET NOT NULL, ALTER COLUMN oauth_provider SET NOT NULL;
    END IF;
END $$;

CREATE INDEX IF NOT EXISTS idx_mcp_oauth_tokens_user_id ON public.mcp_oauth_tokens (user_id);
CREATE INDEX IF NOT EXISTS idx_mcp_oauth_tokens_organization_id ON public.mcp_oauth_tokens (organization_id);
CREATE INDEX IF NOT EXISTS idx_mcp_oauth_tokens_expires_at ON public.mcp_oauth_tokens (expires_at);
CREATE INDEX IF NOT EXISTS idx_mcp_oauth_tokens_mcp_name ON public.mcp_oauth_tokens (mcp_name);

-- As in 575_tenancy_updated_at.sql: a function of another kind, or of another owner, would see the tokens.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_proc AS p
                WHERE p.oid = to_regprocedure('public.update_updated_at_column()') AND p.proowner = quote_ident(current_user)::regrole
                  AND regexp_replace(lower(p.prosrc), '\s|pg_catalog\.|:|;', '', 'g') = 'beginnew.updated_at=now()returnnewend') THEN
        CREATE OR REPLACE TRIGGER update_mcp_oauth_tokens_updated_at
            BEFORE UPDATE ON public.mcp_oauth_tokens FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
    ELSE
        IF 'mcp_oauth_tokens' = ANY ((SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
            DROP TRIGGER IF EXISTS update_mcp_oauth_tokens_updated_at ON public.mcp_oauth_tokens;
        END IF;
        RAISE WARNING 'updated_at of mcp_oauth_tokens is not kept'
            USING DETAIL = 'public.update_updated_at_column() is another function than ours.',
                  HINT = 'Rename it, then run install() again; or write updated_at in the application.';
    END IF;
END $$;

ALTER TABLE public.mcp_oauth_tokens ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.mcp_oauth_tokens FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.mcp_oauth_tokens TO service_role;
-- A member sees that there is a token, and may take it away. He reads no token, not even an encrypted one, and writes none:
-- what is stored the server has from the provider.
GRANT SELECT (id, user_id, organization_id, mcp_name, oauth_provider, expires_at, token_type, scope, created_at, updated_at), DELETE
    ON TABLE public.mcp_oauth_tokens TO authenticated;

-- As in 600_oauth_states.sql. The policies for writing stand for the seed's names; the privilege is given to nobody.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS mcp_oauth_tokens_view_own ON public.mcp_oauth_tokens;
    CREATE POLICY mcp_oauth_tokens_view_own ON public.mcp_oauth_tokens FOR SELECT TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS mcp_oauth_tokens_insert_own ON public.mcp_oauth_tokens;
    CREATE POLICY mcp_oauth_tokens_insert_own ON public.mcp_oauth_tokens FOR INSERT TO authenticated
        WITH CHECK (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS mcp_oauth_tokens_update_own ON public.mcp_oauth_tokens;
    CREATE POLICY mcp_oauth_tokens_update_own ON public.mcp_oauth_tokens FOR UPDATE TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()))
        WITH CHECK (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS mcp_oauth_tokens_delete_own ON public.mcp_oauth_tokens;
    CREATE POLICY mcp_oauth_tokens_delete_own ON public.mcp_oauth_tokens FOR DELETE TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
END $$;

COMMENT ON TABLE public.mcp_oauth_tokens IS 'Tokens of OAuth providers for MCP servers, encrypted, one per member, server and provider.';
COMMENT ON COLUMN public.mcp_oauth_tokens.id IS 'Key.';
COMMENT ON COLUMN public.mcp_oauth_tokens.user_id IS 'The member: users.id.';
COMMENT ON COLUMN public.mcp_oauth_tokens.organization_id IS 'The organisation that the member belonged to when it was given.';
COMMENT ON COLUMN public.mcp_oauth_tokens.mcp_name IS 'The MCP server that it is for.';
COMMENT ON COLUMN public.mcp_oauth_tokens.oauth_provider IS 'The OAuth provider that gave it.';
COMMENT ON COLUMN public.mcp_oauth_tokens.access_token IS 'The token, encrypted with encrypt_token(). Clients cannot read it.';
COMMENT ON COLUMN public.mcp_oauth_tokens.refresh_token IS 'What a new one is got with, encrypted likewise. Clients cannot read it.';
COMMENT ON COLUMN public.mcp_oauth_tokens.expires_at IS 'Until when the access token is good; NULL for ever.';
COMMENT ON COLUMN public.mcp_oauth_tokens.token_type IS 'How it is sent.';
COMMENT ON COLUMN public.mcp_oauth_tokens.scope IS 'What it is good for, in the provider''s words.';
COMMENT ON COLUMN public.mcp_oauth_tokens.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.mcp_oauth_tokens.updated_at IS 'When the row was last changed.';
