-- Calls whose cost nobody knows. A row that was corrected since has a price, or is void. The reader's own rights and policies hold.
CREATE OR REPLACE VIEW public.usage_of_unknown_cost WITH (security_invoker = true) AS
SELECT u.model,
       u.cost_source,
       sum(u.requests) AS requests,
       sum(u.tokens_used)::numeric AS tokens,
       min(u.occurred_at) AS first_at,
       max(u.occurred_at) AS last_at
  FROM public.ai_usage AS u
  LEFT JOIN (SELECT DISTINCT k.corrects_id FROM public.ai_usage AS k
              WHERE k.corrects_id IS NOT NULL AND (k.cost_usd IS NOT NULL OR k.cost_source = 'voided')) AS c
    ON c.corrects_id = u.id
 WHERE u.cost_usd IS NULL AND u.corrects_id IS NULL AND c.corrects_id IS NULL
 GROUP BY u.model, u.cost_source;

REVOKE ALL ON TABLE public.usage_of_unknown_cost FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.usage_of_unknown_cost TO authenticated, service_role;

COMMENT ON VIEW public.usage_of_unknown_cost IS 'Usage without a price that no correction has priced or voided since: one row per model and source of cost.';
COMMENT ON COLUMN public.usage_of_unknown_cost.model IS 'The model.';
COMMENT ON COLUMN public.usage_of_unknown_cost.cost_source IS 'As in ai_usage: why the cost is not known.';
COMMENT ON COLUMN public.usage_of_unknown_cost.requests IS 'Requests.';
COMMENT ON COLUMN public.usage_of_unknown_cost.tokens IS 'Tokens in all.';
COMMENT ON COLUMN public.usage_of_unknown_cost.first_at IS 'The first such call.';
COMMENT ON COLUMN public.usage_of_unknown_cost.last_at IS 'The last one.';
