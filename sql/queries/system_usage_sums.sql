-- What was used of some limits on system models, one row each, in order: $1 whether of a user or of an organisation, $2 which one,
-- $3 the key of the model of a user's limit, $4 and $5 the windows, $6 places. Rows carry the instant of their call as created_at.
SELECT coalesce(CASE WHEN c.is_of_user THEN (
           SELECT pg_catalog.sum(u.tokens_used)
             FROM public.ai_model_usage AS u
            WHERE u.user_id OPERATOR(pg_catalog.=) c.subject AND u.model_id OPERATOR(pg_catalog.=) c.model_id
              AND u.model_type OPERATOR(pg_catalog.=) 'system'
              AND u.created_at OPERATOR(pg_catalog.>=) c.window_start AND u.created_at OPERATOR(pg_catalog.<) c.window_end
       ) ELSE (
           SELECT pg_catalog.sum(u.tokens_used)
             FROM public.ai_model_usage AS u
            WHERE u.organization_id OPERATOR(pg_catalog.=) c.subject AND NOT u.is_free
              AND u.model_type OPERATOR(pg_catalog.=) 'system'
              AND u.created_at OPERATOR(pg_catalog.>=) c.window_start AND u.created_at OPERATOR(pg_catalog.<) c.window_end
       ) END, 0)::pg_catalog.text
  FROM (SELECT pg_catalog.unnest($1) AS is_of_user, pg_catalog.unnest($2) AS subject, pg_catalog.unnest($3) AS model_id,
               pg_catalog.unnest($4) AS window_start, pg_catalog.unnest($5) AS window_end, pg_catalog.unnest($6) AS place
         LIMIT pg_catalog.cardinality($1)) AS c
 ORDER BY c.place
