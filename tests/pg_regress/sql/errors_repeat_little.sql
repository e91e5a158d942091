-- An error repeats little of what came, however long that is: it goes to the client, and into the log each time.
\pset format unaligned
\pset tuples_only on
SELECT c.call, left(o.outcome, 5) AS sqlstate, length(o.outcome) < 1500 AS short, o.outcome ~ 'x{50}…' AS shown
  FROM (VALUES ('set_quota_limit', 'SELECT public.set_quota_limit(''n'', %L, ''daily'', 1)'),
               ('set_quota_limit', 'SELECT public.set_quota_limit(''n'', ''tokens'', %L, 1)'),
               ('set_quota_limit', 'SELECT public.set_quota_limit(''n'', ''tokens'', ''daily'', 1, p_model_pattern => %L)'),
               ('set_quota_limit', 'SELECT public.set_quota_limit(''n'', ''tokens'', ''daily'', 1, p_time_zone => %L)'),
               ('set_quota_limit', 'SELECT public.set_quota_limit(''n'', ''tokens'', ''daily'', 1, p_enforcement => %L)'),
               ('adjust_quota', 'SELECT public.adjust_quota(test.id(''A''), ''acme/m1'', %L, 1, ''because'')'),
               ('consume_model_quota_batch', 'SELECT public.consume_model_quota_batch(jsonb_build_array(jsonb_build_object(%L, 1)))'),
               ('install', 'SELECT model_access.install(ARRAY[%L])'),
               ('make_wrapper', 'SELECT model_access.make_wrapper(%L)'),
               ('note_table', 'SELECT model_access.note_table(%L)')) AS c (call, statement)
 CROSS JOIN LATERAL test.outcome(format(c.statement, repeat('x', 1000000))) AS o (outcome)
 ORDER BY c.call, c.statement;
