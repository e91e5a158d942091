-- Sets a limit: one row per name ($1), scope ($2) and subject ($3). A change of what is counted makes another limit of it,
-- with other counters; the caller has locked and dropped those of the old one.
INSERT INTO public.quota_limits AS l (name, scope, subject, per, model_pattern, per_model, metric, period, limit_amount, enforcement,
                                      time_zone, anchor, starts_at, ends_at, alert_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
    ON CONFLICT (name, scope, subject) DO UPDATE
   SET limit_amount = excluded.limit_amount, enforcement = excluded.enforcement, starts_at = excluded.starts_at,
       ends_at = excluded.ends_at, alert_at = excluded.alert_at, updated_at = excluded.updated_at
RETURNING l.limit_id, pg_catalog.to_jsonb(l)::pg_catalog.text
