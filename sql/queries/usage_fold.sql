-- Sums the ledger's rows of a time ($1 to before $2) by month, user, organisation, tier, plan and model, at an instant ($3); how many there
-- are, and sums over hashes of their keys and users, by which usage_fingerprint.sql knows them again.
WITH summed AS MATERIALIZED (
    SELECT pg_catalog.date_trunc('month', pg_catalog.timezone('UTC', u.occurred_at))::pg_catalog.date AS month,
           u.user_id, u.organization_id, u.tier, u.plan, u.model, pg_catalog.count(*) AS ledger_rows, pg_catalog.sum(u.requests) AS requests,
           pg_catalog.sum(u.tokens_used)::pg_catalog.numeric AS tokens_used,
           coalesce(pg_catalog.sum(u.cost_usd) FILTER (WHERE u.corrects_id IS NULL), 0) AS quota_cost_usd,
           coalesce(pg_catalog.sum(u.cost_usd), 0) AS cost_usd, coalesce(pg_catalog.sum(u.markup_usd), 0) AS markup_usd,
           coalesce(pg_catalog.sum(u.total_usd), 0) AS total_usd,
           pg_catalog.sum(pg_catalog.uuid_hash_extended(u.id, 0)) AS ids, pg_catalog.sum(pg_catalog.uuid_hash_extended(u.user_id, 0)) AS users
      FROM public.ai_usage AS u
     WHERE u.occurred_at OPERATOR(pg_catalog.>=) $1 AND u.occurred_at OPERATOR(pg_catalog.<) $2
     GROUP BY 1, u.user_id, u.organization_id, u.tier, u.plan, u.model
), folded AS (
    INSERT INTO public.ai_usage_folded (month, user_id, organization_id, tier, plan, model, ledger_rows, requests, tokens_used,
                                        quota_cost_usd, cost_usd, markup_usd, total_usd, folded_at)
    SELECT s.month, s.user_id, s.organization_id, s.tier, s.plan, s.model, s.ledger_rows, s.requests, s.tokens_used,
           s.quota_cost_usd, s.cost_usd, s.markup_usd, s.total_usd, $3
      FROM summed AS s
)
SELECT coalesce(pg_catalog.sum(s.ledger_rows), 0)::pg_catalog.int8, pg_catalog.sum(s.ids)::pg_catalog.text, pg_catalog.sum(s.users)::pg_catalog.text
  FROM summed AS s
