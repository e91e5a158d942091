-- A number that changes with the catalogue, so that a cached list can be known to be current.

SELECT model_access.note_table('model_catalogue_version');
CREATE TABLE IF NOT EXISTS public.model_catalogue_version (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    version bigint NOT NULL DEFAULT 1
);

INSERT INTO public.model_catalogue_version (singleton) VALUES (true) ON CONFLICT (singleton) DO NOTHING;

ALTER TABLE public.model_catalogue_version ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_catalogue_version FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_catalogue_version TO service_role;

-- ALWAYS: a session in replica mode must not leave kept lists believing an old version.
CREATE OR REPLACE TRIGGER model_access_catalogue_version
    BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.model_access FOR EACH STATEMENT
    EXECUTE FUNCTION model_access.bump_catalogue_version();
ALTER TABLE public.model_access ENABLE ALWAYS TRIGGER model_access_catalogue_version;
-- The apply process of logical replication fires row triggers only; REPLICA costs nothing elsewhere.
CREATE OR REPLACE TRIGGER model_access_catalogue_version_row
    BEFORE INSERT OR UPDATE OR DELETE ON public.model_access FOR EACH ROW
    EXECUTE FUNCTION model_access.bump_catalogue_version();
ALTER TABLE public.model_access ENABLE REPLICA TRIGGER model_access_catalogue_version_row;

COMMENT ON TABLE public.model_catalogue_version IS 'Version of the catalogue: exactly one row.';
COMMENT ON COLUMN public.model_catalogue_version.singleton IS 'Always true: keeps the table at one row.';
COMMENT ON COLUMN public.model_catalogue_version.version IS 'Rises with every transaction that writes model_access, and with every part of it that a savepoint may take back.';
