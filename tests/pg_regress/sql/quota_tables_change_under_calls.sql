-- Calls find rows by keys. Whatever becomes of rows, columns, indexes, rules and triggers between two calls of a session, the next one
-- goes by what the tables say then.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, is_pro = true, daily_limit = 100 WHERE true;
SELECT public.set_quota_limit('calls', 'requests', 'monthly', 50, 'tier', 'free', p_model_pattern => 'acme/*') > 0 AS set;
\set call 'SELECT allowed, reason, limit_name, limit_amount, used, remaining FROM public.consume_model_quota(test.id(''A''), ''acme/m1'', 10);'
\set cost 'SELECT cost_usd, tier FROM public.ai_usage ORDER BY created_at DESC, id DESC LIMIT 1;'
:call
-- Rows.
UPDATE public.model_access SET status = 'disabled' WHERE model_id = 'acme/m1';
:call
UPDATE public.model_access SET status = 'active', daily_limit = 1 WHERE model_id = 'acme/m1';
:call
UPDATE public.model_access SET daily_limit = 30 WHERE model_id = 'acme/m1';
:call
UPDATE public.profiles SET subscription_tier = 'pro' WHERE id = test.id('A');
:call
:cost
BEGIN;
SAVEPOINT s;
UPDATE public.profiles SET subscription_tier = 'free' WHERE id = test.id('A');
:call
ROLLBACK TO SAVEPOINT s;
:call
COMMIT;
UPDATE public.model_price_history SET pricing = '{"prompt": "0.5", "completion": "0.5"}' WHERE model_id = 'acme/m1';
:call
:cost
UPDATE public.model_price_history SET pricing = '{"prompt": "0.25", "completion": "0.25"}' WHERE model_id = 'acme/m1';
:call
:cost
-- A counter that somebody deleted is made anew from the ledger.
DELETE FROM public.quota_usage WHERE true;
:call
UPDATE public.profiles SET subscription_tier = 'free' WHERE id = test.id('A');
UPDATE public.model_access SET daily_limit = 1000 WHERE model_id = 'acme/m1';
:call
-- A subject with many limits, of which one concerns the call.
SELECT count(*) FROM generate_series(1, 20) AS n CROSS JOIN LATERAL public.set_quota_limit(format('other %s', n), 'requests', 'daily', 1, 'tier', 'free', p_model_pattern => format('acme/a%s', n)) AS id;
:call
-- Indexes: none, one without the row, and one that compares otherwise.
DROP INDEX public.quota_limits_scope_idx;
:call
CREATE INDEX quota_limits_partial_idx ON public.quota_limits (scope, subject, model_pattern) WHERE limit_id < 0;
:call
CREATE INDEX quota_limits_other_idx ON public.quota_limits (scope text_pattern_ops, subject text_pattern_ops, model_pattern text_pattern_ops);
:call
DROP INDEX public.quota_limits_partial_idx, public.quota_limits_other_idx;
CREATE INDEX quota_limits_scope_idx ON public.quota_limits (scope, subject, model_pattern);
:call
-- Columns: in another place, and of another type.
ALTER TABLE public.quota_limits RENAME COLUMN limit_amount TO old_amount;
ALTER TABLE public.quota_limits ADD COLUMN limit_amount numeric;
UPDATE public.quota_limits SET limit_amount = 40 WHERE name = 'calls';
:call
ALTER TABLE public.quota_limits DROP COLUMN limit_amount;
ALTER TABLE public.quota_limits RENAME COLUMN old_amount TO limit_amount;
:call
ALTER TABLE public.quota_limits ALTER COLUMN limit_amount TYPE bigint;
:call
ALTER TABLE public.quota_limits ALTER COLUMN limit_amount TYPE numeric;
ALTER TABLE public.model_access ALTER COLUMN daily_limit TYPE bigint;
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 10)$$);
ALTER TABLE public.model_access ALTER COLUMN daily_limit TYPE integer;
-- Another table of the name, and one with children.
ALTER TABLE public.quota_limits RENAME TO quota_limits_of_before;
CREATE TABLE public.quota_limits (LIKE public.quota_limits_of_before INCLUDING ALL);
:call
CREATE TABLE public.quota_limits_more () INHERITS (public.quota_limits);
INSERT INTO public.quota_limits_more SELECT l.* FROM public.quota_limits_of_before AS l WHERE l.name = 'calls';
:call
DROP TABLE public.quota_limits_more, public.quota_limits;
ALTER TABLE public.quota_limits_of_before RENAME TO quota_limits;
:call
-- Rules rewrite a statement as a whole: what is counted stays counted.
CREATE RULE nowhere AS ON INSERT TO public.ai_usage DO INSTEAD NOTHING;
:call
SELECT count(*) AS rows FROM public.ai_usage;
SELECT test.outcome($$SELECT public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 5}')$$) ~ '^PT410' AS gone;
DROP RULE nowhere ON public.ai_usage;
-- Triggers run.
CREATE TABLE public.copies (tokens bigint);
CREATE FUNCTION public.copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.copies VALUES (-1); RETURN new; END $$;
CREATE TRIGGER copy BEFORE UPDATE ON public.quota_usage FOR EACH ROW EXECUTE FUNCTION public.copy();
:call
SELECT count(*) AS copies FROM public.copies;
DROP TRIGGER copy ON public.quota_usage;
-- Whose tables they are is asked anew when it may have changed.
GRANT CREATE ON SCHEMA public TO service_role;
ALTER TABLE public.quota_holds OWNER TO service_role;
SELECT test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 10)$$);
SELECT test.outcome($$SELECT public.check_model_quota(test.id('A'), 'acme/m1')$$);
ALTER TABLE public.quota_holds OWNER TO postgres;
:call
-- A reservation in the midst of it.
SELECT reservation_id AS id FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 10, 20) \gset r_
CREATE RULE also AS ON UPDATE TO public.quota_reservations DO ALSO INSERT INTO public.copies VALUES (-2);
SELECT tokens, cost_usd, cost_source, repeated FROM public.settle_model_quota(:'r_id', '{"prompt_tokens": 4, "completion_tokens": 6, "total_tokens": 10}');
SELECT count(*) AS copies FROM public.copies;
DROP RULE also ON public.quota_reservations;
SELECT tokens, cost_usd, cost_source, repeated FROM public.settle_model_quota(:'r_id', '{"prompt_tokens": 4, "completion_tokens": 6, "total_tokens": 10}');
SELECT count(*) AS holds FROM public.quota_holds;
:call
-- Rows of a split counter by an index that has them the other way round.
INSERT INTO public.organizations (id, name, pricing_plan, quota_slots) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One', 'pro', 4);
UPDATE public.profiles SET organization_id = '00000000-0000-4000-8000-0000000000f1' WHERE id = test.id('A');
SELECT public.set_quota_limit('together', 'requests', 'monthly', 400, 'organization', '00000000-0000-4000-8000-0000000000f1', p_per => 'organization') > 0 AS set;
:call
CREATE INDEX quota_usage_other_way_idx ON public.quota_usage (subject, source, limit_id, model, slot DESC);
ALTER TABLE public.quota_usage DROP CONSTRAINT quota_usage_subject_key, ADD CONSTRAINT quota_usage_subject_key UNIQUE (subject, source, limit_id, model, slot);
:call
:call
SELECT count(*) AS rows, sum(used) AS used FROM public.quota_usage WHERE subject = '00000000-0000-4000-8000-0000000000f1';
-- More rows, and fewer.
UPDATE public.organizations SET quota_slots = 6 WHERE id = '00000000-0000-4000-8000-0000000000f1';
:call
UPDATE public.organizations SET quota_slots = 2 WHERE id = '00000000-0000-4000-8000-0000000000f1';
:call
SELECT count(*) AS rows, sum(used) AS used FROM public.quota_usage WHERE subject = '00000000-0000-4000-8000-0000000000f1';
SELECT * FROM public.verify_quota() WHERE limit_name = 'together';
