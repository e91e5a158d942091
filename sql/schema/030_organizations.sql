-- Organisations: their plan, and into how many rows their counters are split.

SELECT model_access.note_table('organizations');
CREATE TABLE IF NOT EXISTS public.organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL
);

ALTER TABLE public.organizations
    ADD COLUMN IF NOT EXISTS name text,
    ADD COLUMN IF NOT EXISTS pricing_plan text NOT NULL DEFAULT 'free'
        CONSTRAINT organizations_pricing_plan_check CHECK (pricing_plan IN ('free', 'starter', 'pro', 'enterprise')),
    ADD COLUMN IF NOT EXISTS quota_slots smallint NOT NULL DEFAULT 1
        CONSTRAINT organizations_quota_slots_check CHECK (quota_slots BETWEEN 1 AND 64),
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();

ALTER TABLE public.organizations ENABLE ROW LEVEL SECURITY;
-- In a table of the application, who may read and write what is the application's.
DO $$
BEGIN
    IF 'organizations' = ANY ((SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
        REVOKE ALL ON TABLE public.organizations FROM PUBLIC, anon, authenticated, service_role;
        GRANT SELECT ON TABLE public.organizations TO authenticated;
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.organizations TO service_role;
        DROP POLICY IF EXISTS organizations_view_own ON public.organizations;
        CREATE POLICY organizations_view_own ON public.organizations FOR SELECT TO authenticated
            USING (id = (SELECT p.organization_id FROM public.profiles AS p WHERE p.id = (SELECT auth.uid())));
    ELSE
        REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLE public.organizations FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;

-- What an organisation may spend is not for its own admin to say, whatever policies the application has.
CREATE OR REPLACE TRIGGER organizations_guard_privileged_columns
    BEFORE INSERT OR UPDATE ON public.organizations FOR EACH ROW
    EXECUTE FUNCTION model_access.guard_privileged_columns('pricing_plan', 'quota_slots');
ALTER TABLE public.organizations ENABLE ALWAYS TRIGGER organizations_guard_privileged_columns;

COMMENT ON TABLE public.organizations IS 'One row per organisation. People belong to one by profiles.organization_id.';
COMMENT ON COLUMN public.organizations.id IS 'Key.';
COMMENT ON COLUMN public.organizations.name IS 'Name to show.';
COMMENT ON COLUMN public.organizations.pricing_plan IS 'free, starter, pro or enterprise. Guarded: clients cannot set it.';
COMMENT ON COLUMN public.organizations.quota_slots IS 'Rows per counter of the organisation, 1 to 64: more let more calls run at once. Guarded.';
COMMENT ON COLUMN public.organizations.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.organizations.updated_at IS 'When the row was last changed.';
