-- What does not agree among counters, holds, reservations and the ledger: of one subject or user ($1) or all.
SELECT x.problem, x.subject, x.model, x.counter_id, x.expected::pg_catalog.text, x.actual::pg_catalog.text, x.detail
  FROM (
      SELECT 'held' AS problem, u.subject, u.model, u.counter_id, coalesce(h.held, 0) AS expected, u.held AS actual,
             'the sum of its holds, and what the counter says' AS detail
        FROM public.quota_usage AS u
        LEFT JOIN (SELECT q.counter_id, pg_catalog.sum(q.amount) AS held FROM public.quota_holds AS q GROUP BY q.counter_id) AS h
          ON h.counter_id OPERATOR(pg_catalog.=) u.counter_id
       WHERE ($1 IS NULL OR u.subject OPERATOR(pg_catalog.=) $1) AND u.held OPERATOR(pg_catalog.<>) coalesce(h.held, 0)
      UNION ALL
      SELECT 'counter without limit', u.subject, u.model, u.counter_id, NULL, u.used, pg_catalog.format('limit %s', u.limit_id)
        FROM public.quota_usage AS u
       WHERE ($1 IS NULL OR u.subject OPERATOR(pg_catalog.=) $1) AND u.source OPERATOR(pg_catalog.=) 'limit'
         AND NOT EXISTS (SELECT FROM public.quota_limits AS l WHERE l.limit_id OPERATOR(pg_catalog.=) u.limit_id)
      UNION ALL
      SELECT 'hold without counter', r.user_id, r.model, h.counter_id, NULL, h.amount,
             pg_catalog.format('reservation %s', h.reservation_id)
        FROM public.quota_holds AS h
        LEFT JOIN public.quota_reservations AS r ON r.reservation_id OPERATOR(pg_catalog.=) h.reservation_id
       WHERE ($1 IS NULL OR r.user_id OPERATOR(pg_catalog.=) $1)
         AND NOT EXISTS (SELECT FROM public.quota_usage AS u WHERE u.counter_id OPERATOR(pg_catalog.=) h.counter_id)
      UNION ALL
      SELECT 'hold without live reservation', r.user_id, r.model, h.counter_id, NULL, h.amount,
             pg_catalog.format('reservation %s is %s', h.reservation_id, coalesce(r.status, 'not there'))
        FROM public.quota_holds AS h
        LEFT JOIN public.quota_reservations AS r ON r.reservation_id OPERATOR(pg_catalog.=) h.reservation_id
       WHERE ($1 IS NULL OR r.user_id OPERATOR(pg_catalog.=) $1) AND r.status IS DISTINCT FROM 'active'
      UNION ALL
      SELECT 'ledger row missing', r.user_id, r.model, NULL, r.tokens, NULL,
             pg_catalog.format('reservation %s was settled by usage %s', r.reservation_id, r.usage_id)
        FROM public.quota_reservations AS r
       WHERE ($1 IS NULL OR r.user_id OPERATOR(pg_catalog.=) $1) AND r.status OPERATOR(pg_catalog.=) 'settled'
         AND NOT EXISTS (SELECT FROM public.ai_usage AS u WHERE u.id OPERATOR(pg_catalog.=) r.usage_id
                            AND u.occurred_at OPERATOR(pg_catalog.=) r.occurred_at)
         -- Of a month that is kept no longer.
         AND NOT EXISTS (SELECT FROM public.ai_usage_folded AS f
                          WHERE f.user_id OPERATOR(pg_catalog.=) r.user_id AND f.model OPERATOR(pg_catalog.=) r.model
                            AND f.month OPERATOR(pg_catalog.=) pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', r.occurred_at))::pg_catalog.date)
  ) AS x
 ORDER BY x.problem, x.counter_id, x.detail
