-- Counters, holds, reservations and ledger: verify_quota() has a row for whatever does not agree.

SELECT (SELECT count(*) FROM public.ai_usage) AS ledger_rows, (SELECT sum(tokens_used) FROM public.ai_usage) AS tokens,
       (SELECT count(*) FROM public.verify_quota()) AS mismatches;
