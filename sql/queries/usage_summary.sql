-- Sums over the ledger's rows from an instant ($1) until before another ($2), as far as the caller may see them.
-- Keys: $3 the period of time, and whether by model ($4), provider ($5), user ($6), organisation ($7). $8: no key, one row even
-- of nothing.
-- The plan is made for the values, so a key that is not asked for costs nothing.
SELECT CASE WHEN $3 IS NOT NULL THEN pg_catalog.date_trunc($3, u.occurred_at, 'UTC') END,
       CASE WHEN $4 THEN u.model::pg_catalog.text END COLLATE pg_catalog."C",
       CASE WHEN $5 THEN pg_catalog.split_part(u.model, '/', 1) END COLLATE pg_catalog."C",
       CASE WHEN $6 THEN u.user_id END,
       CASE WHEN $7 THEN u.organization_id END,
       coalesce(pg_catalog.sum(u.requests), 0)::pg_catalog.int8,
       coalesce(pg_catalog.sum(u.prompt_tokens), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.completion_tokens), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.cached_tokens), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.cache_write_tokens), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.reasoning_tokens), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.tokens_used), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.cost_usd), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.markup_usd), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.total_usd), 0)::pg_catalog.numeric,
       coalesce(pg_catalog.sum(u.requests) FILTER (
           WHERE u.cost_usd IS NULL AND u.corrects_id IS NULL
             AND NOT EXISTS (SELECT FROM public.ai_usage AS c
                              WHERE c.corrects_id OPERATOR(pg_catalog.=) u.id
                                AND (c.cost_usd IS NOT NULL OR c.cost_source OPERATOR(pg_catalog.=) 'voided'))), 0)::pg_catalog.int8
  FROM (SELECT 1) AS one
  LEFT JOIN public.ai_usage AS u
    ON u.occurred_at OPERATOR(pg_catalog.>=) $1 AND u.occurred_at OPERATOR(pg_catalog.<) $2
 GROUP BY 1, 2, 3, 4, 5
HAVING $8 OR pg_catalog.count(u.id) OPERATOR(pg_catalog.>) 0
 ORDER BY 1, 2, 3, 4, 5
