-- Figures of the catalogue at an instant ($1): name, labels as pairs, value. Items are counted along the index of those that are
-- open, so that the others cost nothing.
SELECT 'model_access_models', ARRAY['status', w.status], pg_catalog.count(m.status)::pg_catalog.text
  FROM pg_catalog.unnest('{new,active,inactive,disabled}'::pg_catalog.text[]) AS w (status)
  LEFT JOIN public.model_access AS m ON m.status::pg_catalog.text OPERATOR(pg_catalog.=) w.status
 GROUP BY w.status
UNION ALL
SELECT 'model_access_catalogue_version', '{}', v.version::pg_catalog.text
  FROM public.model_catalogue_version AS v WHERE v.singleton
UNION ALL
SELECT 'model_access_review_items_open', ARRAY['kind', w.kind], pg_catalog.count(i.kind)::pg_catalog.text
  FROM pg_catalog.unnest('{price_ratio,price_zero,price_unknown,peak_price}'::pg_catalog.text[]) AS w (kind)
  LEFT JOIN (SELECT r.kind FROM public.model_review_items AS r WHERE r.resolved_at IS NULL ORDER BY r.model_id, r.kind LIMIT 10000) AS i
    ON i.kind OPERATOR(pg_catalog.=) w.kind
 GROUP BY w.kind
UNION ALL
SELECT 'model_access_last_sync_age_seconds', ARRAY['status', w.status::pg_catalog.text],
       greatest(0, extract(epoch FROM $1 OPERATOR(pg_catalog.-) l.sync_started_at))::pg_catalog.text
  FROM pg_catalog.unnest('{completed,failed}'::pg_catalog.varchar[]) AS w (status)
 CROSS JOIN LATERAL (SELECT s.sync_started_at FROM public.model_sync_log AS s
                      WHERE s.sync_status OPERATOR(pg_catalog.=) w.status
                      ORDER BY s.sync_started_at DESC LIMIT 1) AS l
