-- The catalogue for people to read: the provider, prices as numbers per million tokens, and the price row in force.
-- The reader's own rights and policies hold. A price that is no number, or -1 (it depends on the route), is NULL.

CREATE OR REPLACE VIEW public.model_catalogue WITH (security_invoker = true) AS
SELECT m.model_id,
       split_part(m.model_id, '/', 1) AS provider,
       m.model_name,
       m.model_description,
       m.status,
       m.is_free,
       m.is_pro,
       m.is_enterprise,
       m.context_length,
       m.max_completion_tokens,
       m.modality,
       trim_scale(CASE WHEN m.prompt_price ~ '^(\d+\.?\d*|\.\d+)$' THEN m.prompt_price::numeric * 1000000 END) AS prompt_usd_per_million,
       trim_scale(CASE WHEN m.completion_price ~ '^(\d+\.?\d*|\.\d+)$' THEN m.completion_price::numeric * 1000000 END) AS completion_usd_per_million,
       trim_scale(CASE WHEN coalesce(m.input_cache_read_price, m.prompt_price) ~ '^(\d+\.?\d*|\.\d+)$'
                       THEN coalesce(m.input_cache_read_price, m.prompt_price)::numeric * 1000000 END) AS cache_read_usd_per_million,
       trim_scale(CASE WHEN coalesce(m.input_cache_write_price, m.prompt_price) ~ '^(\d+\.?\d*|\.\d+)$'
                       THEN coalesce(m.input_cache_write_price, m.prompt_price)::numeric * 1000000 END) AS cache_write_usd_per_million,
       trim_scale(CASE WHEN m.request_price ~ '^(\d+\.?\d*|\.\d+)$' THEN m.request_price::numeric END) AS request_usd,
       p.id AS price_id,
       p.valid_from AS price_valid_from,
       p.pricing
  FROM public.model_access AS m
  LEFT JOIN public.model_price_history AS p ON p.model_id = m.model_id AND p.valid_to IS NULL;

REVOKE ALL ON TABLE public.model_catalogue FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.model_catalogue TO authenticated, service_role;

COMMENT ON VIEW public.model_catalogue IS 'The catalogue for people to read: one row per model, with its provider and prices in USD per million tokens.';
COMMENT ON COLUMN public.model_catalogue.model_id IS 'OpenRouter''s id, the name under which a model is called.';
COMMENT ON COLUMN public.model_catalogue.provider IS 'The part of model_id before the slash.';
COMMENT ON COLUMN public.model_catalogue.model_name IS 'Name to show; not unique.';
COMMENT ON COLUMN public.model_catalogue.model_description IS 'Text to show: third-party text of any content.';
COMMENT ON COLUMN public.model_catalogue.status IS 'new, active, disabled or inactive. Only active models can be used.';
COMMENT ON COLUMN public.model_catalogue.is_free IS 'Open to every tier.';
COMMENT ON COLUMN public.model_catalogue.is_pro IS 'Open to pro and enterprise.';
COMMENT ON COLUMN public.model_catalogue.is_enterprise IS 'Open to enterprise.';
COMMENT ON COLUMN public.model_catalogue.context_length IS 'Largest context in tokens; 0 occurs.';
COMMENT ON COLUMN public.model_catalogue.max_completion_tokens IS 'Largest answer in tokens; NULL when not told.';
COMMENT ON COLUMN public.model_catalogue.modality IS 'Input and output kinds in one word, such as text->text.';
COMMENT ON COLUMN public.model_catalogue.prompt_usd_per_million IS 'USD per million prompt tokens; NULL when it depends on the route.';
COMMENT ON COLUMN public.model_catalogue.completion_usd_per_million IS 'USD per million completion tokens; NULL as for the prompt.';
COMMENT ON COLUMN public.model_catalogue.cache_read_usd_per_million IS 'USD per million cached prompt tokens; the prompt price where the provider names none.';
COMMENT ON COLUMN public.model_catalogue.cache_write_usd_per_million IS 'USD per million tokens written to the cache; the prompt price where the provider names none.';
COMMENT ON COLUMN public.model_catalogue.request_usd IS 'USD per request, beside the tokens.';
COMMENT ON COLUMN public.model_catalogue.price_id IS 'The row of model_price_history in force; NULL before the first sync of the model.';
COMMENT ON COLUMN public.model_catalogue.price_valid_from IS 'Since when that price holds.';
COMMENT ON COLUMN public.model_catalogue.pricing IS 'The whole pricing object as sent, overrides included.';
