-- What waits for a person and what users are told, after the sync that has just run, as expected_reviews.py prints it; then the
-- person makes active whatever is new and has no alarm but that it came back.
SELECT 'queue', :'file', q.model_id, q.status, array_to_string(q.reasons, ','), q.summary FROM public.get_model_review_queue() AS q;
SELECT 'notice', :'file', n.model_id, n.kind, CASE WHEN n.kind = 'expiring' THEN to_char(n.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE '' END,
       CASE WHEN n.resolved_at IS NULL THEN 'open' ELSE 'over' END
  FROM public.model_access_notices AS n ORDER BY n.model_id COLLATE "C", n.kind COLLATE "C", CASE WHEN n.kind = 'expiring' THEN n.effective_at END, n.resolved_at IS NULL;
SELECT public.review_models(coalesce(jsonb_agg(jsonb_build_object('model_id', q.model_id, 'status', 'active')), '[]')) AS answers
  FROM public.get_model_review_queue() AS q
 WHERE q.status = 'new' AND q.reasons <@ ARRAY['new', 'returned', 'expiring'] \gset
SELECT 'wrong', a FROM jsonb_array_elements(:'answers'::jsonb) AS a WHERE NOT (a ->> 'success')::boolean;
