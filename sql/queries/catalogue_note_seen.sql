-- Unchanged models ($2) that were last noted as seen a week ago, with the hash ($3) of what was seen.
UPDATE public.model_access AS m
   SET last_synced_at = $1, openrouter_last_seen = $1, feed_hash = f.feed_hash
  FROM unnest($2::pg_catalog.text[], $3::pg_catalog.int8[]) AS f (model_id, feed_hash)
 WHERE m.model_id OPERATOR(pg_catalog.=) f.model_id
