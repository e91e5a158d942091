-- Verdicts on models: $1 the instant, $2 who decides, then one array per column; NULL leaves a value as it is. What was open about
-- a model is dealt with. Returns what each was and is, and which kinds of items were resolved; no row for a model that there is not.
-- An UPDATE at the top: its trigger takes the catalogue's version before any row is locked, as every writer does.
WITH asked AS (
    SELECT pg_catalog.unnest($3::pg_catalog.text[]) AS model_id,
           pg_catalog.unnest($4::pg_catalog.text[]) AS status,
           pg_catalog.unnest($5::pg_catalog.bool[]) AS is_free,
           pg_catalog.unnest($6::pg_catalog.bool[]) AS is_pro,
           pg_catalog.unnest($7::pg_catalog.bool[]) AS is_enterprise
), before AS MATERIALIZED (
    SELECT b.model_id, b.status, b.is_free, b.is_pro, b.is_enterprise,
           a.status AS to_status, a.is_free AS to_is_free, a.is_pro AS to_is_pro, a.is_enterprise AS to_is_enterprise
      FROM asked AS a
      JOIN public.model_access AS b ON b.model_id OPERATOR(pg_catalog.=) a.model_id
     ORDER BY b.model_id
       FOR UPDATE OF b
), resolved AS (
    UPDATE public.model_review_items AS i
       SET resolved_at = $1, resolved_by = $2
      FROM before AS b
     WHERE i.model_id OPERATOR(pg_catalog.=) b.model_id AND i.resolved_at IS NULL
    RETURNING i.model_id, i.kind
), kinds AS (
    SELECT r.model_id, pg_catalog.array_agg(r.kind ORDER BY r.kind COLLATE pg_catalog."C") AS kinds
      FROM resolved AS r
     GROUP BY r.model_id
)
UPDATE public.model_access AS m
   SET status = coalesce(b.to_status, m.status),
       is_free = coalesce(b.to_is_free, m.is_free),
       is_pro = coalesce(b.to_is_pro, m.is_pro),
       is_enterprise = coalesce(b.to_is_enterprise, m.is_enterprise),
       updated_at = $1
  FROM before AS b
  LEFT JOIN kinds AS k ON k.model_id OPERATOR(pg_catalog.=) b.model_id
 WHERE m.model_id OPERATOR(pg_catalog.=) b.model_id
RETURNING m.model_id::pg_catalog.text,
          pg_catalog.jsonb_build_object('is_free', b.is_free, 'is_pro', b.is_pro, 'is_enterprise', b.is_enterprise, 'status', b.status),
          pg_catalog.jsonb_build_object('is_free', m.is_free, 'is_pro', m.is_pro, 'is_enterprise', m.is_enterprise, 'status', m.status),
          k.kinds
