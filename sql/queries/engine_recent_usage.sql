-- How many of the ledger's rows that were written last have no known cost: name, labels as pairs, value.
SELECT 'model_access_recent_ledger_rows', ARRAY['cost', w.cost], pg_catalog.count(u.cost)::pg_catalog.text
  FROM pg_catalog.unnest('{known,unknown}'::pg_catalog.text[]) AS w (cost)
  LEFT JOIN (SELECT CASE WHEN x.cost_usd IS NULL THEN 'unknown' ELSE 'known' END AS cost
               FROM (SELECT a.cost_usd, a.corrects_id FROM public.ai_usage AS a ORDER BY a.created_at DESC LIMIT 1000) AS x
              WHERE x.corrects_id IS NULL) AS u ON u.cost OPERATOR(pg_catalog.=) w.cost
 GROUP BY w.cost
