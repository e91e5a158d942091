-- The days ($2) on which some models ($1) go away, NULL where none is named any more.
UPDATE public.model_access AS m
   SET expiration_date = f.expiration_date::pg_catalog.date
  FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) AS f (model_id, expiration_date)
 WHERE m.model_id OPERATOR(pg_catalog.=) f.model_id
