-- Whatever somebody does to the audit log with its triggers switched off, verify_audit_log() names the first row that is not as it was written.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One'), ('00000000-0000-4000-8000-0000000000f2', 'Two');
INSERT INTO public.users (id, email, organization_id, role, is_active) VALUES (test.id('A'), 'a@example.test', '00000000-0000-4000-8000-0000000000f1', 'user', true), (test.id('P'), 'p@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', true),
    (test.id('B'), 'b@example.test', '00000000-0000-4000-8000-0000000000f2', 'admin', true), (test.id('N'), 'n@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', false);
INSERT INTO public.platform_admins (workos_user_id, email) VALUES (test.id('T')::text, 't@example.test');
\set one '''00000000-0000-4000-8000-0000000000f1'''
\set two '''00000000-0000-4000-8000-0000000000f2'''
SELECT count(public.log_audit_event(test.id(CASE WHEN n % 2 = 0 THEN 'A' ELSE 'P' END), :one, 'step_' || n, 'thing', n::text, jsonb_build_object('n', n))) FROM generate_series(1, 9) AS n;
SELECT count(public.log_audit_event(test.id('B'), :two, 'step_' || n, 'thing')) FROM generate_series(1, 3) AS n;
-- Runs statements without the triggers, says what is found, and takes all of it back. Hashes and keys differ from run to run: of a row is told its action.
CREATE FUNCTION test.tampered(p_statements text[]) RETURNS TABLE ("position" bigint, problem text, "row" text, expected text, actual text) LANGUAGE plpgsql AS $$
DECLARE
    statement text;
BEGIN
    BEGIN
        ALTER TABLE public.audit_logs DISABLE TRIGGER ALL;
        FOREACH statement IN ARRAY p_statements LOOP EXECUTE statement; END LOOP;
        ALTER TABLE public.audit_logs ENABLE TRIGGER ALL;
        CREATE TEMPORARY TABLE found AS
            SELECT v.chain_position, v.problem, a.action, regexp_replace(v.expected, '^[0-9a-f]{64}$', 'a hash') AS expected, regexp_replace(v.actual, '^[0-9a-f]{64}$', 'a hash') AS actual
              FROM (VALUES ('00000000-0000-4000-8000-0000000000f1'::uuid), ('00000000-0000-4000-8000-0000000000f2')) AS o (id) CROSS JOIN LATERAL public.verify_audit_log(o.id) AS v LEFT JOIN public.audit_logs AS a ON a.id = v.log_id;
        RAISE EXCEPTION '%', (SELECT coalesce(json_agg(f), '[]') FROM found AS f) USING ERRCODE = 'ZZ001';
    EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
        RETURN QUERY SELECT * FROM json_to_recordset(SQLERRM::json) AS f (chain_position bigint, problem text, action text, expected text, actual text);
    END;
