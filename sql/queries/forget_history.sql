-- A person ($1) becomes a stranger ($2) wherever the history of limits names him: as subject, as author, in a reason.
-- An organisation may have his uuid: of its limits he is only the author.
UPDATE public.quota_limit_history AS h
   SET changed_by = pg_catalog.regexp_replace(h.changed_by, $1::pg_catalog.text, $2::pg_catalog.text, 'gi'),
       old_value = CASE WHEN x.is_of_organization THEN h.old_value
                        ELSE pg_catalog.regexp_replace(h.old_value::pg_catalog.text, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')::pg_catalog.jsonb END,
       new_value = CASE WHEN x.is_of_organization THEN h.new_value
                        ELSE pg_catalog.regexp_replace(h.new_value::pg_catalog.text, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')::pg_catalog.jsonb END,
       reason = pg_catalog.regexp_replace(h.reason, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')
  FROM (SELECT o.history_id, (coalesce(o.new_value, o.old_value) OPERATOR(pg_catalog.->>) 'scope') IS NOT DISTINCT FROM 'organization'
          FROM public.quota_limit_history AS o) AS x (history_id, is_of_organization)
 WHERE x.history_id OPERATOR(pg_catalog.=) h.history_id
   AND pg_catalog.strpos(pg_catalog.lower(CASE WHEN x.is_of_organization THEN pg_catalog.concat_ws(' ', h.changed_by, h.reason)
                                               ELSE h::pg_catalog.text END), $1::pg_catalog.text) OPERATOR(pg_catalog.>) 0
