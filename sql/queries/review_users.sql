-- How many different users called some models ($1) since an instant ($2).
SELECT u.model::pg_catalog.text, pg_catalog.count(DISTINCT u.user_id)
  FROM public.ai_usage AS u
 WHERE u.model OPERATOR(pg_catalog.=) ANY ($1) AND u.occurred_at OPERATOR(pg_catalog.>=) $2 AND u.corrects_id IS NULL
 GROUP BY u.model
