-- The app's server, as service_role, passes on what GET /api/v1/models of OpenRouter answered.
-- psql reads the file itself (:'file' is quoted for the shell), so its size and its quotes do not matter.

\set feed `cat -- :'file'`
SELECT public.sync_openrouter_models(:'feed'::jsonb) AS result \gset

\echo '-- what the sync answered'
SELECT key, value FROM jsonb_each_text(:'result') ORDER BY key;

\echo '-- its row in public.model_sync_log'
SELECT * FROM public.model_sync_log WHERE id::text = :'result'::jsonb ->> 'sync_log_id' \gx
