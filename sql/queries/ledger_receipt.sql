-- A row of the ledger ($1, of the instant $2) as a receipt.
SELECT u.model, u.tokens_used::pg_catalog.int8, u.cost_usd::pg_catalog.text, u.markup_usd::pg_catalog.text, u.total_usd::pg_catalog.text,
       u.cost_source
  FROM public.ai_usage AS u
 WHERE u.id OPERATOR(pg_catalog.=) $1 AND u.occurred_at OPERATOR(pg_catalog.=) $2
