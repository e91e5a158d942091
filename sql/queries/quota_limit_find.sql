-- The limit of a name ($1), scope ($2) and subject ($3), locked; and whether it counts what is asked for ($4 … $10).
SELECT l.limit_id, pg_catalog.to_jsonb(l)::pg_catalog.text,
       (l.per, l.model_pattern, l.per_model, l.metric, l.time_zone) IS NOT DISTINCT FROM ($4, $5, $6, $7, $8)
       AND l.period IS NOT DISTINCT FROM $9 AND l.anchor IS NOT DISTINCT FROM $10
  FROM public.quota_limits AS l
 WHERE l.name OPERATOR(pg_catalog.=) $1 AND l.scope OPERATOR(pg_catalog.=) $2 AND l.subject OPERATOR(pg_catalog.=) $3
   FOR UPDATE
