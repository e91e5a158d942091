-- Live reservations that counters of limits on system models have to hold: $1 whether of a user or of an organisation, $2 which one,
-- $3 the model of a user's limit, $4 and $5 the windows, $6 places; $7 is now. With the place of the counter.
SELECT c.place, r.reservation_id, r.tokens::pg_catalog.text, r.expires_at
  FROM (SELECT pg_catalog.unnest($1) AS is_of_user, pg_catalog.unnest($2) AS subject, pg_catalog.unnest($3) AS model,
               pg_catalog.unnest($4) AS window_start, pg_catalog.unnest($5) AS window_end, pg_catalog.unnest($6) AS place) AS c
  JOIN public.quota_reservations AS r
    ON r.expires_at OPERATOR(pg_catalog.>) $7 AND r.status OPERATOR(pg_catalog.=) 'active'
   AND r.occurred_at OPERATOR(pg_catalog.>=) c.window_start AND r.occurred_at OPERATOR(pg_catalog.<) c.window_end
 WHERE CASE WHEN c.is_of_user
            THEN r.user_id OPERATOR(pg_catalog.=) c.subject AND r.model OPERATOR(pg_catalog.=) c.model
                 AND r.organization_id IS NOT NULL
            ELSE r.organization_id OPERATOR(pg_catalog.=) c.subject AND r.is_free IS NOT TRUE
                 AND pg_catalog.starts_with(r.model, 'system/') END
