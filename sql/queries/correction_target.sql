-- A row of the ledger ($1) with what it and its corrections come to: its instant, the row that it corrects, the net cost, markup and
-- total, and the correction that voided it.
SELECT u.occurred_at, u.corrects_id, c.cost_usd::pg_catalog.text, c.markup_usd::pg_catalog.text, c.total_usd::pg_catalog.text, c.voided_by
  FROM public.ai_usage AS u
 CROSS JOIN LATERAL (
     SELECT coalesce(pg_catalog.sum(n.cost_usd), 0) AS cost_usd, coalesce(pg_catalog.sum(n.markup_usd), 0) AS markup_usd,
            coalesce(pg_catalog.sum(n.total_usd), 0) AS total_usd,
            (pg_catalog.array_agg(n.id) FILTER (WHERE n.cost_source OPERATOR(pg_catalog.=) 'voided'))[1] AS voided_by
       FROM public.ai_usage AS n
      WHERE n.occurred_at OPERATOR(pg_catalog.=) u.occurred_at
        AND (n.id OPERATOR(pg_catalog.=) u.id OR n.corrects_id OPERATOR(pg_catalog.=) u.id)) AS c
 WHERE u.id OPERATOR(pg_catalog.=) $1
