-- Open review items, the oldest first.
SELECT i.model_id::pg_catalog.text, i.kind, i.old_value::pg_catalog.jsonb, i.new_value::pg_catalog.jsonb, i.created_at
  FROM public.model_review_items AS i
 WHERE i.resolved_at IS NULL
 ORDER BY i.id
