-- Alerts, each once in a window; with the setting notify also told to listeners of model_access_quota. $1 subjects, $2 sources,
-- $3 limits, $4 models, $5 windows, $6 thresholds, $7 names, $8 used, $9 limits' amounts, $10 now.
WITH raised AS (
    INSERT INTO public.quota_alerts (subject, source, limit_id, model, window_start, threshold, limit_name, used,
                                     limit_amount, raised_at)
    SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),
           pg_catalog.unnest($6::pg_catalog.numeric[]), pg_catalog.unnest($7), pg_catalog.unnest($8::pg_catalog.numeric[]),
           pg_catalog.unnest($9::pg_catalog.numeric[]), $10
        ON CONFLICT DO NOTHING
    RETURNING *
)
SELECT pg_catalog.pg_notify('model_access_quota', pg_catalog.to_jsonb(r)::pg_catalog.text)
  FROM raised AS r
 WHERE (SELECT s.notify FROM public.model_access_settings AS s WHERE s.singleton)
