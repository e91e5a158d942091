-- A number that changes with the catalogue, so that a cached list can be known to be current.

CREATE TABLE IF NOT EXISTS public.model_catalogue_version (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version bigint NOT NULL DEFAULT 1
);

INSERT INTO public.model_catalogue_version (singleton) VALUES (true) ON CONFLICT (singleton) DO NOTHING;

ALTER TABLE public.model_catalogue_version ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_catalogue_version FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_catalogue_version TO service_role;

CREATE OR REPLACE TRIGGER model_access_catalogue_version
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.model_access FOR EACH STATEMENT
    EXECUTE FUNCTION model_access.bump_catalogue_version();
-- ALWAYS: logical replication and restores with triggers off must not leave caches believing an old list.
ALTER TABLE public.model_access ENABLE ALWAYS TRIGGER model_access_catalogue_version;

COMMENT ON TABLE public.model_catalogue_version IS 'Version of the catalogue: exactly one row.';
COMMENT ON COLUMN public.model_catalogue_version.singleton IS 'Always true: keeps the table at one row.';
COMMENT ON COLUMN public.model_catalogue_version.version IS 'Rises with every statement that writes model_access.';
