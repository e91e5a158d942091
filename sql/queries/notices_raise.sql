-- Notices of a kind ($2) about some models ($3): of the day that the provider names, from its beginning in UTC, or of now ($1).
INSERT INTO public.model_access_notices AS n (model_id, kind, effective_at, details, created_at)
SELECT m.model_id, $2,
       CASE WHEN $2 OPERATOR(pg_catalog.=) 'expiring'
            THEN pg_catalog.timezone('UTC', m.expiration_date::pg_catalog.timestamp) ELSE $1 END,
       pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object('model_name', m.model_name, 'expiration_date', m.expiration_date)),
       $1
  FROM public.model_access AS m
 WHERE m.model_id OPERATOR(pg_catalog.=) ANY ($3)
ON CONFLICT (model_id, kind) WHERE resolved_at IS NULL DO NOTHING
