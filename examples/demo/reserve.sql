-- Before the call: 900 tokens of prompt and at most 2000 of answer are held on every limit, or on none.
-- The key makes a retry harmless: it gets the first answer and holds nothing more.

SELECT allowed, limit_name, limit_amount, used, held, requested, remaining
  FROM public.reserve_model_quota(:'caller', :'model', 900, 2000, p_idempotency_key => 'demo-call');

\echo '-- his limits then'
SELECT name, used, held, remaining FROM public.get_quota_status(:'caller') ORDER BY name;
