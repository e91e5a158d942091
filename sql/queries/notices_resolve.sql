-- Open notices of a kind ($2) about some models ($3) that no longer hold.
UPDATE public.model_access_notices AS n
   SET resolved_at = $1
 WHERE n.model_id OPERATOR(pg_catalog.=) ANY ($3) AND n.kind OPERATOR(pg_catalog.=) $2 AND n.resolved_at IS NULL
