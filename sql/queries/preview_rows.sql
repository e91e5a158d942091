-- Rows of the ledger about some models ($1) and a time ($2 to before $3), after a key ($4, $5) and at most so many ($6). The first 17
-- columns are those of reprice_rows.sql; then whose it is, which model, and whether our prices say what it cost.
SELECT u.id, u.occurred_at, u.prompt_tokens, u.completion_tokens, u.cached_tokens, u.cache_write_tokens, u.reasoning_tokens,
       u.tokens_used, u.requests, u.other_usage::pg_catalog.text, u.markup_percent::pg_catalog.text,
       u.cost_usd IS NULL AND c.corrections OPERATOR(pg_catalog.=) 0,
       (coalesce(u.cost_usd, 0) OPERATOR(pg_catalog.+) c.cost_usd)::pg_catalog.text,
       (coalesce(u.markup_usd, 0) OPERATOR(pg_catalog.+) c.markup_usd)::pg_catalog.text,
       (coalesce(u.total_usd, 0) OPERATOR(pg_catalog.+) c.total_usd)::pg_catalog.text,
       c.is_voided, u.cost_source OPERATOR(pg_catalog.=) 'computed',
       u.organization_id, u.model::pg_catalog.text,
       u.cost_source OPERATOR(pg_catalog.=) ANY (ARRAY['computed', 'estimated', 'unknown'])
  FROM (SELECT r.*
          FROM public.ai_usage AS r
         WHERE r.model OPERATOR(pg_catalog.=) ANY ($1) AND r.occurred_at OPERATOR(pg_catalog.>=) $2
           AND r.occurred_at OPERATOR(pg_catalog.<) $3 AND r.corrects_id IS NULL
           AND ROW (r.id, r.occurred_at) OPERATOR(pg_catalog.>) ROW ($4, $5)
         ORDER BY r.id, r.occurred_at
         LIMIT $6) AS u
 CROSS JOIN LATERAL (
     SELECT pg_catalog.count(*) AS corrections, coalesce(pg_catalog.sum(n.cost_usd), 0) AS cost_usd,
            coalesce(pg_catalog.sum(n.markup_usd), 0) AS markup_usd, coalesce(pg_catalog.sum(n.total_usd), 0) AS total_usd,
            coalesce(pg_catalog.bool_or(n.cost_source OPERATOR(pg_catalog.=) 'voided'), false) AS is_voided
       FROM public.ai_usage AS n
      WHERE n.corrects_id OPERATOR(pg_catalog.=) u.id AND n.occurred_at OPERATOR(pg_catalog.=) u.occurred_at) AS c
 ORDER BY u.id, u.occurred_at
