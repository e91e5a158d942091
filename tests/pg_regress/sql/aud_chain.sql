-- Whoever writes to the audit log, and in whatever way, the row gets its place and hash in its organisation's chain; and the chain is whole.
INSERT INTO public.organizations (id, name) VALUES ('00000000-0000-4000-8000-0000000000f1', 'One'), ('00000000-0000-4000-8000-0000000000f2', 'Two');
INSERT INTO public.users (id, email, organization_id, role, is_active) VALUES (test.id('A'), 'a@example.test', '00000000-0000-4000-8000-0000000000f1', 'user', true), (test.id('P'), 'p@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', true),
    (test.id('B'), 'b@example.test', '00000000-0000-4000-8000-0000000000f2', 'admin', true), (test.id('N'), 'n@example.test', '00000000-0000-4000-8000-0000000000f1', 'admin', false);
INSERT INTO public.platform_admins (workos_user_id, email) VALUES (test.id('T')::text, 't@example.test');
\set one '''00000000-0000-4000-8000-0000000000f1'''
\set two '''00000000-0000-4000-8000-0000000000f2'''
CREATE FUNCTION test.chain() RETURNS TABLE (log text, "position" bigint, action text, linked boolean, hashed boolean, who text) LANGUAGE sql STABLE AS $$
    SELECT coalesce(o.name, 'none'), a.chain_position, a.action, a.previous_hash = coalesce(lag(a.hash) OVER w, decode(repeat('00', 32), 'hex')), octet_length(a.hash) = 32,
           right(a.written_user_id::text, 2)
      FROM public.audit_logs AS a LEFT JOIN public.organizations AS o ON o.id = a.chain_id
    WINDOW w AS (PARTITION BY a.chain_id ORDER BY a.chain_position) ORDER BY 1, 2
$$;
CREATE FUNCTION test.whole() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(v::text, E'\n'), 'whole')
      FROM (SELECT NULL::uuid AS id UNION ALL SELECT h.chain_id FROM public.audit_log_heads AS h WHERE h.chain_id <> '00000000-0000-0000-0000-000000000000') AS o
     CROSS JOIN LATERAL public.verify_audit_log(o.id) AS v
$$;
SELECT test.whole() AS before_the_first_row;
-- By function: a member for himself, service_role for anybody and for nobody.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT public.log_audit_event(test.id('A'), :one, 'document_opened', 'document', 'd-1', '{"pages": 3, "title": "né \"q\" \\u0001", "ratio": 1.50}', '2001:db8::1/64', 'Mozilla/5.0', false, 'not found') IS NOT NULL AS written;
COMMIT;
BEGIN;
SELECT test.request('service_role');
SELECT public.log_audit_event(test.id('B'), :two, 'signed_in', 'session') IS NOT NULL AS written;
SELECT public.log_audit_event(NULL, NULL, 'restarted', 'server', p_details => NULL) IS NOT NULL AS written;
SELECT public.log_audit_event(test.id('B'), :one, 'guest_came', 'session') IS NOT NULL AS of_another_organisation;
COMMIT;
-- By policy; several rows of one statement follow one another.
BEGIN;
SELECT test.request('authenticated', 'P');
INSERT INTO public.audit_logs (user_id, organization_id, action, resource_type) SELECT test.id('P'), :one, 'row_' || n, 'row' FROM generate_series(1, 3) AS n
    RETURNING action, chain_position, timestamp BETWEEN now() AND clock_timestamp() AS at_the_clock;
