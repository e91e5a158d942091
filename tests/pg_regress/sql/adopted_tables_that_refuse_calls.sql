-- database: supabase
-- A table of the application that would refuse what the engine writes is refused by install(), with the command that helps; one that comes to refuse it later is named by verify(). What only looks like it is let in, and calls are stored.
\set SHOW_CONTEXT never
SET client_min_messages = error;
CREATE EXTENSION model_access;
CREATE TABLE public.organizations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
CREATE TABLE public.ai_model_usage (id bigserial PRIMARY KEY, user_id uuid NOT NULL, organization_id uuid NOT NULL, model_id bigint NOT NULL, model_type text NOT NULL, model_name text,
    tokens_used integer NOT NULL, requests_count integer NOT NULL DEFAULT 1, period_start timestamptz NOT NULL, period_end timestamptz NOT NULL, period_type text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE public.ai_usage (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, model text NOT NULL, tokens_used integer NOT NULL DEFAULT 0,
    cost_usd numeric(10, 6) NOT NULL DEFAULT 0, markup_usd numeric(10, 6) NOT NULL DEFAULT 0, total_usd numeric(10, 6) NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now());
INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test');
CREATE SCHEMA test;
-- Two calls of one minute are reserved and settled, two more recorded at once, and one of another user; how many rows there are of them in both ledgers.
CREATE FUNCTION test.calls() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    someone CONSTANT uuid := '00000000-0000-4000-8000-00000000000a';
    held uuid;
    system_rows bigint;
BEGIN
    INSERT INTO public.organizations (id, name) VALUES ('10000000-0000-4000-8000-000000000001', 'One');
    INSERT INTO public.profiles (id, email, role, organization_id) VALUES (someone, 'a@example.test', 'admin', '10000000-0000-4000-8000-000000000001');
    INSERT INTO public.ai_models_system (id, name, role, system_message, api_key, endpoint) VALUES (1001, 'Open', 'writer', 'Write.', 'x', 'x');
    FOR n IN 1..2 LOOP
        SELECT r.reservation_id INTO held FROM public.reserve_model_quota(someone, 'system/1001', 10, 10) AS r;
        PERFORM public.settle_model_quota(held, '{"total_tokens": 7}');
        PERFORM public.record_token_usage(someone, 1001, 5);
    END LOOP;
    SELECT count(*) INTO system_rows FROM public.ai_model_usage;
    RETURN format('%s of system models, %s in the ledger', system_rows, (SELECT count(*) FROM public.ai_usage));
EXCEPTION WHEN OTHERS THEN
    RETURN 'LOST: ' || SQLSTATE || ' ' || SQLERRM;
END $$;
-- What becomes of statements and install() after them; all is taken back.
CREATE FUNCTION test.installed_after(p_statements text, p_modules text[] DEFAULT '{system_models}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE p_statements;
    PERFORM model_access.install(p_modules);
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = format('installed, %s not ok, calls stored: %s', (SELECT count(*) FROM model_access.verify(p_modules) AS v WHERE NOT v.ok),
        CASE WHEN 'system_models' = ANY (p_modules) THEN test.calls() ELSE 'not asked' END);
EXCEPTION
    WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM;
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        RETURN concat_ws(E'\n', SQLSTATE || ' ' || SQLERRM, detail, hint);
END $$;
\pset tuples_only
\pset format unaligned
SELECT test.installed_after('');
-- Columns whose value the engine does not know.
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ADD region text NOT NULL');
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ALTER id DROP DEFAULT, ALTER model_name SET NOT NULL');
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ADD region text NOT NULL DEFAULT ''eu'', ADD place bigint GENERATED ALWAYS AS IDENTITY, ADD kilotokens integer GENERATED ALWAYS AS (model_id / 1000) STORED NOT NULL');
SELECT test.installed_after('CREATE DOMAIN public.region AS text NOT NULL; ALTER TABLE public.ai_model_usage ADD region public.region');
SELECT test.installed_after('ALTER TABLE public.ai_usage ADD region text NOT NULL');
-- Keys that hold two calls that are alike for one.
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ADD CONSTRAINT once_a_period UNIQUE (user_id, model_id, period_start)');
SELECT test.installed_after('CREATE UNIQUE INDEX once_a_day ON public.ai_model_usage (user_id, (timezone(''UTC'', created_at)::date))');
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ADD CONSTRAINT apart EXCLUDE USING btree (user_id WITH =, period_start WITH =)');
SELECT test.installed_after('ALTER TABLE public.ai_usage ADD CONSTRAINT one_at_a_time UNIQUE (user_id, model, created_at)');
SELECT test.installed_after('ALTER TABLE public.ai_usage ADD region text DEFAULT ''eu'', ADD CONSTRAINT one_of_a_region UNIQUE (user_id, region)');
SELECT test.installed_after('ALTER TABLE public.ai_usage ADD region text, ADD CONSTRAINT one_without UNIQUE NULLS NOT DISTINCT (user_id, region)');
SELECT test.installed_after('ALTER TABLE public.ai_usage ADD idempotency_key text, ADD CONSTRAINT key_of_all UNIQUE (idempotency_key)');
-- Keys that do not.
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ADD UNIQUE (user_id, id), ADD ticket uuid DEFAULT gen_random_uuid() UNIQUE, ADD bill text UNIQUE');
SELECT test.installed_after('CREATE UNIQUE INDEX ON public.ai_model_usage (user_id, model_id, period_start) WHERE model_type = ''user''; CREATE UNIQUE INDEX ON public.ai_model_usage (user_id, model_id, period_start) WHERE model_type <> ''system''');
SELECT test.installed_after('ALTER TABLE public.ai_usage ADD reservation_id uuid UNIQUE, ADD idempotency_key text, ADD UNIQUE (user_id, idempotency_key)');
-- Columns that the engine writes and the server does not let it.
SELECT test.installed_after('ALTER TABLE public.organizations ADD token_usage_current bigint GENERATED ALWAYS AS (0) STORED');
SELECT test.installed_after('ALTER TABLE public.organizations ADD token_usage_current bigint GENERATED ALWAYS AS IDENTITY');
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ADD is_free boolean GENERATED ALWAYS AS (false) STORED');
-- The other tables that it writes.
SELECT test.installed_after('CREATE TABLE public.user_activity_log (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, action varchar(50), tenant text NOT NULL)', '{people}');
SELECT test.installed_after('CREATE TABLE public.model_access (id uuid NOT NULL, model_id varchar(100) PRIMARY KEY, model_name varchar(255), status varchar(20), tenant text NOT NULL)', '{catalogue}');
SELECT test.installed_after('CREATE TABLE public.audit_logs (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), action text NOT NULL, resource_type text NOT NULL, tenant text NOT NULL)', '{tenancy}');
SELECT test.installed_after($$CREATE TABLE public.agents (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL UNIQUE, type varchar(50));
    CREATE TABLE public.agent_metrics (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), agent_id uuid REFERENCES public.agents (id), date date, total_requests integer DEFAULT 0, failed_requests integer DEFAULT 0,
        successful_requests integer GENERATED ALWAYS AS (total_requests - failed_requests) STORED)$$, '{agents}');
SELECT test.installed_after($$CREATE TABLE public.agents (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL UNIQUE, type text);
    CREATE TABLE public.chat_sessions (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id text, org_id text);
    CREATE TABLE public.chat_messages (id uuid PRIMARY KEY, session_id uuid NOT NULL REFERENCES public.chat_sessions (id), role text NOT NULL, content text NOT NULL, tone text NOT NULL);
    CREATE TABLE public.agent_executions (id uuid PRIMARY KEY, session_id uuid, message_id uuid, status text, tenant text NOT NULL);
    CREATE TABLE public.agent_health (id uuid PRIMARY KEY, agent_id uuid UNIQUE, status text);
    CREATE TABLE public.circuit_breaker_state (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), agent_id uuid UNIQUE, state text, failure_count integer NOT NULL)$$, '{agents}');
