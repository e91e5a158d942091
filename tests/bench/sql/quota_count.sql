-- Counting the ledger instead of a counter, as is often done. Two calls at once may both see room: it is not exact.
-- $1 user, $2 organisation, $3 model, $4 tokens.
INSERT INTO public.ai_usage (user_id, organization_id, tier, plan, model, tokens_used, requests, created_at, occurred_at,
                             price_id, cost_source, cost_usd, markup_percent, markup_usd, total_usd)
SELECT $1, $2, 'free', 'pro', $3, $4::bigint, 1, clock_timestamp(), clock_timestamp(),
       1000000001, 'estimated', $4::bigint * 0.0000011, 20, $4::bigint * 0.00000022, $4::bigint * 0.00000132
 WHERE (SELECT coalesce(sum(a.requests), 0) + 1
          FROM public.ai_usage AS a
         WHERE a.user_id = $1 AND a.model = $3
           AND a.occurred_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') <= 2000000000
RETURNING true AS allowed
