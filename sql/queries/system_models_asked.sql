-- As system_model_asked.sql, of many calls: one row per call, in order ($3).
WITH asked AS (
    SELECT pg_catalog.unnest($1) AS user_id, pg_catalog.unnest($2) AS model_id, pg_catalog.unnest($3) AS place
)
