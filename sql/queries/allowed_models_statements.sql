-- profiles.allowed_models, where it stands: what takes it away (forth) and what brings it back, in order. Whoever then has
-- no list of texts gets the three models that were free to everyone; triggers of the application run for that.
WITH old_column AS (
    SELECT a.attrelid, a.attnum, a.attnotnull, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod) AS type,
           CASE WHEN a.attcollation <> t.typcollation
                THEN (SELECT format(' COLLATE %I.%I', n.nspname, o.collname) FROM pg_collation AS o
                        JOIN pg_namespace AS n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation) END AS collation,
           a.attgenerated <> '' AS is_generated,
           concat_ws(', ',
               CASE WHEN a.attstorage <> t.typstorage
                    THEN 'ALTER COLUMN allowed_models SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                                                             WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
               CASE a.attcompression WHEN 'p' THEN 'ALTER COLUMN allowed_models SET COMPRESSION pglz'
                                     WHEN 'l' THEN 'ALTER COLUMN allowed_models SET COMPRESSION lz4' END,
               CASE WHEN a.attstattarget >= 0 THEN 'ALTER COLUMN allowed_models SET STATISTICS ' || a.attstattarget END,
               'ALTER COLUMN allowed_models SET (' || array_to_string(a.attoptions, ', ') || ')'
           ) AS properties,
           CASE a.attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END AS generated_how,
           pg_get_expr(d.adbin, d.adrelid) AS expression, col_description(a.attrelid, a.attnum) AS description,
           ARRAY['deepseek/deepseek-r1-0528:free', 'google/gemini-2.0-flash-exp:free', 'qwen/qwen3-coder:free'] AS free_models
      FROM pg_attribute AS a
      JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = to_regclass('public.profiles') AND a.attname = 'allowed_models' AND NOT a.attisdropped
)
SELECT s.forth, s.statement
  FROM old_column AS c
 CROSS JOIN LATERAL (
     VALUES
     (true, 1, 'CREATE TABLE public.profiles_allowed_models_backup AS SELECT p.id, p.allowed_models FROM public.profiles AS p'),
     (true, 2, 'ALTER TABLE public.profiles_allowed_models_backup ENABLE ROW LEVEL SECURITY'),
     (true, 3, 'REVOKE ALL ON TABLE public.profiles_allowed_models_backup FROM PUBLIC, anon, authenticated, service_role'),
     (true, 4, 'COMMENT ON TABLE public.profiles_allowed_models_backup IS ''profiles.allowed_models when install() took it '
               'away. Closed to clients; uninstall() brings the lists back.'''),
     (true, 5, 'ALTER TABLE public.profiles DROP COLUMN allowed_models'),
     (false, 1, format('ALTER TABLE public.profiles ADD COLUMN allowed_models %s%s%s', c.type, c.collation,
                       CASE WHEN c.is_generated THEN format(' GENERATED ALWAYS AS (%s)%s', c.expression, c.generated_how) END)),
     (false, 2, 'ALTER TABLE public.profiles ' || nullif(c.properties, '')),
     -- A generated column makes its lists itself.
     (false, 2, CASE WHEN NOT c.is_generated
                     THEN 'UPDATE public.profiles AS p SET allowed_models = b.allowed_models '
                          'FROM public.profiles_allowed_models_backup AS b WHERE b.id OPERATOR(pg_catalog.=) p.id' END),
     (false, 3, CASE WHEN NOT c.is_generated AND c.atttypid IN ('text[]'::regtype, 'varchar[]'::regtype, 'json'::regtype, 'jsonb'::regtype)
                      AND (c.atttypmod < 0 OR c.atttypmod - 4 >= 32) -- as long as the longest of them
                     THEN format('UPDATE public.profiles AS p SET allowed_models = %L '
                       'WHERE p.allowed_models IS NULL OR p.allowed_models::text IN (''{}'', ''[]'', ''null'')',
                       CASE WHEN c.type IN ('json', 'jsonb') THEN to_jsonb(c.free_models)::text ELSE c.free_models::text END) END),
     (false, 4, CASE WHEN NOT c.is_generated THEN 'ALTER TABLE public.profiles ALTER COLUMN allowed_models SET DEFAULT ' || c.expression END),
     (false, 5, CASE WHEN c.attnotnull THEN 'ALTER TABLE public.profiles ALTER COLUMN allowed_models SET NOT NULL' END),
     (false, 6, format('COMMENT ON COLUMN public.profiles.allowed_models IS %L', c.description)),
     (false, 9, 'DROP TABLE public.profiles_allowed_models_backup')
     UNION ALL
     SELECT false, 7, format('ALTER TABLE public.profiles ADD CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
       FROM pg_constraint AS k
      WHERE k.conrelid = c.attrelid AND c.attnum = ANY (k.conkey)
     UNION ALL
     SELECT false, 8, pg_get_indexdef(x.indexrelid)
       FROM pg_index AS x
      WHERE x.indrelid = c.attrelid
        AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = x.indexrelid)
        AND EXISTS (SELECT FROM pg_depend AS d
                     WHERE d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid
                       AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.attrelid AND d.refobjsubid = c.attnum)
     UNION ALL
     SELECT false, 8, format('COMMENT ON INDEX public.%I IS %L', i.relname, obj_description(i.oid, 'pg_class'))
       FROM pg_index AS x
       JOIN pg_class AS i ON i.oid = x.indexrelid AND obj_description(i.oid, 'pg_class') IS NOT NULL
      WHERE x.indrelid = c.attrelid
        AND (c.attnum = ANY (x.indkey)
             OR EXISTS (SELECT FROM pg_depend AS d
                         WHERE d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid
                           AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.attrelid AND d.refobjsubid = c.attnum))
     UNION ALL
     SELECT false, 8, format('COMMENT ON CONSTRAINT %I ON public.profiles IS %L', k.conname, obj_description(k.oid, 'pg_constraint'))
       FROM pg_constraint AS k
      WHERE k.conrelid = c.attrelid AND c.attnum = ANY (k.conkey) AND obj_description(k.oid, 'pg_constraint') IS NOT NULL
     UNION ALL
     SELECT false, 8, x.statement
       FROM pg_statistic_ext AS e
       JOIN pg_namespace AS n ON n.oid = e.stxnamespace
      CROSS JOIN LATERAL (VALUES
          (pg_get_statisticsobjdef(e.oid)),
          (format('COMMENT ON STATISTICS %I.%I IS ', n.nspname, e.stxname) || quote_literal(obj_description(e.oid, 'pg_statistic_ext')))
      ) AS x (statement)
      WHERE e.stxrelid = c.attrelid
        AND EXISTS (SELECT FROM pg_depend AS d
                     WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = e.oid
                       AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.attrelid AND d.refobjsubid = c.attnum)
 ) AS s (forth, place, statement)
 WHERE s.statement IS NOT NULL
 ORDER BY s.forth DESC, s.place, s.statement LIKE 'COMMENT %', s.statement COLLATE "C"
