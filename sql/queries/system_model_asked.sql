-- What is known of who calls ($1) and of the system model ($2): one row, NULLs where there is no such person or model.
-- system_model_facts.sql follows.
WITH asked AS (SELECT $1 AS user_id, $2 AS model_id, 1 AS place)
