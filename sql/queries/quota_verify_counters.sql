-- Counters of windows that are open at an instant ($1), of one subject ($2) or all, with their limits.
SELECT l.limit_id, l.name, l.scope, l.subject, l.per, l.model_pattern, l.per_model, l.metric, l.period,
       l.limit_amount::pg_catalog.text, l.enforcement, l.time_zone,
       l.anchor, l.starts_at, l.ends_at, l.alert_at::pg_catalog.text[],
       u.subject, u.source, u.limit_id, u.model, u.window_start, u.window_end,
       u.used::pg_catalog.text, u.opening::pg_catalog.text, u.counter_id
  FROM (SELECT c.subject, c.source, c.limit_id, c.model, c.window_start, c.window_end, pg_catalog.sum(c.used) AS used,
               pg_catalog.sum(c.opening) AS opening, pg_catalog.min(c.counter_id) AS counter_id
          FROM public.quota_usage AS c
         WHERE c.window_end OPERATOR(pg_catalog.>) $1 AND ($2 IS NULL OR c.subject OPERATOR(pg_catalog.=) $2)
         GROUP BY c.subject, c.source, c.limit_id, c.model, c.window_start, c.window_end) AS u
  LEFT JOIN public.quota_limits AS l
    ON l.limit_id OPERATOR(pg_catalog.=) u.limit_id AND u.source OPERATOR(pg_catalog.=) 'limit'
 WHERE l.limit_id IS NOT NULL OR u.source OPERATOR(pg_catalog.<>) 'limit'
 ORDER BY u.counter_id
