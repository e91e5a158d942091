-- The catalogue: one row per model that OpenRouter ever listed, with the admin's verdict.

-- Only what a row cannot be without stands here: the rest is added, to a table that was there before as well.
SELECT model_access.note_table('model_access');
CREATE TABLE IF NOT EXISTS public.model_access (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    model_id varchar(100) NOT NULL UNIQUE,
    canonical_slug varchar(255),
    hugging_face_id varchar(255),
    model_name varchar(255) NOT NULL
);

ALTER TABLE public.model_access
    ADD COLUMN IF NOT EXISTS canonical_slug varchar(255),
    ADD COLUMN IF NOT EXISTS hugging_face_id varchar(255),
    ADD COLUMN IF NOT EXISTS model_description text,
    ADD COLUMN IF NOT EXISTS context_length integer DEFAULT 8192,
    ADD COLUMN IF NOT EXISTS created_timestamp bigint,
    ADD COLUMN IF NOT EXISTS modality varchar(50),
    ADD COLUMN IF NOT EXISTS input_modalities jsonb DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS output_modalities jsonb DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS tokenizer varchar(100),
    ADD COLUMN IF NOT EXISTS prompt_price varchar(32) DEFAULT '0',
    ADD COLUMN IF NOT EXISTS completion_price varchar(32) DEFAULT '0',
    ADD COLUMN IF NOT EXISTS request_price varchar(32) DEFAULT '0',
    ADD COLUMN IF NOT EXISTS image_price varchar(32) DEFAULT '0',
    ADD COLUMN IF NOT EXISTS web_search_price varchar(32) DEFAULT '0',
    ADD COLUMN IF NOT EXISTS internal_reasoning_price varchar(32) DEFAULT '0',
    ADD COLUMN IF NOT EXISTS input_cache_read_price varchar(32),
    ADD COLUMN IF NOT EXISTS input_cache_write_price varchar(32),
    ADD COLUMN IF NOT EXISTS max_completion_tokens integer,
    ADD COLUMN IF NOT EXISTS is_moderated boolean DEFAULT false,
    ADD COLUMN IF NOT EXISTS supported_parameters jsonb DEFAULT '[]',
    ADD COLUMN IF NOT EXISTS status varchar(20) NOT NULL DEFAULT 'new' CHECK (status IN ('active', 'inactive', 'disabled', 'new')),
    ADD COLUMN IF NOT EXISTS is_free boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS is_pro boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS is_enterprise boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS daily_limit integer CONSTRAINT model_access_daily_limit_check CHECK (daily_limit >= 0),
    ADD COLUMN IF NOT EXISTS monthly_limit integer CONSTRAINT model_access_monthly_limit_check CHECK (monthly_limit >= 0),
    ADD COLUMN IF NOT EXISTS last_synced_at timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS openrouter_last_seen timestamptz DEFAULT now(),
    ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN IF NOT EXISTS feed_hash bigint;

-- What a feed said of it before there was the column nobody kept: every element is compared once more.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = 'public.model_access'::regclass
                      AND a.attname = 'expiration_date' AND NOT a.attisdropped) THEN
        UPDATE public.model_access AS m SET feed_hash = NULL WHERE m.feed_hash IS NOT NULL;
        ALTER TABLE public.model_access ADD COLUMN expiration_date date;
    END IF;
END $$;

-- A table of the seed: prices of 20 characters, into which a real one of 25 does not fit; a status and flags that may be
-- NULL, which means what their defaults mean: to be reviewed, open to nobody.
DO $$
DECLARE
    price name;
    filled bigint;
BEGIN
    FOR price IN
        SELECT a.attname FROM pg_attribute AS a
         WHERE a.attrelid = 'public.model_access'::regclass AND NOT a.attisdropped
           AND a.attname IN ('prompt_price', 'completion_price', 'request_price', 'image_price', 'web_search_price',
                             'internal_reasoning_price', 'input_cache_read_price', 'input_cache_write_price')
           AND format_type(a.atttypid, a.atttypmod) = 'character varying(20)'
    LOOP
        EXECUTE format('ALTER TABLE public.model_access ALTER COLUMN %I TYPE varchar(32)', price);
    END LOOP;
    IF EXISTS (SELECT FROM pg_attribute AS a
                WHERE a.attrelid = 'public.model_access'::regclass AND NOT a.attnotnull
                  AND a.attname IN ('status', 'is_free', 'is_pro', 'is_enterprise')) THEN
        UPDATE public.model_access AS m
           SET status = coalesce(m.status, 'new'), is_free = coalesce(m.is_free, false),
               is_pro = coalesce(m.is_pro, false), is_enterprise = coalesce(m.is_enterprise, false)
         WHERE m.status IS NULL OR m.is_free IS NULL OR m.is_pro IS NULL OR m.is_enterprise IS NULL;
        GET DIAGNOSTICS filled = ROW_COUNT;
        IF filled > 0 THEN
            RAISE WARNING 'a status or flag was NULL in % rows of model_access and is new or false now', filled;
        END IF;
        ALTER TABLE public.model_access
            ALTER COLUMN status SET NOT NULL, ALTER COLUMN is_free SET NOT NULL,
            ALTER COLUMN is_pro SET NOT NULL, ALTER COLUMN is_enterprise SET NOT NULL;
    END IF;
END $$;

-- A column that was there before has no check of ours yet. Rows that break it stay; verify() then says "not valid".
DO $$
DECLARE
    missing record;
