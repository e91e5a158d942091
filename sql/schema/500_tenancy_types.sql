-- Words of the tenancy tables, as types of their own: seed 003 has them so.

DO $$
BEGIN
    IF to_regtype('public.user_role') IS NULL THEN
        CREATE TYPE public.user_role AS ENUM ('admin', 'user');
    END IF;
    IF to_regtype('public.mcp_type') IS NULL THEN
        CREATE TYPE public.mcp_type AS ENUM ('http', 'sse', 'stdio');
    END IF;
    IF to_regtype('public.auth_type') IS NULL THEN
        CREATE TYPE public.auth_type AS ENUM ('none', 'bearer', 'oauth');
    END IF;
    IF to_regtype('public.prompt_scope') IS NULL THEN
        CREATE TYPE public.prompt_scope AS ENUM ('global', 'organization', 'user');
    END IF;
END $$;

COMMENT ON TYPE public.user_role IS 'What a member of an organisation may do there.';
COMMENT ON TYPE public.mcp_type IS 'How an MCP server is reached.';
COMMENT ON TYPE public.auth_type IS 'How an MCP server knows its callers.';
COMMENT ON TYPE public.prompt_scope IS 'For whom a system prompt is.';
