-- A sync applies the rules that may be applied by themselves, to models that it adds or that come back, and to none with another alarm than that; each application is a row of the audit log, by the rule's name.
INSERT INTO public.model_review_rules (name, priority, model_pattern, status, is_free, is_pro, is_enterprise, auto_apply) VALUES
    ('by hand', 1, 'hand/*', 'active', true, true, true, false), ('open', 2, '*', 'active', false, true, true, true), ('close', 3, '*', 'disabled', false, false, false, true);
CREATE VIEW pg_temp.stand AS SELECT m.model_id, m.status, m.is_free, m.is_pro, m.is_enterprise, ARRAY(SELECT i.kind || CASE WHEN i.resolved_at IS NULL THEN '' ELSE ' resolved' || coalesce(' by ' || i.resolved_by::text, '') END FROM public.model_review_items AS i WHERE i.model_id = m.model_id ORDER BY i.id) AS items
    FROM public.model_access AS m ORDER BY m.model_id;
CREATE FUNCTION pg_temp.sync(p_but text DEFAULT '', p_price text DEFAULT '1') RETURNS text LANGUAGE sql AS $$
    SELECT public.sync_openrouter_models((SELECT jsonb_agg(jsonb_build_object('id', id, 'name', id, 'context_length', 1000, 'pricing', jsonb_build_object('prompt', CASE WHEN id LIKE '%/gift' THEN '0' ELSE p_price END, 'completion', CASE WHEN id LIKE '%/gift' THEN '0' ELSE '1' END)))
        FROM unnest('{acme/one,acme/gift,hand/one,z/1,z/2,z/3,z/4,z/5,z/6,z/7}'::text[]) AS id WHERE id <> p_but)) ->> 'success'
$$;
-- The first that matches decides: what is to be done by hand is not done by a later rule. A model for nothing looks like a mistake.
SELECT pg_temp.sync() AS synced;
SELECT * FROM pg_temp.stand WHERE model_id !~ '^z/[2-7]';
SELECT p.model_id, p.rule_name, p.auto_apply, p.alarms FROM public.preview_review_rules() AS p;
-- One that is there already is not decided about, whatever the rules say now.
INSERT INTO public.model_review_rules (name, priority, model_pattern, status, auto_apply) VALUES ('late', 0, 'hand/*', 'disabled', true);
SELECT pg_temp.sync() AS synced;
SELECT * FROM pg_temp.stand WHERE model_id = 'hand/one';
-- Back after it was gone: decided anew, and the item is resolved. With another alarm a person must look: of this sync, or from before.
SELECT pg_temp.sync('acme/one') AS gone, pg_temp.sync() AS back;
SELECT * FROM pg_temp.stand WHERE model_id = 'acme/one';
SELECT pg_temp.sync('z/1') AS gone, pg_temp.sync('', '50') AS back_and_dearer;
SELECT pg_temp.sync('z/2', '50') AS gone, pg_temp.sync('', '50') AS back_with_an_alarm;
SELECT * FROM pg_temp.stand WHERE model_id IN ('z/1', 'z/2', 'z/3');
-- Not when the rule is off, and not by a sync that fails.
UPDATE public.model_review_rules SET enabled = false WHERE name IN ('open', 'close');
SELECT public.sync_openrouter_models(test.feed(3, 'new') || (SELECT jsonb_agg(jsonb_build_object('id', m.model_id, 'name', m.model_id, 'pricing', p.pricing)) FROM public.model_access AS m JOIN public.model_price_history AS p ON p.model_id = m.model_id AND p.valid_to IS NULL)) ->> 'models_added' AS added;
SELECT m.model_id, m.status FROM public.model_access AS m WHERE m.model_id LIKE 'new/%' ORDER BY 1;
\pset format unaligned
SELECT a.resource_id, a.user_id, a.details FROM public.audit_logs AS a WHERE a.resource_type = 'model' AND a.resource_id !~ '^z/[2-7]' ORDER BY a.chain_position;
SELECT count(*) AS wrong FROM public.verify_audit_log(NULL);
