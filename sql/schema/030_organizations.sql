-- Organisations: their type, their plan, their tokens of a month, and into how many rows their counters are split.

SELECT model_access.note_table('organizations');
CREATE TABLE IF NOT EXISTS public.organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CONSTRAINT organizations_name_check CHECK (btrim(name) <> '')
);

ALTER TABLE public.organizations
    ADD COLUMN IF NOT EXISTS name text,
    ADD COLUMN IF NOT EXISTS slug text NOT NULL DEFAULT 'org-' || gen_random_uuid() UNIQUE
        CONSTRAINT organizations_slug_check CHECK (slug ~ '^[a-z0-9-]+$'),
    ADD COLUMN IF NOT EXISTS metadata jsonb DEFAULT '{}',
    ADD COLUMN IF NOT EXISTS pricing_plan text NOT NULL DEFAULT 'free'
        CONSTRAINT organizations_pricing_plan_check CHECK (pricing_plan IN ('free', 'starter', 'pro', 'enterprise')),
    ADD COLUMN IF NOT EXISTS quota_slots smallint NOT NULL DEFAULT 1
        CONSTRAINT organizations_quota_slots_check CHECK (quota_slots BETWEEN 1 AND 64),
    ADD COLUMN IF NOT EXISTS type varchar(50) NOT NULL DEFAULT 'general',
    ADD COLUMN IF NOT EXISTS token_quota_monthly bigint
        CONSTRAINT organizations_token_quota_monthly_check CHECK (token_quota_monthly >= 0),
    ADD COLUMN IF NOT EXISTS token_usage_current bigint NOT NULL DEFAULT 0
        CONSTRAINT organizations_token_usage_current_check CHECK (token_usage_current >= 0),
    ADD COLUMN IF NOT EXISTS token_reset_date timestamptz,
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();

-- Whoever had a quota before anything of ours has a month that ends: at first the calendar's. Later the engine writes it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.organizations'::regclass
                      AND a.attname = 'token_reset_anchor' AND NOT a.attisdropped) THEN
        UPDATE public.organizations AS o
           SET token_reset_date = timezone('UTC', date_trunc('month', timezone('UTC', now())) + interval '1 month')
         WHERE o.token_quota_monthly IS NOT NULL AND o.token_reset_date IS NULL;
        ALTER TABLE public.organizations ADD COLUMN token_reset_anchor timestamptz;
    END IF;
END $$;

CREATE INDEX IF NOT EXISTS idx_organizations_slug ON public.organizations (slug);
CREATE INDEX IF NOT EXISTS idx_organizations_created_at ON public.organizations (created_at DESC);
CREATE INDEX IF NOT EXISTS idx_organizations_pricing_plan ON public.organizations (pricing_plan);
CREATE INDEX IF NOT EXISTS idx_organizations_token_reset_date
    ON public.organizations (token_reset_date) WHERE token_reset_date IS NOT NULL;

