-- What the server said of the feed that the catalogue was last fetched from: with it, an unchanged feed costs one answer 304.

SELECT model_access.note_table('model_catalogue_source');
CREATE TABLE IF NOT EXISTS public.model_catalogue_source (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    url text NOT NULL,
    etag text,
    last_modified text,
    validated_url text,
    fetched_at timestamptz NOT NULL,
    sync_log_id uuid NOT NULL,
    models integer NOT NULL
);

ALTER TABLE public.model_catalogue_source ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_catalogue_source FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_catalogue_source TO service_role;

COMMENT ON TABLE public.model_catalogue_source IS 'The feed that was last fetched and stored: at most one row, written by refresh_openrouter_models().';
COMMENT ON COLUMN public.model_catalogue_source.singleton IS 'Always true: keeps the table at one row.';
COMMENT ON COLUMN public.model_catalogue_source.url IS 'Where it was fetched.';
COMMENT ON COLUMN public.model_catalogue_source.etag IS 'The server''s ETag.';
COMMENT ON COLUMN public.model_catalogue_source.last_modified IS 'The server''s Last-Modified.';
COMMENT ON COLUMN public.model_catalogue_source.validated_url IS 'What the two are of: where redirects led.';
COMMENT ON COLUMN public.model_catalogue_source.fetched_at IS 'When it came whole. After a week it is fetched anew, whatever the server says.';
COMMENT ON COLUMN public.model_catalogue_source.sync_log_id IS 'The sync that stored it. Once another one stored something else, the feed is fetched anew.';
COMMENT ON COLUMN public.model_catalogue_source.models IS 'Models not inactive after it. Once there are more or fewer, the feed is fetched anew.';
