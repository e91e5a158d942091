-- Limits of some subjects ($1 scopes, $2 subjects) whose pattern is one of $3.
SELECT l.limit_id, l.name, l.scope, l.subject, l.per, l.model_pattern, l.per_model, l.metric, l.period,
       l.limit_amount::pg_catalog.text, l.enforcement, l.time_zone,
       l.anchor, l.starts_at, l.ends_at, l.alert_at::pg_catalog.text[]
  FROM (SELECT pg_catalog.unnest($1) AS scope, pg_catalog.unnest($2) AS subject) AS s
  JOIN public.quota_limits AS l
    ON l.scope OPERATOR(pg_catalog.=) s.scope AND l.subject OPERATOR(pg_catalog.=) s.subject
   AND l.model_pattern OPERATOR(pg_catalog.=) ANY ($3)
