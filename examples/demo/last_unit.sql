-- One of two clients that ask for the last call of the day. Both wait at the gate, then ask at once.

SELECT pg_advisory_xact_lock_shared(7) AS gate \gset
SELECT CASE WHEN allowed THEN 'admitted' ELSE 'refused: ' || reason END AS answer
  FROM public.consume_model_quota(:'caller', :'model', 500) \gset
\echo client :client is :answer
