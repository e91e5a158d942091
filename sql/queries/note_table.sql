-- Puts a table ($1) into the list of those that install() made ($2) or adopted ($3), and into no other; into none when it
-- was put back. Both are sorted: in which order modules were installed is nobody's affair, and a dump would tell.
UPDATE public.model_access_settings AS s
   SET made_tables = ARRAY(
           SELECT t.name FROM pg_catalog.unnest(CASE WHEN $2 THEN pg_catalog.array_append(s.made_tables, $1) ELSE s.made_tables END) AS t (name)
            WHERE $2 OR t.name OPERATOR(pg_catalog.<>) $1
            GROUP BY t.name ORDER BY t.name COLLATE "C" USING OPERATOR(pg_catalog.<)),
       adopted_tables = ARRAY(
           SELECT t.name FROM pg_catalog.unnest(CASE WHEN $3 THEN pg_catalog.array_append(s.adopted_tables, $1) ELSE s.adopted_tables END) AS t (name)
            WHERE $3 OR t.name OPERATOR(pg_catalog.<>) $1
            GROUP BY t.name ORDER BY t.name COLLATE "C" USING OPERATOR(pg_catalog.<))
 WHERE s.singleton
