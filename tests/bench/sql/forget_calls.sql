-- Takes what the measured calls ($1 tokens, which no other row has) wrote out of the ledger.
DELETE FROM public.ai_usage WHERE tokens_used = $1
