-- What uninstall() takes away of some tables ($1): the policies ($2) and triggers ($3) that install() made, and the
-- wrappers of some functions ($4). Row security and privileges stay.
SELECT x.kind, x.object, x.statement
  FROM (
      SELECT 1, 'policy', format('%I on public.%I', p.polname, c.relname),
             format('DROP POLICY %I ON public.%I', p.polname, c.relname)
        FROM pg_policy AS p
        JOIN pg_class AS c ON c.oid = p.polrelid
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1)
         AND format('%I on public.%I', p.polname, c.relname) = ANY ($2)
      UNION ALL
      SELECT 2, 'trigger', format('%I on public.%I', t.tgname, c.relname),
             format('DROP TRIGGER %I ON public.%I', t.tgname, c.relname)
        FROM pg_trigger AS t
        JOIN pg_class AS c ON c.oid = t.tgrelid
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND NOT t.tgisinternal
         AND format('%I on public.%I', t.tgname, c.relname) = ANY ($3)
      UNION ALL
      SELECT 3, 'wrapper', format('public.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
             format('DROP FUNCTION public.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid))
        FROM pg_proc AS p
       WHERE p.pronamespace = to_regnamespace('public')
         AND format('public.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) = ANY ($4)
         AND p.prosqlbody IS NOT NULL
         AND EXISTS (SELECT FROM pg_depend AS d
                       JOIN pg_proc AS native ON native.oid = d.refobjid AND native.proname = p.proname
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                        AND d.refclassid = 'pg_proc'::regclass AND native.pronamespace = to_regnamespace('model_access'))
  ) AS x (rank, kind, object, statement)
 ORDER BY x.rank, x.object COLLATE "C"
