-- Ends the price in force of some models ($2) and says when: a clock that was set back must not end it before it began.
UPDATE public.model_price_history AS p
   SET valid_to = greatest($1, p.valid_from)
 WHERE p.model_id OPERATOR(pg_catalog.=) ANY ($2) AND p.valid_to IS NULL
RETURNING p.model_id::pg_catalog.text, p.valid_to
