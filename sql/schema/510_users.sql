-- Members of organisations: each person belongs to one, as its admin or user.

SELECT model_access.note_table('users');
CREATE TABLE IF NOT EXISTS public.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE CONSTRAINT users_email_check CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    organization_id uuid NOT NULL REFERENCES public.organizations (id) ON DELETE CASCADE,
    role public.user_role NOT NULL DEFAULT 'user',
    metadata jsonb DEFAULT '{}',
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS idx_users_id_organization_id ON public.users (id, organization_id);
CREATE INDEX IF NOT EXISTS idx_users_email ON public.users (email);
CREATE INDEX IF NOT EXISTS idx_users_organization_id ON public.users (organization_id);
CREATE INDEX IF NOT EXISTS idx_users_organization_role ON public.users (organization_id, role);
CREATE INDEX IF NOT EXISTS idx_users_is_active ON public.users (is_active);

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.users FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.users TO service_role;

COMMENT ON TABLE public.users IS 'Members of organisations. Each person belongs to one; the id is the one of auth.users.';
COMMENT ON COLUMN public.users.id IS 'The person.';
COMMENT ON COLUMN public.users.email IS 'Address.';
COMMENT ON COLUMN public.users.organization_id IS 'The organisation.';
COMMENT ON COLUMN public.users.role IS 'admin or user of the organisation.';
COMMENT ON COLUMN public.users.metadata IS 'What the application keeps of him, a JSON object.';
COMMENT ON COLUMN public.users.is_active IS 'Whether he is a member now: who is not has no rights here.';
COMMENT ON COLUMN public.users.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.users.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN public.users.last_login_at IS 'When he last signed in.';
