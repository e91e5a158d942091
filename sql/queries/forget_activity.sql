-- What a person ($1) did is deleted: addresses, programs and details are about him, and no bill needs them. Where others' rows
-- name him, as the thing that something was done to, he becomes a stranger ($2).
WITH own AS (
    DELETE FROM public.user_activity_log AS a WHERE a.user_id OPERATOR(pg_catalog.=) $1 RETURNING a.id
), named AS (
    UPDATE public.user_activity_log AS a
       SET resource_id = pg_catalog.regexp_replace(a.resource_id, $1::pg_catalog.text, $2::pg_catalog.text, 'gi'),
           details = pg_catalog.regexp_replace(a.details::pg_catalog.text, $1::pg_catalog.text, $2::pg_catalog.text, 'gi')::pg_catalog.jsonb
     WHERE a.user_id OPERATOR(pg_catalog.<>) $1
       AND pg_catalog.strpos(pg_catalog.lower(coalesce(a.resource_id, '') OPERATOR(pg_catalog.||) ' '
                                              OPERATOR(pg_catalog.||) coalesce(a.details::pg_catalog.text, '')),
                             $1::pg_catalog.text) OPERATOR(pg_catalog.>) 0
    RETURNING a.id
)
SELECT o.id FROM own AS o UNION ALL SELECT n.id FROM named AS n
