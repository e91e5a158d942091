-- An admin's job, here done by service_role: free models to everyone, the cheapest others to pro, the dearest to enterprise.
-- A price of -1 depends on the route; such models stay closed.

WITH priced AS (
    SELECT model_id, prompt_price::numeric + completion_price::numeric AS price,
           model_id LIKE '%:free' OR (prompt_price::numeric = 0 AND completion_price::numeric = 0) AS is_gratis
      FROM public.model_access
     WHERE status = 'new' AND prompt_price::numeric >= 0 AND completion_price::numeric >= 0
), ranked AS (
    SELECT model_id, is_gratis,
           row_number() OVER (PARTITION BY is_gratis ORDER BY price, model_id) AS nth_cheapest,
           row_number() OVER (PARTITION BY is_gratis ORDER BY price DESC, model_id) AS nth_dearest
      FROM priced
), chosen AS MATERIALIZED (
    SELECT model_id, 'free' AS tier FROM ranked WHERE is_gratis AND nth_cheapest <= 3
    UNION ALL
    SELECT model_id, 'pro' FROM ranked WHERE NOT is_gratis AND nth_cheapest <= 4
    UNION ALL
    SELECT model_id, 'enterprise' FROM ranked WHERE NOT is_gratis AND nth_dearest <= 4 AND nth_cheapest > 4
)
SELECT tier AS opened_for, model_id,
       public.update_model_tier_access(model_id, tier = 'free', tier = 'pro', tier = 'enterprise', 'active') ->> 'success' AS success
  FROM chosen ORDER BY array_position('{free,pro,enterprise}', tier), model_id;
