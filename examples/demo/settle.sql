-- After the call, in another transaction: the provider's usage object is stored in full, and the hold ends.

SELECT model_id, tokens, cost_usd, markup_usd, total_usd, cost_source, repeated
  FROM public.settle_model_quota(
           (SELECT reservation_id FROM public.quota_reservations WHERE idempotency_key = 'demo-call'), :'usage');

\echo '-- his limits then'
SELECT name, used, held, remaining FROM public.get_quota_status(:'caller') ORDER BY name;
