-- make_usage_partitions() makes months that its names can tell apart, and no more of them than a hundred years.
SELECT test.outcome(format('SELECT model_access.make_usage_partitions(%L, %s)', c.instant, c.months)) AS outcome
  FROM (VALUES (1, '0001-01-01 00:00:00+00', 3), (2, '-infinity', 0), (3, 'infinity', 0), (4, '10000-01-01 00:00:00+00', 0),
               (5, '2030-01-01 00:00:00+00', -1), (6, '2030-01-01 00:00:00+00', 2147483647)) AS c (place, instant, months)
 ORDER BY c.place;
SELECT model_access.make_usage_partitions('2060-01-01 00:00:00+00', 1) AS made;
