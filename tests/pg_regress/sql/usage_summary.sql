-- get_usage_summary() adds up what the caller may see: every grouping as plain SQL says, corrections in money, unknown costs apart, whatever the TimeZone is.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-9000-000000000001', 'one'), ('00000000-0000-4000-9000-000000000002', 'two');
UPDATE public.profiles SET organization_id = '00000000-0000-4000-9000-000000000001' WHERE id IN (test.id('A'), test.id('P'));
-- 600 rows of four users from Friday 2026-01-30 on, an hour and a half apart: months, weeks and days end in between.
INSERT INTO public.ai_usage (id, user_id, organization_id, model, tokens_used, prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, requests, cost_usd, markup_usd, total_usd, cost_source, occurred_at)
SELECT md5('row ' || n)::uuid, test.id((ARRAY['A', 'P', 'B', 'X'])[1 + n % 4]),
       CASE WHEN n % 4 < 2 THEN '00000000-0000-4000-9000-000000000001'::uuid WHEN n % 4 = 2 AND n % 8 = 2 THEN '00000000-0000-4000-9000-000000000002' END,
       (ARRAY['acme/m1', 'acme/m2', 'other/m1:free', 'system/00000000-0000-4000-8000-0000000000ff', 'bare'])[1 + n % 5],
       3 * n, 2 * n, n, n / 2, n / 3, n / 4, 1 + n % 3,
       CASE WHEN n % 7 > 0 THEN n * 0.000001 END, CASE WHEN n % 7 > 0 THEN n * 0.0000002 END, CASE WHEN n % 7 > 0 THEN n * 0.0000012 END,
       CASE WHEN n % 7 > 0 THEN 'computed' ELSE 'unknown' END, '2026-01-30 00:00+00'::timestamptz + n * interval '90 minutes'
  FROM generate_series(1, 600) AS n;
-- Corrections: dearer, cheaper, priced for the first time, voided, and one that prices nothing.
INSERT INTO public.ai_usage (user_id, organization_id, model, tokens_used, requests, cost_usd, markup_usd, total_usd, cost_source, occurred_at, corrects_id)
SELECT u.user_id, u.organization_id, u.model, 0, 0, c.cost, c.cost * 0.2, c.cost * 1.2, c.source, u.occurred_at, u.id
  FROM (VALUES (8, 0.5, 'repriced'), (9, -0.000003, 'repriced'), (14, 0.25, 'repriced'), (28, NULL, 'voided'), (42, NULL, 'repriced'), (15, -0.000015, 'voided')) AS c (n, cost, source)
  JOIN public.ai_usage AS u ON u.id = md5('row ' || c.n)::uuid;

