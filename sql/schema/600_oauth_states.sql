-- Logins at OAuth providers that are on their way: what the provider's answer must bring back, once, and what the server
-- proves with that it began them. The server makes and burns them.

SELECT model_access.note_table('oauth_states');
CREATE TABLE IF NOT EXISTS public.oauth_states (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    state text NOT NULL UNIQUE,
    code_verifier text NOT NULL,
    provider text NOT NULL,
    mcp_name text NOT NULL,
    redirect_uri text NOT NULL
);

ALTER TABLE public.oauth_states
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS expires_at timestamptz,
    ADD COLUMN IF NOT EXISTS used boolean NOT NULL DEFAULT false;

-- A table of the time before expires_at took a state for five minutes; so what does not name an end lives as long.
UPDATE public.oauth_states AS s SET expires_at = s.created_at + interval '5 minutes' WHERE s.expires_at IS NULL;
ALTER TABLE public.oauth_states
    ALTER COLUMN expires_at SET DEFAULT now() + interval '5 minutes', ALTER COLUMN expires_at SET NOT NULL;
DO $$
BEGIN
    IF EXISTS (SELECT FROM public.oauth_states AS s WHERE s.code_verifier IS NULL) THEN
        RAISE WARNING 'rows of oauth_states have no code_verifier'
            USING HINT = 'These logins cannot be completed safely: delete them, then run install() again.';
    ELSE
        ALTER TABLE public.oauth_states ALTER COLUMN code_verifier SET NOT NULL;
    END IF;
END $$;

CREATE INDEX IF NOT EXISTS idx_oauth_states_state ON public.oauth_states (state);
CREATE INDEX IF NOT EXISTS idx_oauth_states_user_id ON public.oauth_states (user_id);
CREATE INDEX IF NOT EXISTS idx_oauth_states_expires_at ON public.oauth_states (expires_at);
CREATE INDEX IF NOT EXISTS idx_oauth_states_used ON public.oauth_states (used);
CREATE INDEX IF NOT EXISTS idx_oauth_states_created_at ON public.oauth_states (created_at);

ALTER TABLE public.oauth_states ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.oauth_states FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.oauth_states TO service_role;
-- A user sees that a login is on its way, and may call it off. Its secrets he does not read: state and code_verifier.
GRANT SELECT (id, user_id, provider, mcp_name, redirect_uri, created_at, expires_at, used), DELETE
    ON TABLE public.oauth_states TO authenticated;

-- An extension of an older version lacks the functions: then nobody is let in until it is updated, and install() runs again.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_user_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS oauth_states_manage_own ON public.oauth_states;
    CREATE POLICY oauth_states_manage_own ON public.oauth_states FOR ALL TO authenticated
        USING (user_id = (SELECT model_access.app_current_user_id()) AND (SELECT model_access.app_current_org_id()) IS NOT NULL)
        WITH CHECK (user_id = (SELECT model_access.app_current_user_id()) AND (SELECT model_access.app_current_org_id()) IS NOT NULL);
END $$;

COMMENT ON TABLE public.oauth_states IS 'Logins at OAuth providers that are on their way. Each state is burned by consume_oauth_state(), once.';
COMMENT ON COLUMN public.oauth_states.id IS 'Key.';
COMMENT ON COLUMN public.oauth_states.user_id IS 'Who logs in: users.id.';
COMMENT ON COLUMN public.oauth_states.state IS 'What the provider must send back. Clients cannot read it.';
COMMENT ON COLUMN public.oauth_states.code_verifier IS 'The secret of PKCE, encrypted with encrypt_token(). Clients cannot read it.';
COMMENT ON COLUMN public.oauth_states.provider IS 'The OAuth provider.';
COMMENT ON COLUMN public.oauth_states.mcp_name IS 'The MCP server that the token is for.';
COMMENT ON COLUMN public.oauth_states.redirect_uri IS 'Where the provider sends the user back to.';
COMMENT ON COLUMN public.oauth_states.created_at IS 'When the login began.';
COMMENT ON COLUMN public.oauth_states.expires_at IS 'Until when it can be completed.';
COMMENT ON COLUMN public.oauth_states.used IS 'Whether it was burned.';
