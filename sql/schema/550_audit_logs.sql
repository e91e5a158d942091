-- The audit log: rows are only ever added, and each has the hash of the one before. One chain per organisation, and one for rows
-- of none.

SELECT model_access.note_table('audit_logs');
CREATE TABLE IF NOT EXISTS public.audit_logs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    action text NOT NULL CONSTRAINT audit_logs_action_check CHECK (btrim(action) <> ''),
    resource_type text NOT NULL CONSTRAINT audit_logs_resource_type_check CHECK (btrim(resource_type) <> '')
);

-- The columns of the chain are NULL in rows that stood here before it.
ALTER TABLE public.audit_logs
    ADD COLUMN IF NOT EXISTS timestamp timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS user_id uuid REFERENCES public.users (id) ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS organization_id uuid REFERENCES public.organizations (id) ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS resource_id text,
    ADD COLUMN IF NOT EXISTS details jsonb DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS ip_address inet,
    ADD COLUMN IF NOT EXISTS user_agent text,
    ADD COLUMN IF NOT EXISTS success boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS error_message text,
    ADD COLUMN IF NOT EXISTS chain_id uuid,
    ADD COLUMN IF NOT EXISTS chain_position bigint,
    ADD COLUMN IF NOT EXISTS written_user_id uuid,
    ADD COLUMN IF NOT EXISTS written_organization_id uuid,
    ADD COLUMN IF NOT EXISTS previous_hash bytea,
    ADD COLUMN IF NOT EXISTS hash bytea;

