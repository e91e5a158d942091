-- What uninstall() takes away of some tables ($1): the policies ($2) and triggers ($3) that install() made; and views ($4).
-- Row security and privileges stay.
SELECT x.owned_by::text, x.kind, x.object, x.statement
  FROM (
      SELECT 1, c.relname, 'policy', format('%I on public.%I', p.polname, c.relname),
             format('DROP POLICY %I ON public.%I', p.polname, c.relname)
        FROM pg_policy AS p
        JOIN pg_class AS c ON c.oid = p.polrelid
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1)
         AND format('%I on public.%I', p.polname, c.relname) = ANY ($2)
      UNION ALL
      SELECT 2, c.relname, 'trigger', format('%I on public.%I', t.tgname, c.relname),
             format('DROP TRIGGER %I ON public.%I', t.tgname, c.relname)
        FROM pg_trigger AS t
        JOIN pg_class AS c ON c.oid = t.tgrelid
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($1) AND NOT t.tgisinternal
         AND format('%I on public.%I', t.tgname, c.relname) = ANY ($3)
      UNION ALL
      SELECT 3, c.relname, 'view', format('public.%I', c.relname), format('DROP VIEW public.%I', c.relname)
        FROM pg_class AS c
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname = ANY ($4) AND c.relkind = 'v'
         AND EXISTS (SELECT FROM pg_rewrite AS w
                       JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                      WHERE w.ev_class = c.oid AND d.refobjid = ANY (ARRAY(
                          SELECT to_regclass(v.reads)
                            FROM (VALUES ('model_catalogue', 'public.model_price_history'), ('ai_usage_totals', 'public.ai_usage'), ('usage_of_unknown_cost', 'public.ai_usage'),
                                         ('user_role_distribution', 'public.user_profiles'),
                                         ('user_profiles_role_index_usage', 'public.user_profiles'),
                                         ('active_user_sessions', 'public.user_sessions'), ('effective_mcp_configurations', 'public.mcp_configurations'),
                                         ('v_recent_sessions', 'public.chat_sessions'), ('v_agent_status', 'public.agents')) AS v (name, reads)
                           WHERE v.name = c.relname)))
  ) AS x (rank, owned_by, kind, object, statement)
 ORDER BY x.rank, x.object COLLATE "C"
