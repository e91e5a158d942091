-- After the call, in another transaction: the provider's usage object is stored in full, and the hold ends.

SELECT model_id, tokens, cost_source, repeated
  FROM public.settle_model_quota(
           (SELECT reservation_id FROM public.quota_reservations WHERE idempotency_key = 'demo-call'),
           '{"prompt_tokens": 880, "completion_tokens": 370, "total_tokens": 1250}');

\echo '-- his limits then'
SELECT name, used, held, remaining FROM public.get_quota_status(:'caller') ORDER BY name;