CREATE INDEX IF NOT EXISTS idx_audit_logs_timestamp ON public.audit_logs (timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_audit_logs_user_id ON public.audit_logs (user_id);
CREATE INDEX IF NOT EXISTS idx_audit_logs_organization_id ON public.audit_logs (organization_id);
CREATE INDEX IF NOT EXISTS idx_audit_logs_action ON public.audit_logs (action);
CREATE INDEX IF NOT EXISTS idx_audit_logs_resource_type ON public.audit_logs (resource_type);
CREATE INDEX IF NOT EXISTS idx_audit_logs_resource_id ON public.audit_logs (resource_id);
CREATE INDEX IF NOT EXISTS idx_audit_logs_org_timestamp ON public.audit_logs (organization_id, timestamp DESC);
CREATE UNIQUE INDEX IF NOT EXISTS idx_audit_logs_chain ON public.audit_logs (chain_id, chain_position);

SELECT model_access.note_table('audit_log_heads');
CREATE TABLE IF NOT EXISTS public.audit_log_heads (
    chain_id uuid PRIMARY KEY,
    last_position bigint NOT NULL,
    last_hash bytea NOT NULL
) WITH (fillfactor = 50);

-- The chain's trigger comes after others of its kind, whose changes it hashes; a row that is replicated or restored in replica
-- mode has its hash already. What keeps the rows holds in every mode.
DO $$
BEGIN
    IF to_regprocedure('model_access.chain_audit_log()') IS NOT NULL THEN
        CREATE OR REPLACE TRIGGER zz_chain_audit_log
            BEFORE INSERT ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION model_access.chain_audit_log();
        CREATE OR REPLACE TRIGGER keep_audit_log
            BEFORE UPDATE OR DELETE ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION model_access.keep_audit_log();
        CREATE OR REPLACE TRIGGER keep_audit_log_whole
            BEFORE TRUNCATE ON public.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION model_access.keep_audit_log();
        ALTER TABLE public.audit_logs ENABLE TRIGGER zz_chain_audit_log;
        ALTER TABLE public.audit_logs ENABLE ALWAYS TRIGGER keep_audit_log;
        ALTER TABLE public.audit_logs ENABLE ALWAYS TRIGGER keep_audit_log_whole;
    END IF;
END $$;

ALTER TABLE public.audit_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_log_heads ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.audit_logs, public.audit_log_heads FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.audit_logs TO authenticated;
GRANT INSERT (user_id, organization_id, action, resource_type, resource_id, details, ip_address, user_agent, success, error_message)
    ON TABLE public.audit_logs TO authenticated;
GRANT SELECT, INSERT ON TABLE public.audit_logs TO service_role;
GRANT SELECT ON TABLE public.audit_log_heads TO service_role;

-- As in 400_ai_models_system.sql.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS audit_logs_append_only ON public.audit_logs;
    CREATE POLICY audit_logs_append_only ON public.audit_logs FOR INSERT TO authenticated
        WITH CHECK (user_id = (SELECT model_access.app_current_user_id()) AND organization_id = (SELECT model_access.app_current_org_id()));
    DROP POLICY IF EXISTS audit_logs_view_org ON public.audit_logs;
    CREATE POLICY audit_logs_view_org ON public.audit_logs FOR SELECT TO authenticated
        USING (organization_id = (SELECT model_access.app_current_org_id())
               OR (organization_id IS NULL AND (SELECT model_access.app_is_platform_admin())));
    DROP POLICY IF EXISTS audit_logs_no_update ON public.audit_logs;
    CREATE POLICY audit_logs_no_update ON public.audit_logs FOR UPDATE TO authenticated USING (false);
    DROP POLICY IF EXISTS audit_logs_no_delete ON public.audit_logs;
    CREATE POLICY audit_logs_no_delete ON public.audit_logs FOR DELETE TO authenticated USING (false);
END $$;

COMMENT ON TABLE public.audit_logs IS 'Who did what, in a chain per organisation. Rows are added, never changed: verify_audit_log() tells whether one was.';
COMMENT ON COLUMN public.audit_logs.id IS 'Key.';
COMMENT ON COLUMN public.audit_logs.timestamp IS 'When it was written, by the server''s clock.';
COMMENT ON COLUMN public.audit_logs.user_id IS 'Who did it; NULL for nobody, and once the user is gone.';
COMMENT ON COLUMN public.audit_logs.organization_id IS 'Whose log it stands in; NULL for none, and once the organisation is gone.';
COMMENT ON COLUMN public.audit_logs.action IS 'What was done.';
COMMENT ON COLUMN public.audit_logs.resource_type IS 'To what kind of thing.';
COMMENT ON COLUMN public.audit_logs.resource_id IS 'To which one.';
COMMENT ON COLUMN public.audit_logs.details IS 'Whatever else belongs to it. Of decisions: by, reason, old, new.';
COMMENT ON COLUMN public.audit_logs.ip_address IS 'From where.';
COMMENT ON COLUMN public.audit_logs.user_agent IS 'With what.';
COMMENT ON COLUMN public.audit_logs.success IS 'Whether it worked.';
COMMENT ON COLUMN public.audit_logs.error_message IS 'Why it did not.';
COMMENT ON COLUMN public.audit_logs.chain_id IS 'The chain: the organisation for which it was written, or the nil uuid. NULL for rows from before the chain.';
COMMENT ON COLUMN public.audit_logs.chain_position IS 'The place in the chain, from 1 without gaps.';
COMMENT ON COLUMN public.audit_logs.written_user_id IS 'user_id as it was written. No reference: it stays.';
COMMENT ON COLUMN public.audit_logs.written_organization_id IS 'organization_id as it was written. No reference: it stays.';
COMMENT ON COLUMN public.audit_logs.previous_hash IS 'The hash of the row before; 32 zero bytes in the first.';
COMMENT ON COLUMN public.audit_logs.hash IS 'SHA-256 of everything but user_id and organization_id, which may become NULL.';
COMMENT ON TABLE public.audit_log_heads IS 'Where each chain of audit_logs ends. Only the engine writes here.';
COMMENT ON COLUMN public.audit_log_heads.chain_id IS 'The chain.';
COMMENT ON COLUMN public.audit_log_heads.last_position IS 'The position of its last row.';
COMMENT ON COLUMN public.audit_log_heads.last_hash IS 'The hash of its last row.';
