-- Sets the model preferences of a person ($1) that are present in $2 and not null; other keys mean nothing here.
UPDATE public.profiles AS p
   SET default_model = coalesce($2::pg_catalog.jsonb OPERATOR(pg_catalog.->>) 'default_model', p.default_model),
       temperature = coalesce(($2::pg_catalog.jsonb OPERATOR(pg_catalog.->>) 'temperature')::pg_catalog.numeric, p.temperature),
       system_prompt = coalesce($2::pg_catalog.jsonb OPERATOR(pg_catalog.->>) 'system_prompt', p.system_prompt),
       updated_at = $3
 WHERE p.id OPERATOR(pg_catalog.=) $1
RETURNING 0 -- the columns have limits, or what comes has
