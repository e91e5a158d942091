-- Takes the rows from before an instant ($1) out of the ledger's default partition and keeps their sums, at an instant ($2); how many.
-- They came after their month was dropped.
WITH gone AS (
    DELETE FROM public.ai_usage_other AS o
     WHERE o.occurred_at OPERATOR(pg_catalog.<) $1
 RETURNING o.occurred_at, o.user_id, o.organization_id, o.tier, o.plan, o.model, o.requests, o.tokens_used, o.corrects_id,
           o.cost_usd, o.markup_usd, o.total_usd
), folded AS (
    INSERT INTO public.ai_usage_folded (month, user_id, organization_id, tier, plan, model, ledger_rows, requests, tokens_used,
                                        quota_cost_usd, cost_usd, markup_usd, total_usd, folded_at)
    SELECT pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', g.occurred_at))::pg_catalog.date,
           g.user_id, g.organization_id, g.tier, g.plan, g.model, pg_catalog.count(*), pg_catalog.sum(g.requests), pg_catalog.sum(g.tokens_used),
           coalesce(pg_catalog.sum(g.cost_usd) FILTER (WHERE g.corrects_id IS NULL), 0), coalesce(pg_catalog.sum(g.cost_usd), 0),
           coalesce(pg_catalog.sum(g.markup_usd), 0), coalesce(pg_catalog.sum(g.total_usd), 0), $2
      FROM gone AS g
     GROUP BY 1, g.user_id, g.organization_id, g.tier, g.plan, g.model
)
SELECT pg_catalog.count(*) FROM gone AS g
