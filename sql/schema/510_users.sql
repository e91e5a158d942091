-- Members of organisations: each person belongs to one, as its admin or user.

-- Only what a row cannot be without stands here: the rest is added, to a table that was there before as well. Rules for
-- values and keys stand in 570_tenancy_rules.sql.
SELECT model_access.note_table('users');
CREATE TABLE IF NOT EXISTS public.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL,
    organization_id uuid NOT NULL
);

ALTER TABLE public.users
    ADD COLUMN IF NOT EXISTS role public.user_role NOT NULL DEFAULT 'user',
    ADD COLUMN IF NOT EXISTS metadata jsonb DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS is_active boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS last_login_at timestamptz;

CREATE UNIQUE INDEX IF NOT EXISTS idx_users_id_organization_id ON public.users (id, organization_id);
CREATE INDEX IF NOT EXISTS idx_users_email ON public.users (email);
CREATE INDEX IF NOT EXISTS idx_users_organization_id ON public.users (organization_id);
CREATE INDEX IF NOT EXISTS idx_users_organization_role ON public.users (organization_id, role);
CREATE INDEX IF NOT EXISTS idx_users_is_active ON public.users (is_active);

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.users FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.users TO service_role;
-- No column that an application added: policies say which rows, and rows are not enough.
GRANT SELECT (id, email, organization_id, role, metadata, is_active, created_at, updated_at, last_login_at), DELETE,
      INSERT (id, email, organization_id, role, metadata, is_active), UPDATE (email, role, metadata, is_active, last_login_at)
    ON TABLE public.users TO authenticated;

-- An extension of an older version lacks the functions: then nobody is let in until it is updated, and install() runs again.
DO $$
BEGIN
    IF to_regprocedure('model_access.guard_members()') IS NULL THEN
        RETURN;
    END IF;
    -- The update policy has no column limit: without this, every member could make himself an admin, of any organisation.
    CREATE OR REPLACE TRIGGER users_guard_members
        BEFORE INSERT OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION model_access.guard_members();
    ALTER TABLE public.users ENABLE ALWAYS TRIGGER users_guard_members;
    DROP POLICY IF EXISTS users_view_org ON public.users;
    CREATE POLICY users_view_org ON public.users FOR SELECT TO authenticated
        USING (organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS users_admin_insert ON public.users;
    CREATE POLICY users_admin_insert ON public.users FOR INSERT TO authenticated
        WITH CHECK (organization_id = (SELECT model_access.app_administered_org_id()));
    -- Who is no active member has no organisation, and so does not change his own row either.
    DROP POLICY IF EXISTS users_update ON public.users;
    CREATE POLICY users_update ON public.users FOR UPDATE TO authenticated
        USING (organization_id = (SELECT model_access.app_current_org_id())
               AND (id = (SELECT model_access.app_current_user_id()) OR organization_id = (SELECT model_access.app_administered_org_id())))
        WITH CHECK (organization_id = (SELECT model_access.app_current_org_id())
               AND (id = (SELECT model_access.app_current_user_id()) OR organization_id = (SELECT model_access.app_administered_org_id())));
    DROP POLICY IF EXISTS users_admin_delete ON public.users;
    CREATE POLICY users_admin_delete ON public.users FOR DELETE TO authenticated
        USING (organization_id = (SELECT model_access.app_administered_org_id()));
END $$;

COMMENT ON TABLE public.users IS 'Members of organisations. Each person belongs to one; the id is the one of auth.users.';
COMMENT ON COLUMN public.users.id IS 'The person.';
COMMENT ON COLUMN public.users.email IS 'Address.';
COMMENT ON COLUMN public.users.organization_id IS 'The organisation. Guarded.';
COMMENT ON COLUMN public.users.role IS 'admin or user of the organisation. Guarded: only its admins change it.';
COMMENT ON COLUMN public.users.metadata IS 'What the application keeps of him, a JSON object.';
COMMENT ON COLUMN public.users.is_active IS 'Whether he is a member now: who is not has no rights here. Guarded: only admins change it.';
COMMENT ON COLUMN public.users.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.users.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN public.users.last_login_at IS 'When he last signed in.';
