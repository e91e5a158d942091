-- database: supabase
-- A database that has the seed's tables keeps its rows; they have what the seed did not promise: no unique means, values that break rules, policies and grants of their own. Another shape is refused.
SET TimeZone = 'UTC';
CREATE EXTENSION model_access;
CREATE FUNCTION pg_temp.outcome(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE p_statement;
    RETURN '-';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN format(E'%s %s\n  DETAIL: %s\n  HINT: %s', SQLSTATE, SQLERRM, detail, hint);
END $$;
CREATE TABLE public.agents (id bigserial PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.chat_sessions (id text PRIMARY KEY, title text);
SELECT pg_temp.outcome('SELECT count(*) FROM model_access.install()') AS other_shape;
DROP TABLE public.agents, public.chat_sessions;
CREATE VIEW public.v_agent_status AS SELECT 1 AS theirs;
SELECT pg_temp.outcome('SELECT count(*) FROM model_access.install()') AS other_view;
DROP VIEW public.v_agent_status;
-- As the seed makes them.
CREATE FUNCTION public.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = NOW(); RETURN NEW; END; $$;
CREATE TABLE public.agents (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL UNIQUE, type varchar(50) NOT NULL, description text, enabled boolean DEFAULT true, config jsonb, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());
CREATE TABLE public.models (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), agent_id uuid NOT NULL REFERENCES public.agents (id) ON DELETE CASCADE, name varchar(255) NOT NULL, display_name varchar(255), enabled boolean DEFAULT true, UNIQUE (agent_id, name));
CREATE TABLE public.chat_sessions (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id varchar(255) NOT NULL, org_id varchar(255) NOT NULL, title varchar(255), updated_at timestamptz DEFAULT now());
CREATE TABLE public.chat_messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), session_id uuid NOT NULL REFERENCES public.chat_sessions (id) ON DELETE CASCADE, role varchar(50) NOT NULL, content text NOT NULL, created_at timestamptz DEFAULT now());
CREATE TABLE public.agent_executions (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), session_id uuid NOT NULL REFERENCES public.chat_sessions (id) ON DELETE CASCADE, message_id uuid NOT NULL CONSTRAINT theirs REFERENCES public.chat_messages (id) ON DELETE CASCADE, agent_id uuid REFERENCES public.agents (id) ON DELETE SET NULL, status varchar(50) NOT NULL, created_at timestamptz DEFAULT now());
CREATE TABLE public.agent_metrics (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), agent_id uuid NOT NULL REFERENCES public.agents (id) ON DELETE CASCADE, date date NOT NULL, total_requests integer DEFAULT 0, successful_requests integer DEFAULT 0, failed_requests integer DEFAULT 0,
    avg_latency_ms numeric(10,2), avg_tokens_in integer, avg_tokens_out integer, created_at timestamptz DEFAULT now(), UNIQUE (agent_id, date));
INSERT INTO public.agents (id, name, type, config) VALUES ('30000000-0000-4000-8000-000000000001', 'droid', 'theirs', '{"breaker": {"failures": "many"}}');
INSERT INTO public.models (agent_id, name) VALUES ('30000000-0000-4000-8000-000000000001', 'gpt-4');
INSERT INTO public.chat_sessions (user_id, org_id, title) VALUES ('auth0|7', 'org_7', 'Old');
INSERT INTO public.agent_metrics (agent_id, date, total_requests, successful_requests, failed_requests, avg_latency_ms, avg_tokens_in, avg_tokens_out) VALUES ('30000000-0000-4000-8000-000000000001', (now() AT TIME ZONE 'UTC')::date, 5, 4, 1, 100.25, 10, 20);
CREATE POLICY everybody ON public.chat_sessions FOR SELECT USING (true);
CREATE POLICY agents_select ON public.agents FOR SELECT USING (name = 'theirs');
GRANT SELECT ON public.agents TO anon;
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok ORDER BY check_name COLLATE "C";
SELECT a.name, a.type, (SELECT string_agg(m.name, ', ' ORDER BY m.name) FROM public.models AS m WHERE m.agent_id = a.id) AS models FROM public.agents AS a ORDER BY a.name;
SELECT sum_latency_ms, sum_tokens_in, sum_tokens_out, counted_requests FROM public.agent_metrics;
SELECT has_table_privilege('anon', 'public.agents', 'SELECT') AS anon, has_column_privilege('authenticated', 'public.agents', 'config', 'SELECT') AS config;
-- Their numbers go on. A config that makes no sense is as none; their trigger function stays.
INSERT INTO public.chat_messages (session_id, role, content) SELECT s.id, 'user', 'Hello' FROM public.chat_sessions AS s;
SELECT public.finish_agent_execution(public.start_agent_execution((SELECT s.id FROM public.chat_sessions AS s), 'droid', 'gpt-4'), 'success', '{"prompt_tokens": 60, "completion_tokens": 0}') ->> 'status' AS status;
SELECT total_requests, successful_requests, sum_tokens_in, avg_tokens_in, avg_tokens_out, avg_latency_ms BETWEEN 80 AND 200 AS latency FROM public.agent_metrics;
SELECT p.prosrc LIKE '%NOW()%' AS theirs FROM pg_proc AS p WHERE p.oid = 'public.update_updated_at_column()'::regprocedure;
SELECT count(*) > 0 AS again FROM model_access.install();
-- A call outlives its chat here too.
SELECT public.start_agent_execution((SELECT s.id FROM public.chat_sessions AS s), 'droid', 'gpt-4') AS e \gset
DELETE FROM public.chat_sessions WHERE true;
SELECT public.finish_agent_execution(:'e', 'success', NULL) ->> 'status' AS status;
INSERT INTO public.chat_sessions (user_id, org_id, title) VALUES ('auth0|7', 'org_7', 'New');
DELETE FROM public.agent_executions WHERE true;
-- The way back brings what was theirs.
SELECT object, action FROM model_access.uninstall('{agents}') WHERE object LIKE '%update_updated_at_column%' OR object LIKE 'view%' OR object LIKE 'table%' ORDER BY object COLLATE "C", action;
SELECT p.polrelid::regclass, p.polname, pg_get_expr(p.polqual, p.polrelid) AS rule FROM pg_policy AS p WHERE p.polrelid IN ('public.agents'::regclass, 'public.chat_sessions'::regclass) ORDER BY 1, 2;
SELECT has_table_privilege('anon', 'public.agents', 'SELECT') AS anon, (SELECT count(*) FROM public.agents) AS agents, (SELECT count(*) FROM public.chat_sessions) AS sessions;
SELECT k.conname, pg_get_constraintdef(k.oid) AS rule FROM pg_constraint AS k WHERE k.conrelid = 'public.agent_executions'::regclass AND k.contype = 'f' ORDER BY 1;
SELECT a.attname, a.attnotnull FROM pg_attribute AS a WHERE a.attrelid = 'public.agent_executions'::regclass AND a.attname IN ('session_id', 'message_id') ORDER BY 1;
