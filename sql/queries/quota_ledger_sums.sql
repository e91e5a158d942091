-- What the ledger says of some counters, one row each, in order: $1 per (user, organization, pool), $2 subjects, $3 scopes,
-- $4 subjects of the scopes, $5 patterns, $6 models ('' for all that match), $7 metrics, $8 and $9 windows. The days of a window
-- are asked for too: by them the ledger has indexes. Months that the ledger keeps no longer count by their sums, in windows that
-- hold them whole, as those for life do.
WITH counters AS (
    SELECT pg_catalog.unnest($1) AS per, pg_catalog.unnest($2) AS subject, pg_catalog.unnest($3) AS scope,
           pg_catalog.unnest($4) AS scope_subject, pg_catalog.unnest($5) AS pattern, pg_catalog.unnest($6) AS model,
           pg_catalog.unnest($7) AS metric, pg_catalog.unnest($8) AS window_start, pg_catalog.unnest($9) AS window_end,
           pg_catalog.unnest($10) AS place
), rows AS (
    SELECT c.place, u.user_id, u.organization_id, u.tier, u.plan, u.model, u.requests, u.tokens_used, u.cost_usd
      FROM counters AS c
      JOIN public.ai_usage AS u
        ON u.user_id OPERATOR(pg_catalog.=) c.subject
       AND u.occurred_at OPERATOR(pg_catalog.>=) c.window_start AND u.occurred_at OPERATOR(pg_catalog.<) c.window_end
       AND pg_catalog.timezone('UTC', u.occurred_at)::pg_catalog.date
           BETWEEN pg_catalog.timezone('UTC', c.window_start)::pg_catalog.date
               AND pg_catalog.timezone('UTC', c.window_end)::pg_catalog.date
     WHERE c.per OPERATOR(pg_catalog.=) 'user' AND u.corrects_id IS NULL
    UNION ALL
    SELECT c.place, u.user_id, u.organization_id, u.tier, u.plan, u.model, u.requests, u.tokens_used, u.cost_usd
      FROM counters AS c
      JOIN public.ai_usage AS u
        ON u.organization_id OPERATOR(pg_catalog.=) c.subject
       AND u.occurred_at OPERATOR(pg_catalog.>=) c.window_start AND u.occurred_at OPERATOR(pg_catalog.<) c.window_end
       AND pg_catalog.timezone('UTC', u.occurred_at)::pg_catalog.date
           BETWEEN pg_catalog.timezone('UTC', c.window_start)::pg_catalog.date
               AND pg_catalog.timezone('UTC', c.window_end)::pg_catalog.date
     WHERE c.per OPERATOR(pg_catalog.=) 'organization' AND u.corrects_id IS NULL
    UNION ALL
    SELECT c.place, u.user_id, u.organization_id, u.tier, u.plan, u.model, u.requests, u.tokens_used, u.cost_usd
      FROM counters AS c
      JOIN public.ai_usage AS u
        ON u.occurred_at OPERATOR(pg_catalog.>=) c.window_start AND u.occurred_at OPERATOR(pg_catalog.<) c.window_end
     WHERE c.per OPERATOR(pg_catalog.=) 'pool' AND u.corrects_id IS NULL
    UNION ALL
    SELECT c.place, f.user_id, f.organization_id, f.tier, f.plan, f.model, f.requests, f.tokens_used, f.quota_cost_usd
      FROM counters AS c
      JOIN public.ai_usage_folded AS f
        ON f.user_id OPERATOR(pg_catalog.=) c.subject AND f.month OPERATOR(pg_catalog.>=) pg_catalog.timezone('UTC', c.window_start)
       AND (f.month OPERATOR(pg_catalog.+) pg_catalog.make_interval(months => 1)) OPERATOR(pg_catalog.<=) pg_catalog.timezone('UTC', c.window_end)
     WHERE c.per OPERATOR(pg_catalog.=) 'user'
    UNION ALL
    SELECT c.place, f.user_id, f.organization_id, f.tier, f.plan, f.model, f.requests, f.tokens_used, f.quota_cost_usd
      FROM counters AS c
      JOIN public.ai_usage_folded AS f
        ON f.organization_id OPERATOR(pg_catalog.=) c.subject AND f.month OPERATOR(pg_catalog.>=) pg_catalog.timezone('UTC', c.window_start)
       AND (f.month OPERATOR(pg_catalog.+) pg_catalog.make_interval(months => 1)) OPERATOR(pg_catalog.<=) pg_catalog.timezone('UTC', c.window_end)
     WHERE c.per OPERATOR(pg_catalog.=) 'organization'
    UNION ALL
    SELECT c.place, f.user_id, f.organization_id, f.tier, f.plan, f.model, f.requests, f.tokens_used, f.quota_cost_usd
      FROM counters AS c
      JOIN public.ai_usage_folded AS f
        ON f.month OPERATOR(pg_catalog.>=) pg_catalog.timezone('UTC', c.window_start)
       AND (f.month OPERATOR(pg_catalog.+) pg_catalog.make_interval(months => 1)) OPERATOR(pg_catalog.<=) pg_catalog.timezone('UTC', c.window_end)
     WHERE c.per OPERATOR(pg_catalog.=) 'pool'
)
SELECT coalesce(pg_catalog.sum(CASE c.metric WHEN 'requests' THEN r.requests::pg_catalog.numeric
                                            WHEN 'tokens' THEN r.tokens_used::pg_catalog.numeric
                                            WHEN 'cost_usd' THEN r.cost_usd END), 0)::pg_catalog.text
  FROM counters AS c
  LEFT JOIN rows AS r
    ON r.place OPERATOR(pg_catalog.=) c.place
   AND CASE c.scope WHEN 'everyone' THEN true
                    WHEN 'user' THEN r.user_id::pg_catalog.text OPERATOR(pg_catalog.=) c.scope_subject
                    WHEN 'organization' THEN r.organization_id::pg_catalog.text OPERATOR(pg_catalog.=) c.scope_subject
                    WHEN 'tier' THEN r.tier OPERATOR(pg_catalog.=) c.scope_subject
                    WHEN 'plan' THEN r.plan OPERATOR(pg_catalog.=) c.scope_subject END
   AND CASE WHEN c.model OPERATOR(pg_catalog.<>) '' THEN r.model OPERATOR(pg_catalog.=) c.model
            WHEN c.pattern OPERATOR(pg_catalog.=) '*' THEN true
            WHEN pg_catalog.right(c.pattern, 2) OPERATOR(pg_catalog.=) '/*'
            THEN pg_catalog.starts_with(r.model, pg_catalog.left(c.pattern, -1))
            ELSE r.model OPERATOR(pg_catalog.=) c.pattern END
 GROUP BY c.place
 ORDER BY c.place
