-- Every row, for the comparison with a feed. $1: rows last noted as seen before it are due for a new note.
SELECT m.model_id::pg_catalog.text,
       m.status OPERATOR(pg_catalog.=) 'inactive',
       m.feed_hash,
       m.openrouter_last_seen IS NULL OR m.openrouter_last_seen OPERATOR(pg_catalog.<) $1,
       m.status OPERATOR(pg_catalog.=) 'active'
  FROM public.model_access AS m
