-- Rules suggest a verdict on new models: the first enabled one that matches, by priority, then by key. Only admins of the catalogue see and write them, and each change is in the audit log.
SELECT public.sync_openrouter_models('[
    {"id": "acme/small", "name": "Small", "architecture": {"modality": "text->text"}, "pricing": {"prompt": "0.0000001", "completion": "0.0000002"}},
    {"id": "acme/large", "name": "Large", "architecture": {"modality": "text+image->text"}, "pricing": {"prompt": "0.00001", "completion": "0.00002"}},
    {"id": "acme/long", "name": "Long", "architecture": {"modality": "text->text"}, "pricing": {"prompt": "0.0000001", "completion": "0.0000002", "overrides": [{"min_prompt_tokens": 200000, "prompt": "0.00001"}]}},
    {"id": "acme/router", "name": "Router", "architecture": {"modality": "text->text"}, "pricing": {"prompt": "-1", "completion": "-1"}},
    {"id": "acme/untold", "name": "Untold"},
    {"id": "gift/one:free", "name": "Gift", "architecture": {"modality": "text->text"}, "pricing": {"prompt": "0", "completion": "0"}},
    {"id": "odd/thing", "name": "Odd", "pricing": {"prompt": "1", "completion": "1"}}]') ->> 'models_added' AS added;
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One');
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'S');
INSERT INTO public.model_review_rules (name, priority, model_pattern, max_prompt_price, max_completion_price, modality, status, is_free, is_pro, is_enterprise) VALUES
    ('cheap text', 10, '*', 0.000001, 0.000002, 'text->text', 'active', true, true, true),
    ('gifts', 5, 'gift/*', 0, 0, NULL, 'active', true, false, false),
    ('never odd', 1, 'odd/*', NULL, NULL, NULL, 'disabled', false, false, false),
    ('the rest of acme', 20, 'acme/*', NULL, NULL, NULL, 'active', false, false, true),
    ('too late', 20, 'acme/*', NULL, NULL, NULL, 'disabled', false, false, false);
SELECT p.model_id, p.model_name, p.rule_name, p.auto_apply, p.alarms, p.decision - 'model_id' AS decision FROM public.preview_review_rules() AS p;
-- A rule that is off, and one that is in front now.
UPDATE public.model_review_rules SET enabled = false WHERE name = 'gifts';
UPDATE public.model_review_rules SET priority = 15 WHERE name = 'too late';
SELECT p.model_id, p.rule_name, p.decision ->> 'status' AS status FROM public.preview_review_rules() AS p;
DELETE FROM public.model_review_rules WHERE name = 'never odd';
SELECT p.model_id FROM public.preview_review_rules() AS p WHERE p.model_id = 'odd/thing';
COMMIT;
-- service_role writes them too; what makes no sense is refused.
BEGIN;
SELECT test.request('service_role');
SELECT count(*) AS rules FROM public.model_review_rules;
SELECT test.outcome(format('INSERT INTO public.model_review_rules (name, status, %I) VALUES (%L, %L, %s)', c, 'x' || n, 'active', v))
  FROM (VALUES (1, 'model_pattern', '''a*'''), (2, 'model_pattern', '''*/a'''), (3, 'model_pattern', ''''''), (4, 'model_pattern', 'repeat(''a'', 101)'), (5, 'model_pattern', '''a/*/*'''),
               (6, 'modality', '''text->*'''), (7, 'max_prompt_price', '-1'), (8, 'max_completion_price', '''NaN'''), (9, 'max_prompt_price', '''Infinity''')) AS x (n, c, v) ORDER BY n;
SELECT test.outcome('INSERT INTO public.model_review_rules (name, status) VALUES (''y'', ''new'')'), test.outcome('INSERT INTO public.model_review_rules (name, status) VALUES ('''', ''active'')'), test.outcome('INSERT INTO public.model_review_rules (name, status) VALUES (''gifts'', ''active'')');
SELECT test.outcome(format('INSERT INTO public.model_review_rules (name, status, model_pattern, modality) VALUES (%L, %L, %L, %L)', 'fine ' || v, 'active', v, v)) FROM (VALUES ('*'), ('a/*'), ('/*'), ('a/b:free'), ('text+image->text')) AS x (v);
ROLLBACK;
-- Whoever is no admin of the catalogue sees none, writes none, and asks in vain.
BEGIN;
SELECT test.request('authenticated', 'P');
SELECT count(*) AS rules FROM public.model_review_rules;
SELECT test.outcome('INSERT INTO public.model_review_rules (name, status) VALUES (''mine'', ''active'')'), test.outcome('UPDATE public.model_review_rules SET status = ''active'' WHERE true'), test.outcome('DELETE FROM public.model_review_rules WHERE true'),
       test.outcome('SELECT * FROM public.preview_review_rules()');
COMMIT;
BEGIN;
SELECT test.request('anon');
SELECT test.outcome('SELECT FROM public.model_review_rules'), test.outcome('SELECT * FROM public.preview_review_rules()');
COMMIT;
\connect - postgres
\pset format unaligned
SELECT a.action, a.details ->> 'by' = test.id('S')::text AS by_s, a.details -> 'old' AS old, a.details -> 'new' AS new FROM public.audit_logs AS a WHERE a.resource_type = 'model_review_rule' ORDER BY a.chain_position;
