PREPARE call AS SELECT public.sync_openrouter_models(f.payload) FROM bench.feeds AS f WHERE f.models = 2000 AND f.edition = 'base';
BEGIN; TRUNCATE public.model_access, public.model_price_history, public.model_review_items CASCADE; EXECUTE call; ROLLBACK;
