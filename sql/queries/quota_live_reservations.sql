-- Live reservations that some counters have to hold: $1 per, $2 subjects, $3 scopes, $4 subjects of the scopes, $5 patterns,
-- $6 models ('' for all that match), $7 metrics, $8 and $9 windows; $10 is now. With the place of the counter, from 1.
SELECT c.place, r.reservation_id,
       (CASE c.metric WHEN 'requests' THEN r.requests WHEN 'tokens' THEN r.tokens
                      WHEN 'cost_usd' THEN coalesce(r.cost_usd, 0) ELSE 1 END)::pg_catalog.text,
       r.expires_at
  FROM (SELECT pg_catalog.unnest($1) AS per, pg_catalog.unnest($2) AS subject, pg_catalog.unnest($3) AS scope,
               pg_catalog.unnest($4) AS scope_subject, pg_catalog.unnest($5) AS pattern, pg_catalog.unnest($6) AS model,
               pg_catalog.unnest($7) AS metric, pg_catalog.unnest($8) AS window_start, pg_catalog.unnest($9) AS window_end,
               pg_catalog.unnest($11) AS place) AS c
  JOIN public.quota_reservations AS r
    ON r.expires_at OPERATOR(pg_catalog.>) $10 AND r.status OPERATOR(pg_catalog.=) 'active'
   AND r.occurred_at OPERATOR(pg_catalog.>=) c.window_start AND r.occurred_at OPERATOR(pg_catalog.<) c.window_end
 WHERE CASE c.per WHEN 'user' THEN r.user_id OPERATOR(pg_catalog.=) c.subject
                  WHEN 'organization' THEN r.organization_id OPERATOR(pg_catalog.=) c.subject ELSE true END
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
