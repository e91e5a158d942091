-- database: supabase
-- Onto organisations of the application, with columns of ours in types of its own: where the engine reads and writes them, verify() finds nothing wrong and calls are counted to the most that the type holds; any other type is refused before anything is changed.
\set SHOW_CONTEXT never
SET client_min_messages = error;
CREATE EXTENSION model_access;
INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-00000000000a', 'a@example.test');
CREATE SCHEMA test;
CREATE TYPE test.word AS ENUM ('general', 'pro', 'One');
CREATE DOMAIN test.key AS uuid;
CREATE DOMAIN test.words AS text;
CREATE DOMAIN test.number AS integer;
-- Everything that reads or writes a row of organisations, once.
CREATE FUNCTION test.calls() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    someone CONSTANT uuid := '00000000-0000-4000-8000-00000000000a';
    theirs CONSTANT uuid := '10000000-0000-4000-8000-000000000001';
    told text;
BEGIN
    INSERT INTO public.organizations (id, name, type, pricing_plan, token_quota_monthly, quota_slots) VALUES (theirs, 'One', 'general', 'pro', 30000, 1);
    INSERT INTO public.profiles (id, email, role, organization_id) VALUES (someone, 'a@example.test', 'admin', theirs);
    INSERT INTO public.ai_models_system (id, name, role, system_message, api_key, endpoint, organization_types, required_plan) VALUES (1001, 'Open', 'writer', 'Write.', 'x', 'x', '{general}', 'pro');
    PERFORM public.set_quota_limit('plan', 'requests', 'lifetime', 9, 'plan', 'pro');
    SELECT concat_ws(', ', c.allowed, (SELECT count(*) FROM public.get_available_system_models(someone) AS m WHERE m.id = 1001),
                     public.check_token_quota(someone, 1001, 30001) ->> 'reason', public.record_token_usage(someone, 1001, 20000) ->> 'current_usage')
      INTO told FROM public.get_system_model_for_call(someone, 1001) AS c;
    UPDATE public.organizations AS o SET token_quota_monthly = NULL WHERE true;
    told := concat_ws(', ', told, public.record_token_usage(someone, 1001, 2000000000) ->> 'current_usage', public.record_token_usage(someone, 1001, 2000000000) ->> 'current_usage');
    RETURN concat_ws(', ', told, public.reset_monthly_quotas(), (SELECT count(*) FROM public.verify_quota()), (SELECT o.token_usage_current FROM public.organizations AS o));
EXCEPTION WHEN OTHERS THEN
    RETURN 'LOST: ' || SQLSTATE || ' ' || SQLERRM;
END $$;
-- What becomes of a table whose column has a type; all is taken back.
CREATE FUNCTION test.with_type(p_column text, p_type text, p_modules text[] DEFAULT '{system_models,tenancy}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    CREATE TABLE public.organizations (id uuid, name text, type text, pricing_plan text, token_quota_monthly bigint, token_usage_current bigint, token_reset_date timestamptz,
                                       token_reset_anchor timestamptz, quota_slots smallint);
    EXECUTE format('ALTER TABLE public.organizations DROP COLUMN %1$I, ADD COLUMN %1$I %2$s, ADD PRIMARY KEY (id)', p_column, p_type);
    PERFORM model_access.install(p_modules);
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = concat_ws('; ', (SELECT 'not ok: ' || string_agg(v.check_name, ', ') FROM model_access.verify(p_modules) AS v WHERE NOT v.ok),
        CASE WHEN 'system_models' = ANY (p_modules) THEN test.calls() ELSE 'installed' END);
EXCEPTION
    WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM;
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, detail);
END $$;
\pset format unaligned
SELECT x.name, t.type, test.with_type(x.name, t.type) AS becomes
  FROM (VALUES (1, 'id', '{uuid,bigint,text,test.key}'::text[]),
               (2, 'name', '{text,varchar(100),test.word}'), (3, 'type', '{text,varchar(20),test.word,test.words,char(10),integer}'), (4, 'pricing_plan', '{text,varchar,test.word,test.words,smallint}'),
               (5, 'token_quota_monthly', '{smallint,integer,bigint,numeric,"numeric(20,0)",real,text}'), (6, 'token_usage_current', '{smallint,integer,bigint,numeric,"numeric(6,0)",test.number,real,text}'),
               (7, 'token_reset_date', '{timestamptz,timestamp,date,text}'), (8, 'token_reset_anchor', '{timestamptz,timestamp}'), (9, 'quota_slots', '{smallint,integer,bigint,numeric,text}')) AS x (place, name, types)
 CROSS JOIN LATERAL unnest(x.types) WITH ORDINALITY AS t (type, place)
 ORDER BY x.place, t.place;
-- Who installs nothing that reads them keeps them; and whole, with quotas, it is refused as the parts are.
SELECT m AS modules, test.with_type('id', 'bigint', m::text[]) AS becomes FROM unnest(ARRAY['{catalogue,usage}', '{quota}', '{tenancy}', '{agents}', NULL]) AS m;
