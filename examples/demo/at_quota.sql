-- Calls until the organisation has no tokens left. Who is refused learns whose limit it was, and when to come back.

SELECT id AS model FROM public.ai_models_system WHERE name = 'Property Listing Writer' \gset
SELECT 'member' AS who, 2500 AS asked, r ->> 'recorded' AS recorded, r ->> 'reason' AS reason, r ->> 'scope' AS scope,
       r ->> 'current_usage' AS used, r ->> 'limit' AS "limit"
  FROM public.record_token_usage(:'member', :model, 2500) AS r
UNION ALL
SELECT 'member', 600, r ->> 'recorded', r ->> 'reason', r ->> 'scope', r ->> 'current_usage', r ->> 'limit'
  FROM public.record_token_usage(:'member', :model, 600) AS r
UNION ALL
SELECT 'admin', 2500, r ->> 'recorded', r ->> 'reason', r ->> 'scope', r ->> 'current_usage', r ->> 'limit'
  FROM public.record_token_usage(:'admin', :model, 2500) AS r
UNION ALL
SELECT 'admin', 1, r ->> 'recorded', r ->> 'reason', r ->> 'scope', r ->> 'current_usage', r ->> 'limit'
  FROM public.record_token_usage(:'admin', :model, 1) AS r;
