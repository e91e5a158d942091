-- Who administers the platform: known by the identity provider's id, which is a text and no uuid.

SELECT model_access.note_table('platform_admins');
CREATE TABLE IF NOT EXISTS public.platform_admins (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    workos_user_id text NOT NULL,
    email text NOT NULL
);

ALTER TABLE public.platform_admins
    ADD COLUMN IF NOT EXISTS name text,
    ADD COLUMN IF NOT EXISTS added_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS added_by uuid,
    ADD COLUMN IF NOT EXISTS is_active boolean DEFAULT true,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz DEFAULT now();

CREATE INDEX IF NOT EXISTS idx_platform_admins_workos_user_id ON public.platform_admins (workos_user_id);
CREATE INDEX IF NOT EXISTS idx_platform_admins_email ON public.platform_admins (email);
CREATE INDEX IF NOT EXISTS idx_platform_admins_is_active ON public.platform_admins (is_active);
-- For the key to who added whom.
CREATE INDEX IF NOT EXISTS platform_admins_added_by_idx ON public.platform_admins (added_by);

ALTER TABLE public.platform_admins ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.platform_admins FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.platform_admins TO service_role;
GRANT SELECT, INSERT (workos_user_id, email, name, added_by, is_active), UPDATE (email, name, is_active)
    ON TABLE public.platform_admins TO authenticated;

-- As in 510_users.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_platform_admin_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS platform_admins_select ON public.platform_admins;
    CREATE POLICY platform_admins_select ON public.platform_admins FOR SELECT TO authenticated
        USING ((SELECT model_access.app_is_platform_admin()));
    DROP POLICY IF EXISTS platform_admins_insert ON public.platform_admins;
    CREATE POLICY platform_admins_insert ON public.platform_admins FOR INSERT TO authenticated
        WITH CHECK (added_by = (SELECT model_access.app_platform_admin_id()));
    DROP POLICY IF EXISTS platform_admins_update ON public.platform_admins;
    CREATE POLICY platform_admins_update ON public.platform_admins FOR UPDATE TO authenticated
        USING ((SELECT model_access.app_is_platform_admin())) WITH CHECK ((SELECT model_access.app_is_platform_admin()));
END $$;

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