ALTER TABLE public.organizations ENABLE ROW LEVEL SECURITY;
-- In a table of the application, who may read and write what is the application's.
DO $$
BEGIN
    IF 'organizations' = ANY ((SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[]) THEN
        REVOKE ALL ON TABLE public.organizations FROM PUBLIC, anon, authenticated, service_role;
        -- No column that an application added, and no id of one's own: what the rest decides is not for its admin to say.
        GRANT SELECT, INSERT (name, slug, metadata), UPDATE (name, slug, metadata) ON TABLE public.organizations TO authenticated;
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.organizations TO service_role;
        DROP POLICY IF EXISTS organizations_view_own ON public.organizations;
        DROP POLICY IF EXISTS organizations_admin_insert ON public.organizations;
        DROP POLICY IF EXISTS organizations_admin_update ON public.organizations;
        DROP POLICY IF EXISTS organizations_no_delete ON public.organizations;
        -- An extension of an older version lacks the functions: then members by profile see theirs, until it is updated.
        IF to_regprocedure('model_access.organizations_of_caller()') IS NULL THEN
            CREATE POLICY organizations_view_own ON public.organizations FOR SELECT TO authenticated
                USING (id = (SELECT p.organization_id FROM public.profiles AS p WHERE p.id = (SELECT auth.uid())));
        ELSE
            CREATE POLICY organizations_view_own ON public.organizations FOR SELECT TO authenticated
                USING (id = ANY ((SELECT model_access.organizations_of_caller())::uuid[]));
            CREATE POLICY organizations_admin_insert ON public.organizations FOR INSERT TO authenticated
                WITH CHECK ((SELECT model_access.app_administered_org_id()) IS NOT NULL);
            CREATE POLICY organizations_admin_update ON public.organizations FOR UPDATE TO authenticated
                USING (id = (SELECT model_access.app_administered_org_id()))
                WITH CHECK (id = (SELECT model_access.app_administered_org_id()));
            CREATE POLICY organizations_no_delete ON public.organizations FOR DELETE TO authenticated USING (false);
        END IF;
    ELSE
        REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLE public.organizations FROM PUBLIC, anon, authenticated, service_role;
    END IF;
END $$;

-- What an organisation may spend is not for its own admin to say, whatever policies the application has.
CREATE OR REPLACE TRIGGER organizations_guard_privileged_columns
    BEFORE INSERT OR UPDATE ON public.organizations FOR EACH ROW
    EXECUTE FUNCTION model_access.guard_privileged_columns(
        'pricing_plan', 'quota_slots', 'type', 'token_quota_monthly', 'token_usage_current', 'token_reset_date', 'token_reset_anchor'
    );
ALTER TABLE public.organizations ENABLE ALWAYS TRIGGER organizations_guard_privileged_columns;

-- A changed plan or quota is written down, whoever changes it; in replica mode the row comes from where it was. Calls change other
-- columns.
DO $$
BEGIN
    IF to_regprocedure('model_access.note_decision()') IS NOT NULL THEN
        CREATE OR REPLACE TRIGGER organizations_note_decision
            AFTER UPDATE OF pricing_plan, quota_slots, type, token_quota_monthly ON public.organizations FOR EACH ROW
            EXECUTE FUNCTION model_access.note_decision('organization', 'id', 'id', 'pricing_plan', 'quota_slots', 'type', 'token_quota_monthly');
    END IF;
END $$;

-- One that the application has already is left as it is, and a table of its own too. Ours is closed each time: a restore gives it
-- what the database gives to every new function. A function of another kind under that name would do who knows what to our rows.
DO $$
DECLARE
    body CONSTANT text := 'BEGIN NEW.updated_at = pg_catalog.now(); RETURN NEW; END';
BEGIN
    IF to_regprocedure('public.update_updated_at_column()') IS NULL THEN
        EXECUTE format('CREATE FUNCTION public.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql SET search_path = '''' AS %L', body);
        COMMENT ON FUNCTION public.update_updated_at_column() IS 'Trigger: notes when a row was changed.';
    END IF;
    IF EXISTS (SELECT FROM pg_proc AS p WHERE p.oid = 'public.update_updated_at_column()'::regprocedure AND p.prosrc = body) THEN
        REVOKE ALL ON FUNCTION public.update_updated_at_column() FROM PUBLIC, anon, authenticated, service_role;
    END IF;
    IF 'organizations' = ANY ((SELECT s.made_tables FROM public.model_access_settings AS s WHERE s.singleton)::text[])
       AND EXISTS (SELECT FROM pg_proc AS p
                    WHERE p.oid = 'public.update_updated_at_column()'::regprocedure AND p.proowner = quote_ident(current_user)::regrole
                      AND regexp_replace(lower(p.prosrc), '\s|pg_catalog\.|:|;', '', 'g') = 'beginnew.updated_at=now()returnnewend') THEN
        CREATE OR REPLACE TRIGGER update_organizations_updated_at
            BEFORE UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();
    END IF;
END $$;

COMMENT ON TABLE public.organizations IS 'One row per organisation. People belong to one by profiles.organization_id.';
COMMENT ON COLUMN public.organizations.id IS 'Key.';
COMMENT ON COLUMN public.organizations.name IS 'Name to show.';
COMMENT ON COLUMN public.organizations.slug IS 'Name in addresses: small letters, digits and hyphens.';
COMMENT ON COLUMN public.organizations.metadata IS 'What the application keeps of it, a JSON object.';
COMMENT ON COLUMN public.organizations.pricing_plan IS 'free, starter, pro or enterprise. Guarded: clients cannot set it.';
COMMENT ON COLUMN public.organizations.quota_slots IS 'Rows per counter of the organisation, 1 to 64: more let more calls run at once. Guarded.';
COMMENT ON COLUMN public.organizations.type IS 'What kind of organisation it is: decides which system models are for it. Guarded.';
COMMENT ON COLUMN public.organizations.token_quota_monthly IS 'Tokens of system models that it may use in a month; NULL is unlimited. Guarded.';
COMMENT ON COLUMN public.organizations.token_usage_current IS 'Tokens used in the month that ends at token_reset_date. Guarded.';
COMMENT ON COLUMN public.organizations.token_reset_date IS 'When the month of the quota ends. Guarded.';
COMMENT ON COLUMN public.organizations.token_reset_anchor IS 'The date from which its months step; NULL before the engine wrote the row. Guarded.';
COMMENT ON COLUMN public.organizations.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.organizations.updated_at IS 'When the row was last changed.';
