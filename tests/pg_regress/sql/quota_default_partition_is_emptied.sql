-- Rows that came while their month had no partition move into it when it is made, by maintain_usage_partitions() and by
-- make_usage_partitions(); it is closed, has every index, and no trigger of the application takes the move for usage.
CREATE FUNCTION test.m(p_months integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => p_months)) AT TIME ZONE 'UTC' $$;
CREATE FUNCTION test.name(p_months integer) RETURNS text LANGUAGE sql STABLE AS $$ SELECT to_char(test.m(p_months) AT TIME ZONE 'UTC', '"ai_usage_"YYYY_MM') $$;
CREATE PROCEDURE test.lose_partition(p_months integer) LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DROP TABLE public.%I', test.name(p_months)); END $$;
CREATE FUNCTION test.maintain() RETURNS TABLE (month text, action text, rows bigint) LANGUAGE sql AS $$
    SELECT coalesce((SELECT n::text FROM generate_series(-6, 40) AS n WHERE x.partition = test.name(n)), x.partition), x.action, x.rows
      FROM jsonb_to_recordset(public.maintain_usage_partitions()) AS x (partition text, action text, rows bigint) ORDER BY 1
$$;
CREATE FUNCTION test.places() RETURNS TABLE (month text, rows bigint, tokens numeric) LANGUAGE sql AS $$
    SELECT coalesce((SELECT n::text FROM generate_series(-6, 40) AS n WHERE u.tableoid::regclass::text IN (test.name(n), 'public.' || test.name(n))), 'other'), count(*), sum(u.tokens_used) FROM public.ai_usage AS u GROUP BY 1 ORDER BY 1
$$;
CALL test.lose_partition(0);
CALL test.lose_partition(-2);
CREATE TABLE test.fired (what text);
CREATE FUNCTION test.fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO test.fired VALUES (TG_OP); RETURN NULL; END $$;
CREATE TRIGGER fire AFTER INSERT OR DELETE ON public.ai_usage FOR EACH ROW EXECUTE FUNCTION test.fire();
SELECT tokens FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 5}');
INSERT INTO public.ai_usage (user_id, model, tokens_used, occurred_at) SELECT test.id('A'), 'acme/m1', 10, test.m(-2) + t FROM unnest(ARRAY['0', '1 day', '27 days 23:59:59.999999']::interval[]) AS t;
INSERT INTO public.ai_usage (user_id, model, tokens_used, occurred_at) SELECT test.id('A'), 'acme/m1', 100, x FROM unnest(ARRAY[test.m(40), test.m(-5)]) AS x;
SELECT * FROM test.places();
-- A row of a month that was never there, far ahead or before the first partition, stays where it is.
SELECT * FROM test.maintain();
SELECT * FROM test.places();
SELECT * FROM test.maintain();
SELECT what, count(*) FROM test.fired GROUP BY what;
SELECT * FROM model_access.verify() WHERE NOT ok;
SELECT bool_and(c.relrowsecurity) AS closed, count(DISTINCT x.n) = 1 AS same_indexes, count(DISTINCT t.n) AS same_triggers
  FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
 CROSS JOIN LATERAL (SELECT count(*) AS n FROM pg_index AS d JOIN pg_inherits AS di ON di.inhrelid = d.indexrelid WHERE d.indrelid = c.oid AND d.indisvalid) AS x
 CROSS JOIN LATERAL (SELECT count(*) AS n FROM pg_trigger AS d WHERE d.tgrelid = c.oid) AS t
 WHERE i.inhparent = 'public.ai_usage'::regclass;
SELECT count(*) FROM pg_class AS c JOIN pg_inherits AS i ON i.inhrelid = c.oid CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS e WHERE i.inhparent = 'public.ai_usage'::regclass AND e.grantee <> c.relowner;
-- By the owner's hand, for another time, with the other months that are wanting.
CALL test.lose_partition(-1);
INSERT INTO public.ai_usage (user_id, model, tokens_used, occurred_at) VALUES (test.id('A'), 'acme/m1', 1000, test.m(-1) + interval '3 days');
SELECT model_access.make_usage_partitions(test.m(-5), 1) AS made;
SELECT * FROM test.places();
SELECT * FROM test.maintain();
-- A generated column of the application's comes along.
ALTER TABLE public.ai_usage ADD COLUMN day date GENERATED ALWAYS AS ((timezone('UTC', occurred_at))::date) STORED;
CALL test.lose_partition(0);
SELECT tokens FROM public.record_model_usage(test.id('A'), 'acme/m1', '{"total_tokens": 7}');
SELECT * FROM test.maintain();
SELECT count(*) AS rows, count(*) FILTER (WHERE day = (timezone('UTC', occurred_at))::date) AS right_days FROM public.ai_usage;
ALTER TABLE public.ai_usage DROP COLUMN day;
-- Something else has the name: its rows stay.
CALL test.lose_partition(-3);
DO $$ BEGIN EXECUTE format('CREATE TABLE public.%I (id integer)', test.name(-3)); END $$;
INSERT INTO public.ai_usage (user_id, model, tokens_used, occurred_at) VALUES (test.id('A'), 'acme/m1', 10000, test.m(-3) + interval '3 days');
SELECT * FROM test.maintain();
SELECT * FROM test.places();
