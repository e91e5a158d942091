-- Merges preferences of sessions ($2) into those of a person ($1). In one statement, so that two at once both count. Returns the size of
-- the result.
UPDATE public.profiles AS p
   SET session_preferences = model_access.jsonb_deep_merge(p.session_preferences, $2::pg_catalog.jsonb), updated_at = $3
 WHERE p.id OPERATOR(pg_catalog.=) $1
RETURNING pg_catalog.octet_length(p.session_preferences::pg_catalog.text)
