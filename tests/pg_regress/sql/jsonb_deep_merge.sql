-- Objects are merged at every level, anything else is replaced, nothing is deleted, numbers keep their digits.
SELECT a, b, public.jsonb_deep_merge(a, b) AS merged
  FROM (VALUES (1, '{"a": 1, "b": {"x": 1, "y": [1, 2]}}'::jsonb, '{"b": {"y": [3], "z": null}, "c": "ü"}'::jsonb),
               (2, '{"a": 1.0, "b": 12345678901234567890.12345}', '{"c": 1e3}'), (3, NULL, '{"a": 1}'), (4, '{"a": 1}', NULL), (5, NULL, NULL),
               (6, '[1, 2]', '{"a": 1}'), (7, '{"a": {"b": 1}}', '{"a": null}'), (8, '{"a": {"b": {"c": {}}}}', '{"a": {"b": {"c": {"d": {}}}}}'),
               (9, '{}', '{"$serde_json::private::Number": "1"}')) AS t (n, a, b)
 ORDER BY t.n;
SELECT test.outcome($$SELECT public.jsonb_deep_merge('{}', '[1]')$$);
SELECT test.outcome($$SELECT public.jsonb_deep_merge('{}', 'null')$$);
SELECT test.outcome(format($$SELECT public.jsonb_deep_merge('{}', %L)$$, repeat('{"x":', 101) || '1' || repeat('}', 101)));
SELECT public.jsonb_deep_merge('{}', (repeat('{"x":', 99) || '1' || repeat('}', 99))::jsonb) IS NOT NULL AS deep_enough;
-- It may be used where an immutable function must be.
CREATE INDEX ON public.profiles (public.jsonb_deep_merge(ui_preferences, '{}'));
