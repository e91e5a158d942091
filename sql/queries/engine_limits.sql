-- Figures of limits and alerts at an instant ($1): name, labels as pairs, value.
SELECT 'model_access_limits', ARRAY['enforcement', e.enforcement, 'metric', m.metric], pg_catalog.count(l.metric)::pg_catalog.text
  FROM pg_catalog.unnest('{requests,tokens,cost_usd,concurrent}'::pg_catalog.text[]) AS m (metric)
 CROSS JOIN pg_catalog.unnest('{hard,soft}'::pg_catalog.text[]) AS e (enforcement)
  LEFT JOIN (SELECT q.metric, q.enforcement FROM public.quota_limits AS q LIMIT 10000) AS l
    ON l.metric OPERATOR(pg_catalog.=) m.metric AND l.enforcement OPERATOR(pg_catalog.=) e.enforcement
 GROUP BY m.metric, e.enforcement
UNION ALL
SELECT 'model_access_alerts_last_day', ARRAY['level', w.level], pg_catalog.count(a.level)::pg_catalog.text
  FROM pg_catalog.unnest('{approaching,reached}'::pg_catalog.text[]) AS w (level)
  LEFT JOIN (SELECT CASE WHEN q.threshold OPERATOR(pg_catalog.<) 1 THEN 'approaching' ELSE 'reached' END AS level
               FROM public.quota_alerts AS q
              WHERE q.raised_at OPERATOR(pg_catalog.>) ($1 OPERATOR(pg_catalog.-) pg_catalog.make_interval(hours => 24))
              ORDER BY q.raised_at DESC
              LIMIT 10000) AS a ON a.level OPERATOR(pg_catalog.=) w.level
 GROUP BY w.level
