-- Puts a table ($1) into the list of those that install() made ($2) or adopted ($3), and into no other; into none when it
-- was put back.
UPDATE public.model_access_settings AS s
   SET made_tables = CASE WHEN $2 THEN pg_catalog.array_append(pg_catalog.array_remove(s.made_tables, $1), $1)
                          ELSE pg_catalog.array_remove(s.made_tables, $1) END,
       adopted_tables = CASE WHEN $3 THEN pg_catalog.array_append(pg_catalog.array_remove(s.adopted_tables, $1), $1)
                             ELSE pg_catalog.array_remove(s.adopted_tables, $1) END
 WHERE s.singleton
