-- An admin's verdict on one model; NULL leaves a value as it is. Returns what it was and what it is.
WITH before AS MATERIALIZED (
    SELECT b.model_id, b.is_free, b.is_pro, b.is_enterprise, b.status
      FROM public.model_access AS b
     WHERE b.model_id OPERATOR(pg_catalog.=) $1
       FOR UPDATE
)
UPDATE public.model_access AS m
   SET is_free = coalesce($2, m.is_free),
       is_pro = coalesce($3, m.is_pro),
       is_enterprise = coalesce($4, m.is_enterprise),
       status = coalesce($5, m.status),
       updated_at = $6
  FROM before AS b
 WHERE m.model_id OPERATOR(pg_catalog.=) b.model_id
RETURNING pg_catalog.jsonb_build_object('is_free', b.is_free, 'is_pro', b.is_pro, 'is_enterprise', b.is_enterprise,
                                        'status', b.status)::pg_catalog.text,
          pg_catalog.jsonb_build_object('is_free', m.is_free, 'is_pro', m.is_pro, 'is_enterprise', m.is_enterprise,
                                        'status', m.status)::pg_catalog.text
