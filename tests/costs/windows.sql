-- Prices by the time of day, of the model that has them in both catalogues: both snapshots of the day name the same hours, whatever
-- the price at the top was when they were read. At each edge, a minute before it and over midnight: USD per million tokens.
SELECT m.model_id, to_char(d.at AT TIME ZONE 'UTC', 'HH24:MI:SS') AS utc,
       public.estimate_model_cost(m.model_id, '{"prompt_tokens": 1000000}', d.at)::text AS prompt,
       public.estimate_model_cost(m.model_id, '{"completion_tokens": 1000000}', d.at)::text AS completion,
       public.estimate_model_cost(m.model_id, '{"prompt_tokens": 1000000, "prompt_tokens_details": {"cached_tokens": 1000000}}', d.at)::text AS cached
  FROM (VALUES ('deepseek/deepseek-v4-pro-0813')) AS m (model_id)
 CROSS JOIN (VALUES ('00:00:00'), ('00:59:59.999999'), ('01:00:00'), ('03:59:59.999999'), ('04:00:00'), ('05:59:59.999999'),
                    ('06:00:00'), ('09:59:59.999999'), ('10:00:00'), ('23:59:59.999999')) AS t (utc)
 CROSS JOIN LATERAL (SELECT ('2030-03-01 ' || t.utc || '+00')::timestamptz AS at) AS d
 ORDER BY d.at;
