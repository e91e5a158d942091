-- The months of which rows lie in the ledger's default partition, and how many: of those from the first partition ($1, NULL when there is
-- none) or the month before an instant ($2) on, up to $3 months after it. Older rows came after their month was dropped; they stay.
SELECT pg_catalog.timezone('UTC', m.month), pg_catalog.count(*)
  FROM (SELECT pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', o.occurred_at))
          FROM public.ai_usage_other AS o
         WHERE o.occurred_at OPERATOR(pg_catalog.>=) least($1, pg_catalog.timezone('UTC', pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', $2))
                                                                  OPERATOR(pg_catalog.-) pg_catalog.make_interval(months => 1)))
           AND o.occurred_at OPERATOR(pg_catalog.<) pg_catalog.timezone('UTC', pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', $2))
                                                       OPERATOR(pg_catalog.+) pg_catalog.make_interval(months => $3 OPERATOR(pg_catalog.+) 1))) AS m (month)
 GROUP BY m.month
 ORDER BY m.month
