-- A row of the ledger ($1, of the instant $2) as a receipt.
SELECT u.model, u.tokens_used::pg_catalog.int8, u.cost_usd, u.markup_usd, u.total_usd, u.cost_source
  FROM public.ai_usage AS u
 WHERE u.id OPERATOR(pg_catalog.=) $1 AND u.occurred_at OPERATOR(pg_catalog.=) $2
