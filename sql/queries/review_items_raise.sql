-- Alarms of a sync ($2): ids, kinds, what was and what is. An open alarm keeps the value that was last reviewed.
INSERT INTO public.model_review_items AS i (model_id, kind, old_value, new_value, sync_log_id, created_at)
SELECT f.model_id, f.kind, f.old_value::pg_catalog.jsonb, f.new_value::pg_catalog.jsonb, $2, $1
  FROM unnest(
           $3::pg_catalog.text[], $4::pg_catalog.text[], $5::pg_catalog.text[], $6::pg_catalog.text[]
       ) AS f (model_id, kind, old_value, new_value)
ON CONFLICT (model_id, kind) WHERE resolved_at IS NULL
DO UPDATE SET new_value = excluded.new_value, sync_log_id = excluded.sync_log_id
