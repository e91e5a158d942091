-- An admin's verdict on one model; NULL leaves a value as it is.
UPDATE public.model_access AS m
   SET is_free = coalesce($2, m.is_free),
       is_pro = coalesce($3, m.is_pro),
       is_enterprise = coalesce($4, m.is_enterprise),
       status = coalesce($5, m.status),
       updated_at = $6
 WHERE m.model_id OPERATOR(pg_catalog.=) $1
