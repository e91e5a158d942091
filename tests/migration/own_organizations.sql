-- Organisations as an application may have them, with columns of ours in types of its own, rules, rows and rights.
CREATE TYPE public.kind_of_organization AS ENUM ('school', 'bank');
CREATE TABLE public.organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(80) NOT NULL, slug varchar(40) NOT NULL CONSTRAINT their_slugs UNIQUE, type public.kind_of_organization,
    pricing_plan varchar(20) NOT NULL DEFAULT 'free' CHECK (pricing_plan IN ('free', 'gold')), token_quota_monthly numeric, token_usage_current smallint NOT NULL DEFAULT 0,
    quota_slots integer, settings jsonb, updated_at timestamp
);
CREATE INDEX their_lower_slugs ON public.organizations (lower(slug));
COMMENT ON TABLE public.organizations IS 'Theirs.';
COMMENT ON COLUMN public.organizations.type IS 'Their kind.';
ALTER TABLE public.organizations ENABLE ROW LEVEL SECURITY;
CREATE POLICY organizations_view_own ON public.organizations FOR SELECT USING (true);
GRANT SELECT, INSERT, TRUNCATE ON public.organizations TO authenticated;
CREATE FUNCTION public.theirs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER theirs BEFORE UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION public.theirs();
INSERT INTO public.organizations (name, slug, type, token_quota_monthly) VALUES ('School', 'school', 'school', 100), ('Bank', 'BANK', NULL, NULL);
