-- The floor of consume_model_quota(): the same UPDATE of a counter and the same row of the ledger by one statement, which is
-- told what it need not look up. $1 user, $2 organisation, $3 model, $4 tokens, $5 the day.
WITH counter AS (
    UPDATE public.quota_usage AS u
       SET used = CASE WHEN u.window_start = $5 THEN u.used ELSE 0 END + 1, window_start = $5,
           window_end = $5 + interval '1 day'
     WHERE u.subject = $1 AND u.source = 'daily' AND u.limit_id = 0 AND u.model = $3 AND u.slot = 0
       AND CASE WHEN u.window_start = $5 THEN u.used ELSE 0 END + u.held + 1 <= 2000000000
    RETURNING u.used
)
INSERT INTO public.ai_usage (user_id, organization_id, tier, plan, model, tokens_used, requests, created_at, occurred_at,
                             price_id, cost_source, cost_usd, markup_percent, markup_usd, total_usd)
SELECT $1, $2, 'free', 'pro', $3, $4::bigint, 1, clock_timestamp(), clock_timestamp(),
       1000000001, 'estimated', $4::bigint * 0.0000011, 20, $4::bigint * 0.00000022, $4::bigint * 0.00000132
  FROM counter
RETURNING true AS allowed