BEGIN
    FOR missing IN
        SELECT c.name, c.rule
          FROM (VALUES ('model_access_status_check', 'status IN (''active'', ''inactive'', ''disabled'', ''new'')'),
                       ('model_access_daily_limit_check', 'daily_limit >= 0'),
                       ('model_access_monthly_limit_check', 'monthly_limit >= 0')) AS c (name, rule)
         WHERE NOT EXISTS (SELECT FROM pg_constraint AS k
                            WHERE k.conrelid = 'public.model_access'::regclass AND k.conname = c.name)
    LOOP
        EXECUTE format('ALTER TABLE public.model_access ADD CONSTRAINT %I CHECK (%s) NOT VALID', missing.name, missing.rule);
        BEGIN
            EXECUTE format('ALTER TABLE public.model_access VALIDATE CONSTRAINT %I', missing.name);
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING 'rows of model_access break the rule %', missing.rule
                USING HINT = format('Mend them, then run ALTER TABLE public.model_access VALIDATE CONSTRAINT %I;', missing.name);
        END;
    END LOOP;
END $$;

CREATE INDEX IF NOT EXISTS idx_model_access_status ON public.model_access (status);
CREATE INDEX IF NOT EXISTS idx_model_access_tier_access ON public.model_access (is_free, is_pro, is_enterprise);
CREATE INDEX IF NOT EXISTS idx_model_access_last_synced ON public.model_access (last_synced_at);
CREATE INDEX IF NOT EXISTS idx_model_access_openrouter_seen ON public.model_access (openrouter_last_seen);

ALTER TABLE public.model_access ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_access FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_access TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.model_access TO service_role;

DROP POLICY IF EXISTS "All authenticated users can view model access" ON public.model_access;
CREATE POLICY "All authenticated users can view model access" ON public.model_access
    FOR SELECT TO authenticated USING ((SELECT auth.role()) = 'authenticated');

COMMENT ON TABLE public.model_access IS 'The model catalogue: what OpenRouter lists, and which tiers may use it.';
COMMENT ON COLUMN public.model_access.id IS 'Key of the row.';
COMMENT ON COLUMN public.model_access.model_id IS 'OpenRouter''s id, the name under which a model is called. The provider is the part before the slash.';
COMMENT ON COLUMN public.model_access.canonical_slug IS 'Dated name of the model; several ids may share it.';
COMMENT ON COLUMN public.model_access.hugging_face_id IS 'Name at Hugging Face, NULL or empty when there is none.';
COMMENT ON COLUMN public.model_access.model_name IS 'Name to show; not unique.';
COMMENT ON COLUMN public.model_access.model_description IS 'Text to show: third-party text of any content.';
COMMENT ON COLUMN public.model_access.context_length IS 'Largest context in tokens; 0 occurs.';
COMMENT ON COLUMN public.model_access.created_timestamp IS 'When the model was published, unix seconds. Set once.';
COMMENT ON COLUMN public.model_access.modality IS 'Input and output kinds in one word, such as text->text.';
COMMENT ON COLUMN public.model_access.input_modalities IS 'JSON array of input kinds.';
COMMENT ON COLUMN public.model_access.output_modalities IS 'JSON array of output kinds.';
COMMENT ON COLUMN public.model_access.tokenizer IS 'Family of the tokenizer.';
COMMENT ON COLUMN public.model_access.prompt_price IS 'USD per prompt token, a decimal string as sent; -1 depends on the route.';
COMMENT ON COLUMN public.model_access.completion_price IS 'USD per completion token, as prompt_price.';
COMMENT ON COLUMN public.model_access.request_price IS 'USD per request, as prompt_price.';
COMMENT ON COLUMN public.model_access.image_price IS 'USD per input image, as prompt_price.';
COMMENT ON COLUMN public.model_access.web_search_price IS 'USD per web search, as prompt_price.';
COMMENT ON COLUMN public.model_access.internal_reasoning_price IS 'USD per reasoning token, as prompt_price.';
COMMENT ON COLUMN public.model_access.input_cache_read_price IS 'USD per cached prompt token; NULL means the prompt price.';
COMMENT ON COLUMN public.model_access.input_cache_write_price IS 'USD per token written to the cache; NULL means the prompt price.';
COMMENT ON COLUMN public.model_access.max_completion_tokens IS 'Largest answer in tokens; NULL when not told.';
COMMENT ON COLUMN public.model_access.is_moderated IS 'Whether the top provider moderates.';
COMMENT ON COLUMN public.model_access.supported_parameters IS 'JSON array of request parameters that the model understands.';
COMMENT ON COLUMN public.model_access.status IS 'new (to be reviewed), active, disabled (by an admin) or inactive (gone from the feed). Only active models can be used.';
COMMENT ON COLUMN public.model_access.is_free IS 'Open to every tier. Never derived from a price.';
COMMENT ON COLUMN public.model_access.is_pro IS 'Open to pro and enterprise.';
COMMENT ON COLUMN public.model_access.is_enterprise IS 'Open to enterprise.';
COMMENT ON COLUMN public.model_access.daily_limit IS 'Requests per user and UTC day; NULL unlimited, 0 none.';
COMMENT ON COLUMN public.model_access.monthly_limit IS 'Requests per user and UTC month; NULL unlimited, 0 none.';
COMMENT ON COLUMN public.model_access.last_synced_at IS 'When a sync last wrote the row; moves at most weekly while nothing changes.';
COMMENT ON COLUMN public.model_access.openrouter_last_seen IS 'When the feed was last noted to have the model; moves at most weekly while nothing changes.';
COMMENT ON COLUMN public.model_access.created_at IS 'When the row was made.';
COMMENT ON COLUMN public.model_access.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN public.model_access.feed_hash IS 'Hash of the mapped part of the last feed element that was stored; NULL forces a comparison.';
COMMENT ON COLUMN public.model_access.expiration_date IS 'The day on which the provider takes the model away; NULL when it names none.';
