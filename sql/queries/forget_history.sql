-- A person ($1) becomes a stranger ($2) wherever the history of limits names him: as subject, as author, in a reason.
-- An organisation may have his uuid: its limits are not his.
UPDATE public.quota_limit_history AS h
   SET changed_by = pg_catalog.regexp_replace(h.changed_by, $1::pg_catalog.text, $2::pg_catalog.text, 'gi'),
       old_value = pg_catalog.regexp_replace(h.old_value::pg_catalog.text, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')::pg_catalog.jsonb,
       new_value = pg_catalog.regexp_replace(h.new_value::pg_catalog.text, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')::pg_catalog.jsonb,
       reason = pg_catalog.regexp_replace(h.reason, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')
 WHERE pg_catalog.strpos(pg_catalog.lower(h::pg_catalog.text), $1::pg_catalog.text) OPERATOR(pg_catalog.>) 0
   AND (coalesce(h.new_value, h.old_value) OPERATOR(pg_catalog.->>) 'scope') IS DISTINCT FROM 'organization'