COMMIT;
-- Without claims: the setting.
BEGIN;
SET LOCAL ROLE authenticated;
SELECT set_config('app.user_id', test.id('A')::text, true) <> '' AS set;
INSERT INTO public.audit_logs (user_id, organization_id, action, resource_type) VALUES (test.id('A'), :one, 'by_setting', 'row');
SELECT count(*) AS rows_of_his_organisation FROM public.audit_logs;
COMMIT;
-- By service_role, which says more than it may decide: key, instant, place, copies and hash are the engine's.
BEGIN;
SELECT test.request('service_role');
INSERT INTO public.audit_logs (id, timestamp, user_id, organization_id, action, resource_type, chain_id, chain_position, written_user_id, written_organization_id, previous_hash, hash)
VALUES ('00000000-0000-4000-8000-000000000001', '2001-01-01', test.id('A'), :one, 'forged', 'row', :two, 1, test.id('B'), :two, '\x00', '\x01')
RETURNING id = '00000000-0000-4000-8000-000000000001' AS its_id, timestamp < '2002-01-01' AS its_time, chain_id = :one AS right_chain, chain_position, right(written_user_id::text, 2) AS who, octet_length(hash) AS bytes;
-- So nothing of his can be in the way of another row, and no row is skipped.
INSERT INTO public.audit_logs (id, action, resource_type) VALUES ('00000000-0000-4000-8000-000000000001', 'skipped', 'row') ON CONFLICT DO NOTHING RETURNING chain_position;
COMMIT;
\connect - postgres
SELECT * FROM test.chain();
SELECT test.whole();
SELECT right(h.chain_id::text, 2) AS chain, h.last_position, h.last_hash = a.hash AS last FROM public.audit_log_heads AS h JOIN public.audit_logs AS a ON a.chain_id = h.chain_id AND a.chain_position = h.last_position ORDER BY 1;
-- The same whatever the session is set to.
SET DateStyle = 'German, DMY';
SET TimeZone = 'Asia/Kathmandu';
SET IntervalStyle = 'sql_standard';
SET extra_float_digits = -15;
SET bytea_output = 'escape';
SET search_path = '';
SELECT public.log_audit_event(NULL, NULL, 'under_other_settings', 'row', p_ip_address => '10.0.0.1') IS NOT NULL AS written;
SELECT test.whole();
RESET ALL;
SELECT test.whole();
-- A trigger of the application that comes before ours is hashed; roll-backs leave no gap.
CREATE FUNCTION public.our_mask() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN NEW.user_agent := 'masked'; RETURN NEW; END $$;
CREATE TRIGGER mask BEFORE INSERT ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION public.our_mask();
BEGIN;
SAVEPOINT s;
SELECT public.log_audit_event(NULL, NULL, 'rolled_back', 'row') IS NOT NULL AS written;
ROLLBACK TO s;
SELECT public.log_audit_event(NULL, NULL, 'masked', 'row', p_user_agent => 'secret') IS NOT NULL AS written;
COMMIT;
DROP TRIGGER mask ON public.audit_logs;
SELECT "position", action FROM test.chain() WHERE log = 'none';
SELECT test.whole();
-- Many rows, read in parts.
DO $$ BEGIN FOR n IN 1 .. 10 LOOP
    INSERT INTO public.audit_logs (organization_id, action, resource_type) SELECT '00000000-0000-4000-8000-0000000000f2', 'many', 'row' FROM generate_series(1, 250);
    COMMIT;
END LOOP; END $$;
SELECT h.last_position FROM public.audit_log_heads AS h WHERE h.chain_id = :two;
SELECT test.whole();
-- Rows from before the chain are counted apart, and no row is put into one of them.
ALTER TABLE public.audit_logs DISABLE TRIGGER zz_chain_audit_log;
INSERT INTO public.audit_logs (organization_id, action, resource_type) SELECT :one, 'old', 'row' FROM generate_series(1, 2);
ALTER TABLE public.audit_logs ENABLE TRIGGER zz_chain_audit_log;
SELECT * FROM public.verify_audit_log(:one);
SELECT * FROM public.verify_audit_log(:two);
-- What an organisation is told of a row that is too large, or says nothing.
SELECT a, test.outcome(format('SELECT public.log_audit_event(NULL, NULL, %s)', a)) FROM unnest(ARRAY[
    '''a'', ''b'', p_details => jsonb_build_object(''x'', repeat(''x'', 70000))', 'repeat(''a'', 1025), ''b''', '''a'', ''b'', repeat(''x'', 1025)', '''a'', ''b'', p_user_agent => repeat(''x'', 65537)',
    '''  '', ''b''', '''a'', E''\t''', 'NULL, ''b''', '''a'', NULL', '''a'', ''b'', p_success => NULL']) WITH ORDINALITY AS x (a, n) ORDER BY n;
SELECT test.outcome($$INSERT INTO public.audit_logs (action, resource_type, details) VALUES ('a', 'b', jsonb_build_object('x', repeat('x', 70000)))$$);
SELECT left(test.outcome($$INSERT INTO public.audit_logs (action, resource_type) VALUES (' ', 'b')$$), 5);
SELECT test.outcome(format('SELECT public.log_audit_event(%L, NULL, ''a'', ''b'')', test.id('X')));
SELECT test.outcome(format('SELECT public.log_audit_event(NULL, %L, ''a'', ''b'')', test.id('X')));
