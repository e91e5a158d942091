-- Who administers the platform: known by the identity provider's id, which is a text and no uuid.

SELECT model_access.note_table('platform_admins');
CREATE TABLE IF NOT EXISTS public.platform_admins (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workos_user_id text NOT NULL UNIQUE,
    email text NOT NULL UNIQUE,
    name text,
    added_at timestamptz DEFAULT now(),
    added_by uuid REFERENCES public.platform_admins (id),
    is_active boolean DEFAULT true,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE INDEX IF NOT EXISTS idx_platform_admins_workos_user_id ON public.platform_admins (workos_user_id);
CREATE INDEX IF NOT EXISTS idx_platform_admins_email ON public.platform_admins (email);
CREATE INDEX IF NOT EXISTS idx_platform_admins_is_active ON public.platform_admins (is_active);

ALTER TABLE public.platform_admins ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.platform_admins FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.platform_admins TO service_role;

COMMENT ON TABLE public.platform_admins IS 'Who administers the platform. The first one is added by service_role.';
COMMENT ON COLUMN public.platform_admins.id IS 'Key.';
COMMENT ON COLUMN public.platform_admins.workos_user_id IS 'The subject of his token.';
COMMENT ON COLUMN public.platform_admins.email IS 'Address.';
COMMENT ON COLUMN public.platform_admins.name IS 'Name to show.';
COMMENT ON COLUMN public.platform_admins.added_at IS 'Since when he is one.';
COMMENT ON COLUMN public.platform_admins.added_by IS 'Who made him one.';
COMMENT ON COLUMN public.platform_admins.is_active IS 'Whether he is one now.';
COMMENT ON COLUMN public.platform_admins.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.platform_admins.updated_at IS 'When the row was last changed.';
