-- Corrections of rows of the ledger, one per element of the arrays: $1 their keys, $2 and $3 the rows and their instants, $4 to $6 what cost,
-- markup and total change by, $7 the price rows. $8 is the cost's source, $9 the reason, $10 when.
INSERT INTO public.ai_usage (id, user_id, organization_id, tier, plan, model, tokens_used, requests, cost_usd, markup_usd, total_usd,
                             cost_source, markup_percent, price_id, corrects_id, correction_reason, created_at, occurred_at)
SELECT c.id, u.user_id, u.organization_id, u.tier, u.plan, u.model, 0, 0, c.cost_usd, c.markup_usd, c.total_usd,
       $8, u.markup_percent, c.price_id, u.id, $9, $10, u.occurred_at
  FROM (SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4::pg_catalog.numeric[]),
               pg_catalog.unnest($5::pg_catalog.numeric[]), pg_catalog.unnest($6::pg_catalog.numeric[]), pg_catalog.unnest($7)
       ) AS c (id, corrects_id, occurred_at, cost_usd, markup_usd, total_usd, price_id)
  JOIN public.ai_usage AS u
    ON u.id OPERATOR(pg_catalog.=) c.corrects_id AND u.occurred_at OPERATOR(pg_catalog.=) c.occurred_at