END $$;
-- One more row as whoever knows the rule would write it; the rule is the one of docs/design.md.
CREATE FUNCTION test.field(p_value bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce('\x01'::bytea || int8send(octet_length(p_value)) || p_value, '\x00') $$;
CREATE FUNCTION test.hash(a public.audit_logs) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(E'model_access audit 1\\012'::bytea || test.field(uuid_send(a.chain_id)) || test.field(int8send(a.chain_position)) || test.field(a.previous_hash) || test.field(uuid_send(a.id))
        || test.field(timestamptz_send(a.timestamp)) || test.field(uuid_send(a.written_user_id)) || test.field(uuid_send(a.written_organization_id)) || test.field(convert_to(a.action, 'UTF8'))
        || test.field(convert_to(a.resource_type, 'UTF8')) || test.field(convert_to(a.resource_id, 'UTF8')) || test.field(convert_to(a.details::text, 'UTF8')) || test.field(convert_to(host(a.ip_address), 'UTF8'))
        || test.field(convert_to(a.user_agent, 'UTF8')) || test.field(CASE WHEN a.success THEN '\x01'::bytea ELSE '\x00' END) || test.field(convert_to(a.error_message, 'UTF8')))
$$;
-- SQL alone can verify the log: the rule needs nothing of ours.
SELECT count(*) AS rows, count(*) FILTER (WHERE a.hash = test.hash(a)) AS hashed_alike FROM public.audit_logs AS a;
-- A superuser, with every trigger off.
\connect - supabase_admin
SELECT * FROM test.tampered('{}');
SELECT x.n, x.what, t."position", t.problem, t."row", t.expected, t.actual FROM (VALUES
    (1, 'details changed', ARRAY[$$UPDATE public.audit_logs SET details = '{"n": 50}' WHERE action = 'step_5'$$]),
    (2, 'timestamp changed', ARRAY[$$UPDATE public.audit_logs SET timestamp = timestamp - interval '1 microsecond' WHERE action = 'step_5'$$]),
    (3, 'NULL for empty', ARRAY[$$UPDATE public.audit_logs SET user_agent = '' WHERE action = 'step_5'$$]),
    (4, 'success denied', ARRAY[$$UPDATE public.audit_logs SET success = false WHERE action = 'step_5'$$]),
    (5, 'another user', ARRAY[$$UPDATE public.audit_logs SET user_id = test.id('A') WHERE action = 'step_5'$$]),
    (6, 'another user in both', ARRAY[$$UPDATE public.audit_logs SET user_id = test.id('A'), written_user_id = test.id('A') WHERE action = 'step_5'$$]),
    (7, 'another organisation', ARRAY[$$UPDATE public.audit_logs SET organization_id = '00000000-0000-4000-8000-0000000000f2' WHERE action = 'step_5'$$]),
    (8, 'a middle row deleted', ARRAY[$$DELETE FROM public.audit_logs WHERE action = 'step_5'$$]),
    (9, 'the first row deleted', ARRAY[$$DELETE FROM public.audit_logs WHERE action = 'step_1'$$]),
    (10, 'the tail deleted', ARRAY[$$DELETE FROM public.audit_logs WHERE action IN ('step_8', 'step_9')$$]),
    (11, 'one deleted, the rest moved up', ARRAY[$$DELETE FROM public.audit_logs WHERE action = 'step_5'$$,
        $$UPDATE public.audit_logs SET chain_position = chain_position - 1 WHERE action = 'step_6'$$, $$UPDATE public.audit_logs SET chain_position = chain_position - 1 WHERE action = 'step_7'$$]),
    (12, 'two swapped', ARRAY[$$UPDATE public.audit_logs SET chain_position = -4 WHERE action = 'step_4'$$,
        $$UPDATE public.audit_logs SET chain_position = 4 WHERE action = 'step_6'$$, $$UPDATE public.audit_logs SET chain_position = 6 WHERE action = 'step_4'$$]),
    (13, 'two swapped with their links', ARRAY[$$CREATE TEMPORARY TABLE kept AS SELECT a.* FROM public.audit_logs AS a WHERE a.action IN ('step_4', 'step_6')$$,
        $$UPDATE public.audit_logs AS a SET details = k.details, resource_id = k.resource_id, action = k.action FROM kept AS k WHERE a.action IN ('step_4', 'step_6') AND a.action <> k.action$$]),
    (14, 'a row inserted by hand', ARRAY[$$INSERT INTO public.audit_logs (organization_id, action, resource_type, chain_id, chain_position, written_organization_id, previous_hash, hash)
        SELECT a.organization_id, 'by_hand', 'thing', a.chain_id, 10, a.organization_id, a.hash, a.hash FROM public.audit_logs AS a WHERE a.action = 'step_9'$$]),
    (15, 'a row inserted without a place', ARRAY[$$INSERT INTO public.audit_logs (organization_id, action, resource_type) VALUES ('00000000-0000-4000-8000-0000000000f1', 'by_hand', 'thing')$$]),
    (16, 'a row inserted and hashed', ARRAY[$$INSERT INTO public.audit_logs (organization_id, action, resource_type, chain_id, chain_position, written_organization_id, previous_hash)
        SELECT a.organization_id, 'by_hand', 'thing', a.chain_id, 10, a.organization_id, a.hash FROM public.audit_logs AS a WHERE a.action = 'step_9'$$,
        $$UPDATE public.audit_logs AS a SET hash = test.hash(a) WHERE a.action = 'by_hand'$$]),
    (17, 'changed and hashed anew', ARRAY[$$UPDATE public.audit_logs SET details = '{"n": 50}' WHERE action = 'step_5'$$, $$UPDATE public.audit_logs AS a SET hash = test.hash(a) WHERE a.action = 'step_5'$$]),
    (18, 'the last changed and hashed anew', ARRAY[$$UPDATE public.audit_logs SET details = '{"n": 50}' WHERE action = 'step_9'$$, $$UPDATE public.audit_logs AS a SET hash = test.hash(a) WHERE a.action = 'step_9'$$]),
    (19, 'hash taken away', ARRAY[$$UPDATE public.audit_logs SET hash = NULL WHERE action = 'step_5'$$]),
    (20, 'place taken away', ARRAY[$$UPDATE public.audit_logs SET chain_position = NULL WHERE action = 'step_5'$$]),
    (21, 'all taken away', ARRAY['TRUNCATE public.audit_logs']),
    (22, 'head set back', ARRAY[$$UPDATE public.audit_log_heads AS h SET last_position = 8, last_hash = a.previous_hash FROM public.audit_logs AS a WHERE a.action = 'step_9' AND a.chain_id = h.chain_id$$]),
    (23, 'head set forth', ARRAY[$$UPDATE public.audit_log_heads AS h SET last_position = 10 WHERE h.last_position = 9$$]),
    (24, 'heads deleted', ARRAY['DELETE FROM public.audit_log_heads WHERE true']),
    (25, 'moved to the log of others', ARRAY[$$UPDATE public.audit_logs SET chain_id = '00000000-0000-4000-8000-0000000000f2', chain_position = 4 WHERE action = 'step_5'$$]),
    (26, 'a place taken twice', ARRAY['DROP INDEX public.idx_audit_logs_chain', $$UPDATE public.audit_logs SET chain_position = 4, id = 'ffffffff-ffff-4fff-bfff-ffffffffffff' WHERE action = 'step_5'$$]),
    (27, 'a row in no chain', ARRAY[$$INSERT INTO public.audit_logs (organization_id, action, resource_type, chain_position, hash)
        SELECT a.organization_id, 'forged', 'thing', 1, '\x00' FROM public.audit_logs AS a WHERE a.action = 'step_9'$$]),
    (28, 'a row in a chain of nobody', ARRAY[$$INSERT INTO public.audit_logs (organization_id, action, resource_type, chain_id, chain_position, hash)
        SELECT a.organization_id, 'forged', 'thing', 'ffffffff-ffff-4fff-bfff-ffffffffffff', 1, '\x00' FROM public.audit_logs AS a WHERE a.action = 'step_9'$$]),
    (29, 'a user let go of who stands', ARRAY[$$UPDATE public.audit_logs SET user_id = NULL WHERE action = 'step_5'$$]),
    (30, 'an organisation let go of that stands', ARRAY[$$UPDATE public.audit_logs SET organization_id = NULL WHERE action = 'step_5'$$]),
    (31, 'a user made again', ARRAY[$$UPDATE public.audit_logs SET user_id = NULL WHERE user_id = test.id('A')$$, $$DELETE FROM public.users WHERE id = test.id('A')$$,
        $$INSERT INTO public.users (id, email, organization_id, created_at) VALUES (test.id('A'), 'a@example.test', '00000000-0000-4000-8000-0000000000f1', clock_timestamp())$$])
    ) AS x (n, what, statements) LEFT JOIN LATERAL test.tampered(x.statements) AS t ON true ORDER BY 1, 3, 6;
