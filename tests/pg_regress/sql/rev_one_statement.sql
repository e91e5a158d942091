-- Three hundred new models are reviewed by one statement: what the rules suggest is what review_models takes.
SELECT public.sync_openrouter_models(test.feed(300)) ->> 'models_added' AS added;
INSERT INTO public.model_review_rules (name, priority, model_pattern, max_prompt_price, status, is_free, is_pro, is_enterprise) VALUES
    ('cheap', 1, 'acme/*', 0.000005, 'active', true, true, true), ('rest', 2, '*', NULL, 'disabled', false, false, false);
SELECT public.review_models(jsonb_agg(p.decision)) AS answers FROM public.preview_review_rules() AS p \gset
SELECT count(*) AS answers, bool_and((a ->> 'success')::boolean) AS all_well FROM jsonb_array_elements(:'answers') AS a;
SELECT m.status, m.is_free, m.is_pro, m.is_enterprise, count(*) FROM public.model_access AS m GROUP BY 1, 2, 3, 4 ORDER BY 1;
SELECT a.details ->> 'reason' AS reason, count(*), min(a.details ->> 'by') AS by FROM public.audit_logs AS a WHERE a.resource_type = 'model' GROUP BY 1 ORDER BY 1;
SELECT count(*) AS wrong FROM public.verify_audit_log(NULL);
-- Nothing is left to decide.
SELECT count(*) AS suggestions FROM public.preview_review_rules();
SELECT count(*) AS waiting FROM public.get_model_review_queue();
SELECT count(*) AS listed FROM public.get_user_allowed_models_v2(test.id('A'));
