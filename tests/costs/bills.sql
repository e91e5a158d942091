-- The bills of ../shared/data/usage_objects.json (psql's variable file) against the catalogue of one day (psql's variable day):
-- one row per bill that differs from what we compute, then the day, how many agree, and how many have no price. Bills marked exact held from the first to the last
-- of their days; the models are named as the provider names them.
\set bills `cat :'file'`
CREATE TEMP TABLE bills AS
SELECT b.place, b.model, b.usage, b.usage #>> ARRAY[b.field] AS billed,
       public.estimate_model_cost(b.model, b.usage) AS computed
  FROM (
      SELECT e.place, e.bill ->> 'model' AS model, (e.bill ->> 'usage_literal_json')::jsonb AS usage,
             e.bill #>> '{check,result}' AS result, e.bill #>> '{check,field}' AS field,
             (e.bill #>> '{check,snapshot_dates,0}')::date AS first_day, (e.bill #>> '{check,snapshot_dates,1}')::date AS last_day
        FROM jsonb_array_elements(:'bills'::jsonb) WITH ORDINALITY AS e (bill, place)
  ) AS b
 WHERE b.result = 'exact' AND :'day'::date BETWEEN b.first_day AND b.last_day;
UPDATE bills AS b SET billed = b.usage #>> '{cost_details,upstream_inference_cost}' WHERE b.usage -> 'is_byok' = 'true';

SELECT b.place, b.model, b.billed, b.computed FROM bills AS b WHERE b.computed IS NOT NULL AND b.computed <> b.billed::numeric;
SELECT :'day', count(*) FILTER (WHERE b.computed = b.billed::numeric), count(*) FILTER (WHERE b.computed IS NULL) FROM bills AS b;
