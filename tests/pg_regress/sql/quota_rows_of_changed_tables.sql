-- Calls write rows themselves. What the application adds to the tables counts as for statements: constraints, defaults, indexes,
-- triggers. How rows are written is tested in src/pg/pg_tests_written.rs.
SELECT public.sync_openrouter_models(test.feed(2)) ->> 'models_added' AS added;
UPDATE public.model_access SET status = 'active', is_free = true, is_pro = true, daily_limit = 100 WHERE true;
\set call 'SELECT allowed, used, remaining FROM public.consume_model_quota(test.id(''A''), ''acme/m1'', 10);'
\set reserve 'SELECT reservation_id AS id FROM public.reserve_model_quota(test.id(''A''), ''acme/m1'', 10, 20) \\gset r_'
\set settle 'SELECT tokens, cost_usd, cost_source FROM public.settle_model_quota(:''r_id'', ''{"prompt_tokens": 4, "completion_tokens": 6, "total_tokens": 10}'');'
:call
-- Constraints.
ALTER TABLE public.ai_usage ADD CONSTRAINT few CHECK (tokens_used < 15);
SELECT split_part(test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 15)$$), E'\n', 1) AS outcome;
ALTER TABLE public.quota_usage ADD CONSTRAINT less CHECK (used < 3);
:call
SELECT split_part(test.outcome($$SELECT public.consume_model_quota(test.id('A'), 'acme/m1', 10)$$), E'\n', 1) AS outcome;
ALTER TABLE public.ai_usage DROP CONSTRAINT few;
ALTER TABLE public.quota_usage DROP CONSTRAINT less;
ALTER TABLE public.quota_reservations ADD CONSTRAINT never CHECK (status <> 'settled');
:reserve
SELECT split_part(test.outcome(format($$SELECT public.settle_model_quota(%L, '{"total_tokens": 10}')$$, :'r_id')), E'\n', 1) AS outcome;
ALTER TABLE public.quota_reservations DROP CONSTRAINT never;
:settle
-- Columns of the application's, without and with a default.
ALTER TABLE public.ai_usage ADD COLUMN place text;
:call
ALTER TABLE public.ai_usage ALTER COLUMN place SET DEFAULT 'here';
:call
ALTER TABLE public.quota_holds ADD COLUMN place text DEFAULT 'there';
ALTER TABLE public.quota_reservations ADD COLUMN place text DEFAULT 'where';
:reserve
SELECT r.place AS reservation, h.place AS hold FROM public.quota_reservations AS r JOIN public.quota_holds AS h USING (reservation_id) WHERE r.reservation_id = :'r_id';
:settle
SELECT place, count(*) FROM public.ai_usage GROUP BY place ORDER BY place;
ALTER TABLE public.ai_usage ALTER COLUMN place DROP DEFAULT;
ALTER TABLE public.quota_holds ALTER COLUMN place DROP DEFAULT;
ALTER TABLE public.quota_reservations DROP COLUMN place;
-- Indexes, of what changes at every call too.
CREATE INDEX ON public.quota_usage (used);
CREATE INDEX ON public.ai_usage ((tokens_used * 2)) WHERE model LIKE 'acme/%';
CREATE UNIQUE INDEX ON public.quota_reservations (status, usage_id);
:call
:reserve
:settle
BEGIN;
SET LOCAL enable_seqscan = off;
SELECT used, held FROM public.quota_usage WHERE used = 8;
SELECT count(*) FROM public.ai_usage WHERE tokens_used * 2 = 20 AND model LIKE 'acme/%';
SELECT status, usage_id IS NOT NULL AS has_usage FROM public.quota_reservations WHERE status = 'settled' AND reservation_id = :'r_id';
COMMIT;
-- A trigger has the last word, also in the receipt.
CREATE FUNCTION test.round_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.tokens_used := 1000; new.cost_usd := 7; RETURN new; END $$;
CREATE TRIGGER round_up BEFORE INSERT ON public.ai_usage FOR EACH ROW EXECUTE FUNCTION test.round_up();
:reserve
:settle
DROP TRIGGER round_up ON public.ai_usage;
-- A trigger of a single month.
SELECT format('public.%I', to_char(now() AT TIME ZONE 'UTC', '"ai_usage_"YYYY_MM')) AS month \gset
CREATE TRIGGER round_up BEFORE INSERT ON :month FOR EACH ROW EXECUTE FUNCTION test.round_up();
:reserve
:settle
DROP TRIGGER round_up ON :month;
:reserve
:settle
-- A transaction with one snapshot, and one that takes everything back.
BEGIN ISOLATION LEVEL REPEATABLE READ;
:call
COMMIT;
BEGIN;
:call
ROLLBACK;
:call
-- A document among the columns.
SELECT tokens, cost_usd FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 10, "server_tool_use": {"web_search_requests": 2}}');
SELECT other_usage FROM public.ai_usage WHERE other_usage IS NOT NULL;
SELECT allowed, used FROM public.check_model_quota(test.id('A'), 'acme/m1');
SELECT count(*) FROM public.quota_holds;
