-- Rows of the ledger, one per element of the arrays.
INSERT INTO public.ai_usage (id, user_id, organization_id, tier, plan, model, tokens_used, prompt_tokens, completion_tokens,
                             cached_tokens, cache_write_tokens, reasoning_tokens, requests, reservation_id, idempotency_key,
                             created_at, occurred_at, price_id, cost_source, cost_usd, markup_percent, markup_usd, total_usd,
                             computed_usd, other_usage)
SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5),
       pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), pg_catalog.unnest($9), pg_catalog.unnest($10),
       pg_catalog.unnest($11), pg_catalog.unnest($12), pg_catalog.unnest($13), pg_catalog.unnest($14),
       pg_catalog.unnest($15), $16, pg_catalog.unnest($17), pg_catalog.unnest($18), pg_catalog.unnest($19),
       pg_catalog.unnest($20::pg_catalog.numeric[]), pg_catalog.unnest($21::pg_catalog.numeric[]),
       pg_catalog.unnest($22::pg_catalog.numeric[]), pg_catalog.unnest($23::pg_catalog.numeric[]),
       pg_catalog.unnest($24::pg_catalog.numeric[]), pg_catalog.unnest($25::pg_catalog.jsonb[])
