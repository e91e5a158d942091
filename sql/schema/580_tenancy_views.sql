-- Sessions and MCP servers with the names of people and organisations. The reader's own rights and policies hold.

CREATE OR REPLACE VIEW public.active_user_sessions WITH (security_invoker = true) AS
SELECT s.id, s.user_id, s.organization_id, s.workspace_path, s.system_prompt, s.created_at, s.expires_at, s.last_active_at, s.session_metadata,
       u.email, u.role, o.name AS organization_name, o.slug AS organization_slug
  FROM public.user_sessions AS s
  JOIN public.users AS u ON u.id = s.user_id
  JOIN public.organizations AS o ON o.id = s.organization_id
 WHERE s.expires_at IS NULL OR s.expires_at > now();

REVOKE ALL ON TABLE public.active_user_sessions FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.active_user_sessions TO authenticated, service_role;

-- With tokens and environments: for who calls the servers.
CREATE OR REPLACE VIEW public.effective_mcp_configurations WITH (security_invoker = true) AS
SELECT c.id, c.organization_id, c.user_id, c.name, c.type, c.endpoint, c.command, c.args, c.env, c.auth_type, c.bearer_token, c.oauth_provider,
       c.enabled, c.created_at, c.updated_at,
       o.name AS organization_name, o.slug AS organization_slug, u.email AS user_email,
       CASE WHEN c.user_id IS NULL THEN 'organization' ELSE 'user' END AS config_scope
  FROM public.mcp_configurations AS c
  JOIN public.organizations AS o ON o.id = c.organization_id
  LEFT JOIN public.users AS u ON u.id = c.user_id
 WHERE c.enabled;

REVOKE ALL ON TABLE public.effective_mcp_configurations FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.effective_mcp_configurations TO service_role;

COMMENT ON VIEW public.active_user_sessions IS 'Sessions that are not over, with the member and his organisation.';
COMMENT ON COLUMN public.active_user_sessions.email IS 'The member''s address.';
COMMENT ON COLUMN public.active_user_sessions.role IS 'admin or user of the organisation.';
COMMENT ON COLUMN public.active_user_sessions.organization_name IS 'The organisation''s name.';
COMMENT ON COLUMN public.active_user_sessions.organization_slug IS 'The organisation''s name in addresses.';
COMMENT ON VIEW public.effective_mcp_configurations IS 'MCP servers that are used, with whose they are. For service_role: it has their tokens.';
COMMENT ON COLUMN public.effective_mcp_configurations.organization_name IS 'The organisation''s name.';
COMMENT ON COLUMN public.effective_mcp_configurations.organization_slug IS 'The organisation''s name in addresses.';
COMMENT ON COLUMN public.effective_mcp_configurations.user_email IS 'The member''s address; NULL for the whole organisation.';
COMMENT ON COLUMN public.effective_mcp_configurations.config_scope IS 'organization or user.';
