-- What agents are told: everybody's, an organisation's, and a member's.

SELECT model_access.note_table('system_prompts');
CREATE TABLE IF NOT EXISTS public.system_prompts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    scope public.prompt_scope NOT NULL,
    organization_id uuid,
    user_id uuid,
    content text NOT NULL
);

ALTER TABLE public.system_prompts
    ADD COLUMN IF NOT EXISTS organization_id uuid,
    ADD COLUMN IF NOT EXISTS user_id uuid,
    ADD COLUMN IF NOT EXISTS priority integer NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS template text,
    ADD COLUMN IF NOT EXISTS enabled boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS created_by uuid;

CREATE INDEX IF NOT EXISTS idx_system_prompts_organization_id ON public.system_prompts (organization_id);
CREATE INDEX IF NOT EXISTS idx_system_prompts_user_id ON public.system_prompts (user_id);
CREATE INDEX IF NOT EXISTS idx_system_prompts_scope ON public.system_prompts (scope);
CREATE INDEX IF NOT EXISTS idx_system_prompts_enabled ON public.system_prompts (enabled);
CREATE INDEX IF NOT EXISTS idx_system_prompts_priority ON public.system_prompts (priority DESC);
CREATE INDEX IF NOT EXISTS idx_system_prompts_org_enabled_priority ON public.system_prompts (organization_id, enabled, priority DESC);
-- For the key to users.
CREATE INDEX IF NOT EXISTS system_prompts_created_by_idx ON public.system_prompts (created_by);

ALTER TABLE public.system_prompts ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.system_prompts FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.system_prompts TO service_role;
GRANT SELECT, DELETE, INSERT (scope, organization_id, user_id, content, priority, template, enabled, created_by),
      UPDATE (content, priority, template, enabled)
    ON TABLE public.system_prompts TO authenticated;

-- As in 510_users.sql. What everybody's agents are told is for platform admins, not for the admin of any one organisation.
DO $$
BEGIN
    IF to_regprocedure('model_access.app_current_org_id()') IS NULL THEN
        RETURN;
    END IF;
    DROP POLICY IF EXISTS system_prompts_view ON public.system_prompts;
    CREATE POLICY system_prompts_view ON public.system_prompts FOR SELECT TO authenticated
        USING (scope = 'global' OR organization_id = (SELECT model_access.app_current_org_id())
               AND (user_id IS NULL OR user_id = (SELECT model_access.app_current_user_id())));
    -- Who wrote it is who writes it, or is not told.
    DROP POLICY IF EXISTS system_prompts_insert ON public.system_prompts;
    CREATE POLICY system_prompts_insert ON public.system_prompts FOR INSERT TO authenticated
        WITH CHECK ((created_by IS NULL OR created_by = (SELECT model_access.app_current_user_id()))
                    AND (scope = 'user' AND user_id = (SELECT model_access.app_current_user_id())
                         AND organization_id = (SELECT model_access.app_current_org_id())
                         OR scope = 'organization' AND organization_id = (SELECT model_access.app_administered_org_id())
                         OR scope = 'global' AND (SELECT model_access.app_is_platform_admin())));
    DROP POLICY IF EXISTS system_prompts_update ON public.system_prompts;
    CREATE POLICY system_prompts_update ON public.system_prompts FOR UPDATE TO authenticated
        USING (scope = 'user' AND user_id = (SELECT model_access.app_current_user_id())
               AND organization_id = (SELECT model_access.app_current_org_id())
               OR scope = 'organization' AND organization_id = (SELECT model_access.app_administered_org_id())
               OR scope = 'global' AND (SELECT model_access.app_is_platform_admin()))
        WITH CHECK (scope = 'user' AND user_id = (SELECT model_access.app_current_user_id())
                    AND organization_id = (SELECT model_access.app_current_org_id())
                    OR scope = 'organization' AND organization_id = (SELECT model_access.app_administered_org_id())
                    OR scope = 'global' AND (SELECT model_access.app_is_platform_admin()));
    DROP POLICY IF EXISTS system_prompts_delete ON public.system_prompts;
    CREATE POLICY system_prompts_delete ON public.system_prompts FOR DELETE TO authenticated
        USING (scope = 'user' AND user_id = (SELECT model_access.app_current_user_id())
               AND organization_id = (SELECT model_access.app_current_org_id())
               OR scope = 'organization' AND organization_id = (SELECT model_access.app_administered_org_id())
               OR scope = 'global' AND (SELECT model_access.app_is_platform_admin()));
END $$;

COMMENT ON TABLE public.system_prompts IS 'What agents are told: everybody''s, an organisation''s, and a member''s.';
COMMENT ON COLUMN public.system_prompts.id IS 'Key.';
COMMENT ON COLUMN public.system_prompts.scope IS 'For whom it is: global, organization or user.';
COMMENT ON COLUMN public.system_prompts.organization_id IS 'The organisation, of scope organization and user.';
COMMENT ON COLUMN public.system_prompts.user_id IS 'The member, of scope user.';
COMMENT ON COLUMN public.system_prompts.content IS 'What is told.';
COMMENT ON COLUMN public.system_prompts.priority IS 'Order within a scope, the highest first.';
COMMENT ON COLUMN public.system_prompts.template IS 'The template that the application filled in, if any.';
COMMENT ON COLUMN public.system_prompts.enabled IS 'Whether it is told.';
COMMENT ON COLUMN public.system_prompts.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.system_prompts.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN public.system_prompts.created_by IS 'Who wrote it; NULL when he is gone.';
