-- Settings of the installation: one row, written by the owner and service_role, read by the engine.

CREATE TABLE IF NOT EXISTS public.model_access_settings (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    schema_version integer NOT NULL DEFAULT 1,
    owner_role name NOT NULL DEFAULT current_user,
    made_tables text[] NOT NULL DEFAULT '{}',
    adopted_tables text[] NOT NULL DEFAULT '{}',
    max_inactive_percent integer NOT NULL DEFAULT 30 CHECK (max_inactive_percent BETWEEN 0 AND 100),
    max_rejected_percent integer NOT NULL DEFAULT 10 CHECK (max_rejected_percent BETWEEN 0 AND 100),
    price_alert_ratio numeric NOT NULL DEFAULT 10 CHECK (price_alert_ratio > 1 AND price_alert_ratio < 'Infinity')
);
ALTER TABLE public.model_access_settings
    ADD COLUMN IF NOT EXISTS key_retention interval NOT NULL DEFAULT '35 days' CHECK (key_retention >= '1 day'),
    ADD COLUMN IF NOT EXISTS notify boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS markup_percent numeric NOT NULL DEFAULT 20 CHECK (markup_percent BETWEEN 0 AND 10000),
    ADD COLUMN IF NOT EXISTS openrouter_url text NOT NULL DEFAULT 'https://openrouter.ai/api/v1/models' CHECK (length(openrouter_url) <= 2000),
    ADD COLUMN IF NOT EXISTS fetch_timeout_seconds integer NOT NULL DEFAULT 60 CHECK (fetch_timeout_seconds BETWEEN 1 AND 600);

INSERT INTO public.model_access_settings (singleton) VALUES (true) ON CONFLICT (singleton) DO NOTHING;

ALTER TABLE public.model_access_settings ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_access_settings FROM PUBLIC, anon, authenticated, service_role;
-- Default privileges may have let others write: a superuser's let the developer do it.
DO $$
DECLARE
    other record;
BEGIN
    FOR other IN
        SELECT DISTINCT CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END AS name
          FROM pg_class AS c
         CROSS JOIN LATERAL (SELECT c.relacl UNION ALL SELECT a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS x (acl)
         CROSS JOIN LATERAL aclexplode(x.acl) AS e
         WHERE c.oid = 'public.model_access_settings'::regclass AND e.grantee <> c.relowner AND e.privilege_type <> 'SELECT'
    LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLE public.model_access_settings FROM %s CASCADE', other.name);
    END LOOP;
END $$;
GRANT SELECT, UPDATE (max_inactive_percent, max_rejected_percent, price_alert_ratio, key_retention, notify, markup_percent, openrouter_url,
                      fetch_timeout_seconds)
    ON TABLE public.model_access_settings TO service_role;

COMMENT ON TABLE public.model_access_settings IS 'Settings of model_access: exactly one row.';
COMMENT ON COLUMN public.model_access_settings.singleton IS 'Always true: keeps the table at one row.';
COMMENT ON COLUMN public.model_access_settings.schema_version IS 'Version of the tables, raised by install(). Functions refuse to work with an older one.';
COMMENT ON COLUMN public.model_access_settings.owner_role IS 'The role that ran install() and owns the tables; the engine acts as it.';
COMMENT ON COLUMN public.model_access_settings.made_tables IS 'Tables that install() made. The default repeats the value: a dump of the schema alone keeps it.';
COMMENT ON COLUMN public.model_access_settings.adopted_tables IS 'Tables that stood before install(): those of people keep the application''s policies and privileges.';
COMMENT ON COLUMN public.model_access_settings.max_inactive_percent IS 'A sync that would inactivate a larger share (percent) of the models not inactive is refused.';
COMMENT ON COLUMN public.model_access_settings.max_rejected_percent IS 'A sync fails when a larger share (percent) of its elements, and more than 5, is rejected.';
COMMENT ON COLUMN public.model_access_settings.price_alert_ratio IS 'A price that moves by more than this factor, either way, is put into model_review_items.';
COMMENT ON COLUMN public.model_access_settings.key_retention IS 'How long answers to idempotency keys, and reservations, are kept for retries.';
COMMENT ON COLUMN public.model_access_settings.notify IS 'Whether alerts are also sent by NOTIFY model_access_quota. Off: notifying makes commits wait for one another.';
COMMENT ON COLUMN public.model_access_settings.openrouter_url IS 'Where refresh_openrouter_models() fetches: https of the public internet, or http on the database''s own machine.';
COMMENT ON COLUMN public.model_access_settings.fetch_timeout_seconds IS 'A fetch that takes longer fails, with all its attempts and pages.';
COMMENT ON COLUMN public.model_access_settings.markup_percent IS 'What is added to the cost of each call, percent of it. Kept with every row of the ledger.';