-- The same sums by plain SQL, as the caller.
CREATE FUNCTION pg_temp.differs(p_words text[], p_from timestamptz, p_to timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    time_word text := (SELECT w FROM unnest(p_words) AS w WHERE w IN ('hour', 'day', 'week', 'month'));
    plain text := format($sql$
        SELECT %s::timestamptz, %s::text, %s::text, %s::uuid, %s::uuid, sum(u.requests)::bigint, sum(u.prompt_tokens)::numeric, sum(u.completion_tokens)::numeric,
               sum(u.cached_tokens)::numeric, sum(u.cache_write_tokens)::numeric, sum(u.reasoning_tokens)::numeric, sum(u.tokens_used)::numeric,
               coalesce(sum(u.cost_usd), 0), coalesce(sum(u.markup_usd), 0), coalesce(sum(u.total_usd), 0),
               coalesce(sum(u.requests) FILTER (WHERE u.cost_usd IS NULL AND u.corrects_id IS NULL AND u.id NOT IN (
                   SELECT c.corrects_id FROM public.ai_usage AS c WHERE c.corrects_id IS NOT NULL AND (c.cost_usd IS NOT NULL OR c.cost_source = 'voided'))), 0)::bigint
          FROM public.ai_usage AS u WHERE u.occurred_at >= %L AND u.occurred_at < %L GROUP BY 1, 2, 3, 4, 5$sql$,
        CASE WHEN time_word IS NULL THEN 'NULL' ELSE format('(date_trunc(%L, u.occurred_at AT TIME ZONE ''UTC'') AT TIME ZONE ''UTC'')', time_word) END,
        CASE WHEN 'model' = ANY (p_words) THEN 'u.model' ELSE 'NULL' END,
        CASE WHEN 'provider' = ANY (p_words) THEN 'regexp_replace(u.model, ''/.*'', '''')' ELSE 'NULL' END,
        CASE WHEN 'user' = ANY (p_words) THEN 'u.user_id' ELSE 'NULL' END,
        CASE WHEN 'organisation' = ANY (p_words) THEN 'u.organization_id' ELSE 'NULL' END, p_from, p_to);
    found integer;
BEGIN
    EXECUTE format('WITH p AS (%s), f AS (SELECT * FROM public.get_usage_summary(%L, %L, %L)) SELECT count(*) FROM ((TABLE f EXCEPT ALL TABLE p) UNION ALL (TABLE p EXCEPT ALL TABLE f)) AS x',
                   plain, p_from, p_to, p_words) INTO found;
    RETURN found;
END $$;
-- All 80 groupings.
CREATE FUNCTION pg_temp.compared() RETURNS TABLE (groupings bigint, result_rows bigint, different bigint) LANGUAGE sql AS $$
    SELECT count(*), sum((SELECT count(*) FROM public.get_usage_summary('2026-02-01 00:00+00', '2026-03-05 12:00+00', g.words))),
           sum(pg_temp.differs(g.words, '2026-02-01 00:00+00', '2026-03-05 12:00+00'))
      FROM (SELECT array_remove(ARRAY[t.word, CASE WHEN m & 1 > 0 THEN 'model' END, CASE WHEN m & 2 > 0 THEN 'provider' END,
                                      CASE WHEN m & 4 > 0 THEN 'user' END, CASE WHEN m & 8 > 0 THEN 'organisation' END], NULL) AS words
              FROM (VALUES (NULL), ('hour'), ('day'), ('week'), ('month')) AS t (word), generate_series(0, 15) AS m) AS g
$$;
SET TimeZone = 'UTC';
SELECT * FROM pg_temp.compared();
SET TimeZone = 'Asia/Tokyo';
SELECT * FROM pg_temp.compared();
SET TimeZone = 'America/St_Johns';
SELECT * FROM pg_temp.compared();
SELECT period_start AT TIME ZONE 'UTC' AS utc, requests, total_tokens, cost_usd FROM public.get_usage_summary('2026-01-01', '2026-04-01', '{month}');
SELECT period_start AT TIME ZONE 'UTC' AS utc, to_char(period_start AT TIME ZONE 'UTC', 'Dy') AS day, requests FROM public.get_usage_summary('2026-01-01', '2026-04-01', '{week}');
SET TimeZone = 'UTC';
-- In the order of the keys; of system/<id> the provider is system, and a name without a slash is its own.
SELECT provider, model, user_id = test.id('A') AS a, requests FROM public.get_usage_summary('2026-01-31', '2026-02-01', '{user,model,provider}');
SELECT organization_id, requests, cost_usd, total_usd, unknown_cost_requests FROM public.get_usage_summary('2026-01-01', '2026-04-01', '{organization}');
-- The window is half-open: the row at its beginning counts, the row at its end does not.
SELECT requests, total_tokens FROM public.get_usage_summary('2026-01-30 01:30+00', '2026-01-30 03:00+00', NULL);
SELECT requests, total_tokens FROM public.get_usage_summary('2026-01-30 01:30:00.000001+00', '2026-01-30 03:00:00.000001+00', '{}');
-- Nothing there: no row of a group, one row of a total.
SELECT count(*) FROM public.get_usage_summary('2020-01-01', '2020-02-01', '{day}');
SELECT * FROM public.get_usage_summary('2020-01-01', '2020-02-01') \gx
SELECT requests FROM public.get_usage_summary('2026-02-01', '2026-02-01');
SELECT requests, total_tokens FROM public.get_usage_summary('-infinity', 'infinity');
-- Corrections: 0.5 - 0.000003 + 0.25 - 0.000015 came on top; of the rows without a cost one was priced, one voided.
SELECT f.cost_usd - p.cost_usd AS corrected, f.total_usd - p.total_usd AS corrected_total, p.unknown - f.unknown_cost_requests AS known_since
  FROM public.get_usage_summary('-infinity', 'infinity') AS f,
       (SELECT sum(cost_usd) AS cost_usd, sum(total_usd) AS total_usd, sum(requests) FILTER (WHERE cost_usd IS NULL) AS unknown FROM public.ai_usage WHERE corrects_id IS NULL) AS p;
SELECT model, cost_source, requests, tokens, first_at, last_at FROM public.usage_of_unknown_cost ORDER BY 1, 2;
SELECT sum(v.requests) = (SELECT s.unknown_cost_requests FROM public.get_usage_summary('-infinity', 'infinity') AS s) AS agree FROM public.usage_of_unknown_cost AS v;
-- Sums beyond 64 bits are exact.
BEGIN;
INSERT INTO public.ai_usage (user_id, model, tokens_used, prompt_tokens, cost_usd, occurred_at) SELECT test.id('X'), 'big', 9223372036854775807, 9223372036854775807, 0.1, '2020-01-01' FROM generate_series(1, 3);
SELECT total_tokens, prompt_tokens, cost_usd FROM public.get_usage_summary('2020-01-01', '2020-01-02');
ROLLBACK;
-- Who asks sees his own, the admin of an organisation its rows, service_role all. Each as plain SQL under his policies, also where a policy of the application shows all rows or none, or some.
CREATE FUNCTION pg_temp.seen() RETURNS TABLE (users bigint, requests numeric, different bigint, exported bigint, unknown_models bigint) LANGUAGE sql AS $$
    SELECT count(s.user_id), sum(s.requests), (SELECT sum(pg_temp.differs(w.words, '-infinity', 'infinity')) FROM (VALUES ('{user,month}'::text[]), ('{model,organisation}')) AS w (words)),
           (SELECT count(*) FROM public.export_usage('-infinity', 'infinity')), (SELECT count(*) FROM public.usage_of_unknown_cost)
      FROM public.get_usage_summary('-infinity', 'infinity', '{user}') AS s
$$;
CREATE FUNCTION pg_temp.matrix() RETURNS TABLE (who text, users bigint, requests numeric, different bigint, exported bigint, unknown_models bigint) LANGUAGE plpgsql AS $$
BEGIN
    FOREACH who IN ARRAY ARRAY['A', 'P', 'B', 'S', 'N', 'no sub', 'service_role', 'postgres'] LOOP
        PERFORM test.request(CASE WHEN who IN ('service_role', 'postgres') THEN who ELSE 'authenticated' END, CASE WHEN length(who) = 1 THEN who END);
        SELECT s.* INTO users, requests, different, exported, unknown_models FROM pg_temp.seen() AS s;
        PERFORM set_config('role', 'none', true);
        RETURN NEXT;
    END LOOP;
END $$;
BEGIN; SELECT * FROM pg_temp.matrix(); ROLLBACK;
BEGIN;
CREATE TABLE public.staff (id uuid PRIMARY KEY);
GRANT SELECT ON public.staff TO authenticated;
INSERT INTO public.staff VALUES (test.id('B'));
CREATE POLICY "Staff sees all" ON public.ai_usage FOR SELECT TO authenticated USING (EXISTS (SELECT FROM public.staff AS s WHERE s.id = (SELECT auth.uid())));
SELECT * FROM pg_temp.matrix();
CREATE POLICY "All see what is free" ON public.ai_usage FOR SELECT TO authenticated USING (model LIKE '%:free');
SELECT * FROM pg_temp.matrix();
CREATE POLICY "But not the first day" ON public.ai_usage AS RESTRICTIVE FOR SELECT TO authenticated USING (occurred_at > '2026-01-31');
SELECT * FROM pg_temp.matrix();
ROLLBACK;
-- A policy on the row as a whole looks at rows too.
BEGIN;
CREATE FUNCTION public.is_of_x(public.ai_usage) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.user_id = '00000000-0000-4000-8000-00000000000f' $$;
CREATE POLICY "All see X" ON public.ai_usage FOR SELECT TO authenticated USING (public.is_of_x(ai_usage));
SELECT * FROM pg_temp.matrix();
ROLLBACK;
-- A user's report and export read by an index, and so does plain SQL: none of the policies is for all rows. One that is makes everybody read everything.
INSERT INTO public.ai_usage (user_id, model, occurred_at) SELECT md5(n::text)::uuid, 'acme/m1', '2026-01-30' FROM generate_series(1, 20000) AS n;
ANALYZE public.ai_usage;
CREATE FUNCTION pg_temp.read_whole() RETURNS numeric LANGUAGE sql VOLATILE AS $$ SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_xact_user_tables WHERE relname LIKE 'ai\_usage%' $$;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT pg_temp.read_whole() AS before \gset
SELECT requests FROM public.get_usage_summary('2026-01-30', '2026-02-03');
SELECT count(*) FROM public.export_usage('2026-01-30', '2026-02-03');
SELECT pg_temp.read_whole() - :before < 2000 AS few_rows_read;
SELECT count(*) FROM public.ai_usage WHERE occurred_at >= '2026-01-30' AND occurred_at < '2026-02-03';
SELECT pg_temp.read_whole() - :before < 2000 AS few_rows_read;
ROLLBACK;
BEGIN;
CREATE POLICY "Some see all" ON public.ai_usage FOR SELECT TO authenticated USING ((SELECT false));
SELECT test.request('authenticated', 'A');
SELECT pg_temp.read_whole() AS before \gset
SELECT requests FROM public.get_usage_summary('2026-01-30', '2026-02-03');
SELECT pg_temp.read_whole() - :before > 20000 AS all_rows_read;
ROLLBACK;
-- Refused.
BEGIN;
SELECT test.request('anon');
SELECT test.outcome($$SELECT * FROM public.get_usage_summary('2026-01-01', '2026-02-01')$$);
SELECT test.outcome($$SELECT * FROM public.export_usage('2026-01-01', '2026-02-01')$$);
SELECT test.outcome($$SELECT * FROM public.usage_of_unknown_cost$$);
ROLLBACK;
SELECT a, test.outcome(format('SELECT * FROM public.get_usage_summary(%s)', a)) FROM unnest(ARRAY[
    'NULL, now()', 'now(), NULL', '''2026-02-01'', ''2026-01-31''', 'now(), now(), ''{colour}''', 'now(), now(), ''{Day}''', 'now(), now(), ARRAY[NULL]', 'now(), now(), ''{day,day}''',
    'now(), now(), ''{organisation,organization}''', 'now(), now(), ''{week,user,hour}''']) WITH ORDINALITY AS x (a, n) ORDER BY n;
SELECT a, test.outcome(format('SELECT * FROM public.export_usage(%s)', a)) FROM unnest(ARRAY['NULL, now()', 'now(), NULL', '''2026-02-01'', ''2026-01-31''']) WITH ORDINALITY AS x (a, n) ORDER BY n;
