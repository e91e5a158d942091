-- Usage of system models, one row per element of the arrays that has tokens; their keys, in order. And the beginning of trials ($12: whether this may be one).
WITH used AS (
    SELECT pg_catalog.unnest($1) AS user_id, pg_catalog.unnest($2) AS organization_id, pg_catalog.unnest($3) AS model_id,
           pg_catalog.unnest($4) AS model_name, pg_catalog.unnest($5) AS tokens, pg_catalog.unnest($6) AS requests,
           pg_catalog.unnest($7) AS period_start, pg_catalog.unnest($8) AS period_end, pg_catalog.unnest($9) AS period_type,
           pg_catalog.unnest($10) AS occurred_at, pg_catalog.unnest($11) AS is_free, pg_catalog.unnest($12) AS begins_trial,
           pg_catalog.unnest($13) AS place
), trials AS (
    INSERT INTO public.system_model_trials AS t (organization_id, system_model_id, started_at)
    SELECT u.organization_id, u.model_id, pg_catalog.min(u.occurred_at)
      FROM used AS u
     WHERE u.begins_trial
     GROUP BY u.organization_id, u.model_id
     ORDER BY u.organization_id USING OPERATOR(pg_catalog.<), u.model_id USING OPERATOR(pg_catalog.<)
        ON CONFLICT DO NOTHING
), stored AS (
    INSERT INTO public.ai_model_usage (user_id, organization_id, model_id, model_type, model_name, tokens_used, requests_count,
                                       period_start, period_end, period_type, created_at, is_free)
    SELECT u.user_id, u.organization_id, u.model_id, 'system', u.model_name, u.tokens,
           greatest(u.requests, 1), u.period_start, u.period_end, u.period_type, u.occurred_at, u.is_free
      FROM used AS u
     WHERE u.tokens OPERATOR(pg_catalog.>) 0
     ORDER BY u.place
    RETURNING id
)
SELECT s.id FROM stored AS s ORDER BY s.id USING OPERATOR(pg_catalog.<)
