-- R-14: a signed-in admin sets status and tiers of what a sync brought; others are refused, and nothing is changed.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
BEGIN;
SELECT test.request('authenticated', 'S');
SELECT model_id, status FROM public.model_access WHERE status = 'new' ORDER BY model_id;
SELECT answer - 'updated_at' AS answer FROM public.update_model_tier_access('acme/m1', true, true, true, 'active') AS answer;
COMMIT;
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT test.outcome('SELECT public.update_model_tier_access(''acme/m2'', true, true, true, ''active'')');
SELECT test.outcome('UPDATE public.model_access SET is_free = true WHERE model_id = ''acme/m2''');
ROLLBACK;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT public.update_model_tier_access(''acme/m2'', true)');
ROLLBACK;
SELECT model_id, status, is_free, is_pro, is_enterprise FROM public.model_access ORDER BY model_id;
