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
COMMENT ON COLUMN public.active_user_sessions.id IS 'Key.';
COMMENT ON COLUMN public.active_user_sessions.user_id IS 'Whose it is.';
COMMENT ON COLUMN public.active_user_sessions.organization_id IS 'His organisation.';
COMMENT ON COLUMN public.active_user_sessions.workspace_path IS 'Where he works.';
COMMENT ON COLUMN public.active_user_sessions.system_prompt IS 'What his agent is told in it.';
COMMENT ON COLUMN public.active_user_sessions.created_at IS 'When it began.';
COMMENT ON COLUMN public.active_user_sessions.expires_at IS 'When it is over; NULL is never.';
COMMENT ON COLUMN public.active_user_sessions.last_active_at IS 'When it was last used.';
COMMENT ON COLUMN public.active_user_sessions.session_metadata IS 'What the application keeps of it, a JSON object.';
COMMENT ON COLUMN public.active_user_sessions.email IS 'The member''s address.';
COMMENT ON COLUMN public.active_user_sessions.role IS 'admin or user of the organisation.';
COMMENT ON COLUMN public.active_user_sessions.organization_name IS 'The organisation''s name.';
COMMENT ON COLUMN public.active_user_sessions.organization_slug IS 'The organisation''s name in addresses.';
COMMENT ON VIEW public.effective_mcp_configurations IS 'MCP servers that are used, with whose they are. For service_role: it has their tokens.';
COMMENT ON COLUMN public.effective_mcp_configurations.id IS 'Key.';
COMMENT ON COLUMN public.effective_mcp_configurations.organization_id IS 'The organisation.';
COMMENT ON COLUMN public.effective_mcp_configurations.user_id IS 'The member whose it is; NULL: of the whole organisation.';
COMMENT ON COLUMN public.effective_mcp_configurations.name IS 'Its name, once for the organisation and once for each member.';
COMMENT ON COLUMN public.effective_mcp_configurations.type IS 'How it is reached: http or sse by endpoint, stdio by command.';
COMMENT ON COLUMN public.effective_mcp_configurations.endpoint IS 'Where it is called.';
COMMENT ON COLUMN public.effective_mcp_configurations.command IS 'What is run.';
COMMENT ON COLUMN public.effective_mcp_configurations.args IS 'Arguments of the command, a JSON array.';
COMMENT ON COLUMN public.effective_mcp_configurations.env IS 'Environment of the command, a JSON object.';
COMMENT ON COLUMN public.effective_mcp_configurations.auth_type IS 'How it knows its callers: none, bearer or oauth.';
COMMENT ON COLUMN public.effective_mcp_configurations.bearer_token IS 'The token, encrypted by the application.';
COMMENT ON COLUMN public.effective_mcp_configurations.oauth_provider IS 'Who gives tokens for it.';
COMMENT ON COLUMN public.effective_mcp_configurations.enabled IS 'Whether it is used.';
COMMENT ON COLUMN public.effective_mcp_configurations.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.effective_mcp_configurations.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN public.effective_mcp_configurations.organization_name IS 'The organisation''s name.';
COMMENT ON COLUMN public.effective_mcp_configurations.organization_slug IS 'The organisation''s name in addresses.';
COMMENT ON COLUMN public.effective_mcp_configurations.user_email IS 'The member''s address; NULL for the whole organisation.';
COMMENT ON COLUMN public.effective_mcp_configurations.config_scope IS 'organization or user.';
