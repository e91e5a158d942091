-- No client reads an api_key, by no column, function, error or RETURNING; prompts are for who may use the model. A key may be in the vault, of which a stand-in is made here.
INSERT INTO public.organizations (id, name, type, pricing_plan) VALUES ('10000000-0000-4000-8000-000000000001', 'One', 'finance', 'free');
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000001' WHERE id IN (test.id('P'), test.id('A'));
UPDATE public.ai_models_system SET api_key = 'sk-' || id, system_message = 'prompt ' || id WHERE true;
SELECT id AS basic, 'system/' || id AS basic_name FROM public.ai_models_system WHERE name = 'Basic Assistant' \gset
SELECT id AS legal FROM public.ai_models_system WHERE name = 'Legal Document Analyst' \gset
INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES ('10000000-0000-4000-8000-000000000001', :basic), ('10000000-0000-4000-8000-000000000001', :legal);
-- Whatever a person tries, with what he gets back as text; undone afterwards.
CREATE FUNCTION test.told(p_role text, p_person text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    told text := '';
    detail text;
    hint text;
BEGIN
    PERFORM test.request(p_role, p_person);
    FOR line IN EXECUTE p_statement LOOP
        told := told || coalesce(line, 'NULL') || ' ';
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = told;
EXCEPTION
    WHEN SQLSTATE 'ZZ001' THEN RETURN 'rows: ' || SQLERRM;
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        RETURN format('%s %s %s %s', SQLSTATE, SQLERRM, detail, hint);
END $$;
CREATE TABLE test.attempt (place integer GENERATED ALWAYS AS IDENTITY, statement text);
GRANT SELECT ON test.attempt TO authenticator;
INSERT INTO test.attempt (statement) VALUES
    ('SELECT api_key FROM public.ai_models_system'),
    ('SELECT m::text FROM public.ai_models_system AS m'),
    ('SELECT to_jsonb(m)::text FROM public.ai_models_system AS m'),
    ('SELECT count(*)::text FROM public.ai_models_system WHERE api_key LIKE ''sk-%'''),
    ('SELECT name FROM public.ai_models_system ORDER BY api_key'),
    ('UPDATE public.ai_models_system SET sort_order = 1 WHERE true RETURNING api_key'),
    ('UPDATE public.ai_models_system SET name = api_key WHERE true RETURNING name'),
    ('UPDATE public.ai_models_system SET max_tokens = 0 WHERE true RETURNING name'),
    ('INSERT INTO public.ai_models_system (name, role, system_message, api_key, endpoint) VALUES (''x'', ''x'', ''x'', ''sk-mine'', ''x'') RETURNING api_key'),
    ('INSERT INTO public.ai_models_system (name, role, system_message, api_key, endpoint, required_plan) VALUES (''x'', ''x'', ''x'', ''sk-mine'', ''x'', ''gold'') RETURNING name'),
    ('DELETE FROM public.ai_models_system WHERE true RETURNING api_key'),
    ('SELECT most_common_vals::text FROM pg_stats WHERE tablename = ''ai_models_system'' AND attname = ''api_key'''),
    ('SELECT c.api_key FROM public.get_system_model_for_call(auth.uid(), 1) AS c'),
    ('SELECT c.api_key FROM model_access.get_system_model_for_call(auth.uid(), 1) AS c'),
    ('SELECT l::text FROM public.get_available_system_models() AS l WHERE l::text LIKE ''%sk-%'' OR l::text LIKE ''%prompt%''');
\connect - authenticator
SELECT a.statement, p.person, test.told(CASE WHEN p.person = 'anon' THEN 'anon' ELSE 'authenticated' END, nullif(p.person, 'anon'), a.statement) AS told
  FROM test.attempt AS a, unnest('{S,P,A,anon}'::text[]) WITH ORDINALITY AS p (person, place) ORDER BY a.place, p.place;
-- Prompts: superadmins read all, the others of what they may call; A and P have the free plan.
SELECT p.person, test.told('authenticated', p.person, 'SELECT m.name || '': '' || m.system_message || '', '' || coalesce(jsonb_array_length(m.task), 0) || '' tasks'' FROM public.ai_models_system AS m ORDER BY m.sort_order') ~ 'Legal Document Analyst: prompt' AS reads_legal,
       test.told('authenticated', p.person, 'SELECT m.system_message FROM public.ai_models_system AS m') ~ 'prompt' AS reads_any FROM unnest('{S,P,A,B,N}'::text[]) WITH ORDINALITY AS p (person, place) ORDER BY p.place;
-- service_role gets them, for who may call the model.
SELECT test.told('service_role', NULL, format('SELECT concat_ws('' '', c.allowed, c.reason, c.api_key = ''sk-'' || %1$s, c.system_message = ''prompt '' || %1$s) FROM public.get_system_model_for_call(test.id(''A''), %1$s) AS c', m.id)) AS told FROM (VALUES (:basic), (:legal)) AS m (id);
SELECT test.told('service_role', NULL, 'SELECT count(*)::text FROM public.ai_models_system WHERE api_key LIKE ''sk-%''') AS service_role_reads_keys;
-- The vault: none there; there and closed to the owner; without the secret; with it. No answer repeats what is stored.
\connect - postgres
UPDATE public.ai_models_system SET api_key = 'vault:basic key' WHERE id = :basic;
CREATE FUNCTION test.of_basic() RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(test.told('service_role', NULL, format('SELECT c.api_key FROM public.get_system_model_for_call(test.id(''A''), %s) AS c', m.id)), 'model \d+', 'model <id>')
      FROM public.ai_models_system AS m WHERE m.name = 'Basic Assistant'
$$;
SELECT test.of_basic() AS no_vault;
-- One that somebody else has put there, who may make schemas: it would compute as the owner of the tables.
\connect - supabase_admin
CREATE SCHEMA vault AUTHORIZATION authenticator;
SET ROLE authenticator;
CREATE VIEW vault.decrypted_secrets AS SELECT 'basic key' AS name, current_user::text AS decrypted_secret;
GRANT USAGE ON SCHEMA vault TO PUBLIC;
GRANT SELECT ON vault.decrypted_secrets TO PUBLIC;
RESET ROLE;
\connect - postgres
SELECT test.of_basic() AS planted;
\connect - supabase_admin
DROP VIEW vault.decrypted_secrets;
DROP SCHEMA vault;
CREATE SCHEMA vault;
CREATE TABLE vault.secrets (name text UNIQUE, secret text);
CREATE VIEW vault.decrypted_secrets AS SELECT s.name, reverse(s.secret) AS decrypted_secret FROM vault.secrets AS s;
\connect - postgres
SELECT test.of_basic() AS closed;
\connect - supabase_admin
GRANT USAGE ON SCHEMA vault TO postgres;
\connect - postgres
SELECT test.of_basic() AS still_closed;
\connect - supabase_admin
GRANT SELECT ON vault.decrypted_secrets TO postgres;
INSERT INTO vault.secrets VALUES ('other', 'yek-rehto'), ('empty', NULL);
\connect - postgres
SELECT test.of_basic() AS no_such_secret;
UPDATE public.ai_models_system SET api_key = 'vault:empty' WHERE id = :basic;
SELECT test.of_basic() AS empty_secret;
\connect - supabase_admin
INSERT INTO vault.secrets VALUES ('basic key', 'terces-ks');
UPDATE public.ai_models_system SET api_key = 'vault:basic key' WHERE name = 'Basic Assistant';
\connect - postgres
SELECT test.of_basic() AS kept_in_the_vault;
-- Read as the owner of the tables, whoever calls; service_role itself has no right there.
SELECT has_schema_privilege('service_role', 'vault', 'USAGE') AS service_role_may;
-- A refusal looks for no secret.
UPDATE public.ai_models_system SET api_key = 'vault:nowhere', is_active = false WHERE id = :basic;
SELECT c.allowed, c.reason, c.api_key FROM public.get_system_model_for_call(test.id('A'), :basic) AS c;
-- A backup that uninstall() makes has the keys, and is closed.
SELECT object FROM model_access.uninstall('{system_models}', true) WHERE action = 'dropped' AND object LIKE 'table %' ORDER BY object COLLATE "C";
SELECT c.relname, r.role, has_table_privilege(r.role, c.oid, 'SELECT') AS may FROM pg_class AS c, unnest('{anon,authenticated,service_role}'::name[]) AS r (role) WHERE c.relname = 'ai_models_system_new_backup' ORDER BY r.role;
