-- Figures of reservations, holds and kept answers at an instant ($1): name, labels as pairs, value. From the ends of indexes, so
-- that a long history costs nothing.
WITH held AS (
    SELECT x.state, x.counter_id, pg_catalog.count(*) AS holds, pg_catalog.sum(x.amount) AS amount
      FROM (SELECT * FROM (SELECT 'live' AS state, h.counter_id, h.amount FROM public.quota_holds AS h
                            WHERE h.expires_at OPERATOR(pg_catalog.>) $1
                            ORDER BY h.expires_at DESC LIMIT 2000) AS l
            UNION ALL
            SELECT * FROM (SELECT 'expired', h.counter_id, h.amount FROM public.quota_holds AS h
                            WHERE h.expires_at OPERATOR(pg_catalog.<=) $1
                            ORDER BY h.expires_at LIMIT 2000) AS e) AS x
     GROUP BY x.state, x.counter_id
), of_limits AS ( -- looked up one by one: a join would read every counter
    SELECT x.state, x.limit_id, pg_catalog.sum(x.holds) AS holds, pg_catalog.sum(x.amount) AS amount
      FROM (SELECT h.state, h.holds, h.amount,
                   (SELECT u.limit_id FROM public.quota_usage AS u WHERE u.counter_id OPERATOR(pg_catalog.=) h.counter_id) AS limit_id
              FROM held AS h) AS x
     GROUP BY x.state, x.limit_id
), of_metrics AS MATERIALIZED ( -- limits of a model, of limit 0, count requests
    SELECT h.state, h.holds, h.amount,
           coalesce((SELECT l.metric FROM public.quota_limits AS l WHERE l.limit_id OPERATOR(pg_catalog.=) h.limit_id), 'requests') AS metric
      FROM of_limits AS h
), holds AS (
    SELECT m.metric, s.state, coalesce(pg_catalog.sum(x.holds), 0) AS holds, coalesce(pg_catalog.sum(x.amount), 0) AS amount
      FROM pg_catalog.unnest('{requests,tokens,cost_usd,concurrent}'::pg_catalog.text[]) AS m (metric)
     CROSS JOIN pg_catalog.unnest('{live,expired}'::pg_catalog.text[]) AS s (state)
      LEFT JOIN of_metrics AS x ON x.metric OPERATOR(pg_catalog.=) m.metric AND x.state OPERATOR(pg_catalog.=) s.state
     GROUP BY m.metric, s.state
)
SELECT 'model_access_recent_reservations', ARRAY['status', w.status], pg_catalog.count(r.status)::pg_catalog.text
  FROM pg_catalog.unnest('{live,overdue,settled,released,expired}'::pg_catalog.text[]) AS w (status)
  LEFT JOIN (SELECT CASE WHEN q.status OPERATOR(pg_catalog.<>) 'active' THEN q.status
                         WHEN q.expires_at OPERATOR(pg_catalog.>) $1 THEN 'live' ELSE 'overdue' END AS status
               FROM public.quota_reservations AS q
              ORDER BY q.expires_at DESC LIMIT 10000) AS r ON r.status OPERATOR(pg_catalog.=) w.status
 GROUP BY w.status
UNION ALL
SELECT 'model_access_holds', ARRAY['metric', h.metric, 'state', h.state], h.holds::pg_catalog.text FROM holds AS h
UNION ALL
SELECT 'model_access_held_amount', ARRAY['metric', h.metric, 'state', h.state], h.amount::pg_catalog.text FROM holds AS h
UNION ALL
SELECT 'model_access_oldest_expired_hold_age_seconds', '{}',
       greatest(0, extract(epoch FROM $1 OPERATOR(pg_catalog.-) pg_catalog.min(h.expires_at)))::pg_catalog.text
  FROM public.quota_holds AS h
UNION ALL
SELECT 'model_access_oldest_kept_answer_age_seconds', '{}',
       greatest(0, extract(epoch FROM $1 OPERATOR(pg_catalog.-) pg_catalog.min(q.created_at)))::pg_catalog.text
  FROM public.quota_requests AS q
