-- All system models in the order of lists, for one user ($1). system_model_facts.sql follows.
WITH asked AS (
    SELECT $1 AS user_id, s.id AS model_id,
           pg_catalog.row_number() OVER (ORDER BY s.sort_order, s.created_at, s.id) AS place
      FROM public.ai_models_system AS s
)
