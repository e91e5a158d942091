-- Models ($2) that the feed no longer has. Flags and limits stay for the case that they return.
UPDATE public.model_access AS m
   SET status = 'inactive', updated_at = $1
 WHERE m.model_id OPERATOR(pg_catalog.=) ANY ($2) AND (m.status OPERATOR(pg_catalog.=) 'inactive') IS NOT TRUE