-- What a table cannot be without, and what has another type.
SELECT test.installed_after('CREATE TABLE public.model_access (model_id varchar(100) PRIMARY KEY, model_name varchar(255), status varchar(20))', '{catalogue}');
SELECT test.installed_after('CREATE TABLE public.agents (id uuid PRIMARY KEY, name text UNIQUE); CREATE TABLE public.agent_health (id uuid PRIMARY KEY, agent_id uuid UNIQUE)', '{agents}');
SELECT test.installed_after('ALTER TABLE public.ai_model_usage ADD is_free integer; CREATE TABLE public.ai_models_system (id bigserial PRIMARY KEY, name text, role text, system_message text, api_key text, endpoint text, is_active integer, organization_types jsonb)');
SELECT test.installed_after('CREATE TABLE public.profiles (id uuid PRIMARY KEY, organization_id text, role integer)');
-- What comes later is named, by what it does.
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT count(*) AS not_ok FROM model_access.verify() AS v WHERE NOT v.ok;
ALTER TABLE public.ai_usage ADD region text NOT NULL, ADD CONSTRAINT one_at_a_time UNIQUE (user_id, model, created_at);
ALTER TABLE public.ai_model_usage ADD region text NOT NULL, ADD CONSTRAINT once_a_period UNIQUE (user_id, model_id, period_start);
ALTER TABLE public.organizations DROP COLUMN token_usage_current, ADD token_usage_current bigint GENERATED ALWAYS AS (0) STORED;
SELECT v.check_name, v.expected, v.actual FROM model_access.verify() AS v WHERE NOT v.ok AND v.check_name NOT LIKE 'column %' ORDER BY v.check_name COLLATE "C";
