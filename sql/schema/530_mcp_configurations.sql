-- MCP servers that an organisation, or one of its members, has set up.

SELECT model_access.note_table('mcp_configurations');
CREATE TABLE IF NOT EXISTS public.mcp_configurations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL,
    user_id uuid,
    name text NOT NULL,
    type public.mcp_type NOT NULL
);

ALTER TABLE public.mcp_configurations
    ADD COLUMN IF NOT EXISTS user_id uuid,
    ADD COLUMN IF NOT EXISTS endpoint text,
    ADD COLUMN IF NOT EXISTS command text,
    ADD COLUMN IF NOT EXISTS args jsonb DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS env jsonb DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS auth_type public.auth_type NOT NULL DEFAULT 'none',
    ADD COLUMN IF NOT EXISTS bearer_token text,
    ADD COLUMN IF NOT EXISTS oauth_provider text,
    ADD COLUMN IF NOT EXISTS enabled boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();

CREATE INDEX IF NOT EXISTS idx_mcp_configs_organization_id ON public.mcp_configurations (organization_id);
CREATE INDEX IF NOT EXISTS idx_mcp_configs_user_id ON public.mcp_configurations (user_id);
CREATE INDEX IF NOT EXISTS idx_mcp_configs_org_enabled ON public.mcp_configurations (organization_id, enabled);
CREATE INDEX IF NOT EXISTS idx_mcp_configs_user_enabled ON public.mcp_configurations (user_id, enabled) WHERE user_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_mcp_configs_name ON public.mcp_configurations (name);
-- An index, since a constraint takes no expressions; NULLs are told apart there.
DO $$
BEGIN
    CREATE UNIQUE INDEX IF NOT EXISTS mcp_configurations_unique_name ON public.mcp_configurations
        (organization_id, (COALESCE(user_id, '00000000-0000-0000-0000-000000000000'::uuid)), name);
EXCEPTION WHEN unique_violation THEN
    RAISE WARNING 'names of mcp_configurations are not unique'
        USING HINT = 'Rename what has one name twice, then run install() again.';
END $$;

ALTER TABLE public.mcp_configurations ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.mcp_configurations FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.mcp_configurations TO service_role;
-- Tokens, and the environment in which others are, are written and not read: what calls the server is for service_role.
GRANT SELECT (id, organization_id, user_id, name, type, endpoint, command, args, auth_type, oauth_provider, enabled, created_at, updated_at),
      DELETE,
      INSERT (organization_id, user_id, name, type, endpoint, command, args, env, auth_type, bearer_token, oauth_provider, enabled),
      UPDATE (name, type, endpoint, command, args, env, auth_type, bearer_token, oauth_provider, enabled)
    ON TABLE public.mcp_configurations TO authenticated;

-- As in 510_users.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS mcp_configs_view ON public.mcp_configurations;
    CREATE POLICY mcp_configs_view ON public.mcp_configurations FOR SELECT TO authenticated
        USING (organization_id = (SELECT model_access.app_current_org_id())
               AND (user_id IS NULL OR user_id = (SELECT model_access.app_current_user_id())));
    DROP POLICY IF EXISTS mcp_configs_insert ON public.mcp_configurations;
    CREATE POLICY mcp_configs_insert ON public.mcp_configurations FOR INSERT TO authenticated
        WITH CHECK (organization_id = (SELECT model_access.app_current_org_id())
                    AND (user_id = (SELECT model_access.app_current_user_id())
                         OR user_id IS NULL AND organization_id = (SELECT model_access.app_administered_org_id())));
    DROP POLICY IF EXISTS mcp_configs_update ON public.mcp_configurations;
    CREATE POLICY mcp_configs_update ON public.mcp_configurations FOR UPDATE TO authenticated
        USING (organization_id = (SELECT model_access.app_current_org_id())
               AND (user_id = (SELECT model_access.app_current_user_id())
                    OR user_id IS NULL AND organization_id = (SELECT model_access.app_administered_org_id())))
        WITH CHECK (organization_id = (SELECT model_access.app_current_org_id())
                    AND (user_id = (SELECT model_access.app_current_user_id())
                         OR user_id IS NULL AND organization_id = (SELECT model_access.app_administered_org_id())));
    DROP POLICY IF EXISTS mcp_configs_delete ON public.mcp_configurations;
    CREATE POLICY mcp_configs_delete ON public.mcp_configurations FOR DELETE TO authenticated
        USING (organization_id = (SELECT model_access.app_current_org_id())
               AND (user_id = (SELECT model_access.app_current_user_id())
                    OR user_id IS NULL AND organization_id = (SELECT model_access.app_administered_org_id())));
END $$;

COMMENT ON TABLE public.mcp_configurations IS 'MCP servers of an organisation, or of one of its members.';
COMMENT ON COLUMN public.mcp_configurations.id IS 'Key.';
COMMENT ON COLUMN public.mcp_configurations.organization_id IS 'The organisation.';
COMMENT ON COLUMN public.mcp_configurations.user_id IS 'The member whose it is; NULL: of the whole organisation.';
COMMENT ON COLUMN public.mcp_configurations.name IS 'Its name, once for the organisation and once for each member.';
COMMENT ON COLUMN public.mcp_configurations.type IS 'How it is reached: http or sse by endpoint, stdio by command.';
COMMENT ON COLUMN public.mcp_configurations.endpoint IS 'Where it is called.';
COMMENT ON COLUMN public.mcp_configurations.command IS 'What is run.';
COMMENT ON COLUMN public.mcp_configurations.args IS 'Arguments of the command, a JSON array.';
COMMENT ON COLUMN public.mcp_configurations.env IS 'Environment of the command, a JSON object. Clients cannot read it.';
COMMENT ON COLUMN public.mcp_configurations.auth_type IS 'How it knows its callers: none, bearer or oauth.';
COMMENT ON COLUMN public.mcp_configurations.bearer_token IS 'The token, encrypted by the application. Clients cannot read it.';
COMMENT ON COLUMN public.mcp_configurations.oauth_provider IS 'Who gives tokens for it.';
COMMENT ON COLUMN public.mcp_configurations.enabled IS 'Whether it is used.';
COMMENT ON COLUMN public.mcp_configurations.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.mcp_configurations.updated_at IS 'When the row was last changed.';
