-- A refusal is an answer: why, by which limit, how much is left of it, and when to come back. Nothing is written.

SELECT allowed, reason, limit_name, scope, metric, period, limit_amount, used, held, requested, remaining, resets_at,
       retry_after_seconds, reservation_id
  FROM public.reserve_model_quota(:'caller', :'model', 900, 2000) \gx

\echo '-- require_model_quota() raises it, as PostgREST turns it into a response with its status and headers'
\set ON_ERROR_STOP off
\set VERBOSITY default
SELECT public.require_model_quota(:'caller', :'model', 900, 2000);
\echo SQLSTATE :SQLSTATE
