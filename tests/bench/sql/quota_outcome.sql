-- What some calls of a user ($1) left behind, without keys and instants: counters, ledger rows of calls that were measured
-- ($2 tokens), reservations and holds.
SELECT format('counter %s %s %s %s: used %s, held %s, window %s', u.source, u.limit_id, u.model, u.slot,
              trim_scale(u.used), trim_scale(u.held), u.window_end - u.window_start)
  FROM public.quota_usage AS u
 WHERE u.subject = $1
UNION ALL
SELECT format('%s ledger rows: %s', count(*), x.line)
  FROM (SELECT ROW(a.model, a.tokens_used, a.prompt_tokens, a.completion_tokens, a.cached_tokens, a.cache_write_tokens,
                   a.reasoning_tokens, a.requests, a.organization_id, a.tier, a.plan, a.price_id, a.cost_source,
                   trim_scale(a.cost_usd), trim_scale(a.markup_percent), trim_scale(a.markup_usd), trim_scale(a.total_usd),
                   a.computed_usd, a.other_usage, a.corrects_id, a.idempotency_key, a.reservation_id IS NULL)::text AS line
          FROM public.ai_usage AS a
         WHERE a.user_id = $1 AND a.tokens_used = $2) AS x
 GROUP BY x.line
UNION ALL
SELECT format('%s reservations: %s', count(*), x.line)
  FROM (SELECT ROW(r.model, r.requests, r.tokens, r.organization_id, r.tier, r.plan, r.status, r.price_id,
                   trim_scale(r.cost_usd), r.idempotency_key, date_trunc('second', r.expires_at - r.occurred_at), r.usage_id IS NULL, r.usage_fingerprint IS NULL,
                   (SELECT count(*) FROM public.quota_holds AS h WHERE h.reservation_id = r.reservation_id))::text AS line
          FROM public.quota_reservations AS r
         WHERE r.user_id = $1) AS x
 GROUP BY x.line
 ORDER BY 1
