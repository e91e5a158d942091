-- A row of the ledger, as ledger_insert.sql has them, with what a receipt says of it.
INSERT INTO public.ai_usage AS u (id, user_id, organization_id, tier, plan, model, tokens_used, prompt_tokens, completion_tokens,
                                  cached_tokens, cache_write_tokens, reasoning_tokens, requests, reservation_id, idempotency_key,
                                  created_at, occurred_at, price_id, cost_source, cost_usd, markup_percent, markup_usd, total_usd,
                                  computed_usd, other_usage)
VALUES ($9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32,
        $33::pg_catalog.jsonb)
RETURNING u.model, u.tokens_used::pg_catalog.int8, u.cost_usd, u.markup_usd, u.total_usd, u.cost_source
