-- What platform admins did: they add rows, and none of them changes or removes one.

SELECT model_access.note_table('admin_audit_log');
CREATE TABLE IF NOT EXISTS public.admin_audit_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    admin_id uuid NOT NULL,
    action text NOT NULL
);

ALTER TABLE public.admin_audit_log
    ADD COLUMN IF NOT EXISTS target_org_id text,
    ADD COLUMN IF NOT EXISTS target_user_id text,
    ADD COLUMN IF NOT EXISTS details jsonb,
    ADD COLUMN IF NOT EXISTS ip_address text,
    ADD COLUMN IF NOT EXISTS created_at timestamptz DEFAULT now();

CREATE INDEX IF NOT EXISTS idx_admin_audit_log_admin_id ON public.admin_audit_log (admin_id);
CREATE INDEX IF NOT EXISTS idx_admin_audit_log_action ON public.admin_audit_log (action);
CREATE INDEX IF NOT EXISTS idx_admin_audit_log_created_at ON public.admin_audit_log (created_at);

ALTER TABLE public.admin_audit_log ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.admin_audit_log FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.admin_audit_log TO service_role;
GRANT SELECT, INSERT (admin_id, action, target_org_id, target_user_id, details, ip_address)
    ON TABLE public.admin_audit_log TO authenticated;

-- As in 510_users.sql. An admin writes in his own name.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_platform_admin_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS admin_audit_log_select ON public.admin_audit_log;
    CREATE POLICY admin_audit_log_select ON public.admin_audit_log FOR SELECT TO authenticated
        USING ((SELECT model_access.app_is_platform_admin()));
    DROP POLICY IF EXISTS admin_audit_log_insert ON public.admin_audit_log;
    CREATE POLICY admin_audit_log_insert ON public.admin_audit_log FOR INSERT TO authenticated
        WITH CHECK (admin_id = (SELECT model_access.app_platform_admin_id()));
END $$;

COMMENT ON TABLE public.admin_audit_log IS 'What platform admins did. They add rows in their own names and change none.';
COMMENT ON COLUMN public.admin_audit_log.id IS 'Key.';
COMMENT ON COLUMN public.admin_audit_log.admin_id IS 'Who did it.';
COMMENT ON COLUMN public.admin_audit_log.action IS 'What was done.';
COMMENT ON COLUMN public.admin_audit_log.target_org_id IS 'To which organisation, as a text: it may be gone.';
COMMENT ON COLUMN public.admin_audit_log.target_user_id IS 'To whom, as a text: he may be gone.';
COMMENT ON COLUMN public.admin_audit_log.details IS 'Whatever else belongs to it, a JSON object.';
COMMENT ON COLUMN public.admin_audit_log.ip_address IS 'From where.';
COMMENT ON COLUMN public.admin_audit_log.created_at IS 'When.';
