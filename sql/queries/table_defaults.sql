-- The lists of tables again as defaults of their columns: a dump of the schema alone keeps those, and not the row.
SELECT format('ALTER TABLE public.model_access_settings ALTER COLUMN %I SET DEFAULT %L', l.name, l.tables::text)
  FROM public.model_access_settings AS s
 CROSS JOIN LATERAL (VALUES ('made_tables', s.made_tables), ('adopted_tables', s.adopted_tables)) AS l (name, tables)
 WHERE s.singleton
