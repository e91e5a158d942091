-- Tokens are encrypted by pgcrypto wherever it lives, and come back with their key alone; every failure is the same NULL. First pgcrypto is not there.
SELECT test.outcome($$SELECT public.encrypt_token('t', 'k')$$) AS encrypt;
SELECT test.outcome($$SELECT public.decrypt_token('t', 'k')$$) AS decrypt;
SELECT test.outcome($$SELECT * FROM model_access.install('{usage,oauth}')$$) AS named;
SELECT count(*) > 0 AS everything FROM model_access.install();
SELECT count(*) > 0 AS others FROM model_access.install('{tenancy}');
SELECT check_name, expected, actual FROM model_access.verify() WHERE NOT ok;
-- A function of that name which is none of pgcrypto's is not called.
\connect - supabase_admin
CREATE FUNCTION extensions.pgp_sym_encrypt(text, text, text) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN RAISE 'got %', $2; END $$;
\connect - postgres
SELECT test.outcome($$SELECT public.encrypt_token('t', 'k')$$) AS planted;
-- In a schema with a name that needs quotes, which is on nobody's path; the developer may create it himself.
CREATE SCHEMA "Crypto's ""own""";
CREATE EXTENSION pgcrypto WITH SCHEMA "Crypto's ""own""";
SELECT count(*) > 0 AS named FROM model_access.install('{oauth}');
CREATE TABLE test.token (place integer, what text, token text);
INSERT INTO test.token VALUES (1, 'short', 'gho_16C7e42F292c6912E7710c838347Ae178B4a'), (2, 'empty', ''), (3, 'one byte', 'x'), (4, 'quotes', $$it's "quoted" \ $1 %s {}$$), (5, 'Unicode', '🔑 ключ 鍵 é e' || U&'\0301' || ' ‮'),
    (6, 'lines', E'a\r\nb\nc\td\x01'), (7, '76 bytes', repeat('a', 76)), (8, '1 MiB', repeat('abcdefgh', 131072)), (9, '1 MiB of Unicode', repeat('ключ', 131072)), (10, 'an encrypted one', 'placeholder');
UPDATE test.token SET token = public.encrypt_token('inner', 'inner key') WHERE place = 10;
CREATE TABLE test.encrypted AS SELECT t.place, t.what, t.token, k.key, public.encrypt_token(t.token, k.key) AS encrypted
  FROM test.token AS t CROSS JOIN (VALUES ('QmFzZTY0IGtleSBvZiAzMiByYW5kb20gYnl0ZXM='), ('пароль '' " \ 🔑'), ('k')) AS k (key);
SELECT e.what, bool_and(public.decrypt_token(e.encrypted, e.key) = e.token) AS comes_back, bool_and(e.encrypted !~ '\s') AS on_one_line, bool_and(e.encrypted ~ '^[A-Za-z0-9+/]+={0,2}$') AS base64,
       bool_or(length(e.token) > 3 AND position(convert_to(e.token, 'UTF8') IN decode(e.encrypted, 'base64')) > 0) AS readable, count(DISTINCT length(e.encrypted)) AS lengths, count(*) AS keys
  FROM test.encrypted AS e GROUP BY e.place, e.what ORDER BY e.place;
-- Never twice the same, and the length tells the length of the token only.
SELECT count(DISTINCT public.encrypt_token('same', 'k')) AS different, count(*) FROM generate_series(1, 20);
SELECT length(public.encrypt_token(repeat('a', 4000), 'k')) = length(public.encrypt_token((SELECT string_agg(md5(n::text), '') FROM generate_series(1, 125) AS n), 'k')) AS same_length;
-- It is AES-256, not compressed, with a salted and iterated key of SHA-256, in packets of OpenPGP: version 4, cipher 9, S2K 3, hash 8.
SELECT substr(decode(public.encrypt_token('t', 'k'), 'base64'), 3, 4) AS session_key_packet;
-- What does not decrypt is NULL, all alike: no error, no notice.
CREATE TABLE test.garbage (place integer GENERATED ALWAYS AS IDENTITY, what text, encrypted text, key text DEFAULT 'k');
INSERT INTO test.garbage (what, encrypted, key) SELECT 'another key', public.encrypt_token('token', 'k'), k.key FROM unnest(ARRAY['K', 'k ', 'kk', '', '🔑']) AS k (key);
INSERT INTO test.garbage (what, encrypted) VALUES ('empty', ''), ('blank', ' '), ('no base64', 'ö'), ('base64 of another alphabet', 'wy4_-A=='), ('short base64', 'abc'), ('padding first', '==ab'), ('random', 'c29tZXRoaW5nIGVsc2U='), ('hex', '\xc30d04'), ('plain token', 'gho_16C7e42F292c6912E7710c838347Ae178B4a');
INSERT INTO test.garbage (what, encrypted) SELECT 'truncated', left(public.encrypt_token('a longer token', 'k'), n * 4) FROM generate_series(1, 24) AS n;
INSERT INTO test.garbage (what, encrypted) SELECT 'a bit flipped', encode(set_bit(e.bytes, n, 1 - get_bit(e.bytes, n)), 'base64') FROM (SELECT decode(public.encrypt_token('token', 'k'), 'base64') AS bytes) AS e, generate_series(8 * 18, 8 * 60, 7) AS n;
INSERT INTO test.garbage (what, encrypted) SELECT 'something behind', public.encrypt_token('token', 'k') || 'AAAA';
INSERT INTO test.garbage (what, encrypted) VALUES
    ('bytes, no text', encode("Crypto's ""own""".pgp_sym_encrypt_bytea('\x00ff', 'k'), 'base64')), ('bytes that are a text', encode("Crypto's ""own""".pgp_sym_encrypt_bytea('text', 'k'), 'base64')),
    ('33 MiB', repeat('AAAA', 9 * 1024 * 1024));
SELECT g.what, count(*) AS tries, count(public.decrypt_token(g.encrypted, g.key)) AS decrypted FROM test.garbage AS g GROUP BY g.what ORDER BY min(g.place);
SELECT test.outcome(format('SELECT public.decrypt_token(%L, %L)', left(g.encrypted, 200), g.key)) AS outcome, count(DISTINCT g.what) AS kinds FROM test.garbage AS g GROUP BY 1;
SELECT public.decrypt_token(NULL, 'k') IS NULL AS no_token, public.decrypt_token(public.encrypt_token('t', 'k'), NULL) IS NULL AS no_key, public.encrypt_token(NULL, 'k') IS NULL AS encrypts_none, public.encrypt_token('t', NULL) IS NULL AS without_key;
-- A failure leaves the transaction and the caller as they were, and many of them nothing behind.
BEGIN;
SELECT test.request('service_role');
SELECT count(public.decrypt_token('c29tZXRoaW5nIGVsc2U=', 'k')) AS decrypted, count(*) FROM generate_series(1, 2000);
SELECT current_user, current_setting('search_path') AS path, public.decrypt_token(public.encrypt_token('by service_role', 'k'), 'k') AS token;
COMMIT;
-- Others' messages: of pgcrypto itself, on lines, with other algorithms, compressed.
SELECT o.options, public.decrypt_token(encode("Crypto's ""own""".pgp_sym_encrypt(repeat('by pgcrypto, ключ; ', 20), 'k', o.options), 'base64'), 'k') = repeat('by pgcrypto, ключ; ', 20) AS read,
       public.decrypt_token(replace(encode("Crypto's ""own""".pgp_sym_encrypt('crlf', 'k', o.options), 'base64'), E'\n', E'\r\n') || E'\r\n', 'k') AS on_lines
  FROM unnest(ARRAY['', 'cipher-algo=aes128', 'compress-algo=2', 's2k-mode=1', 'unicode-mode=1', 'sess-key=1', 'disable-mdc=1']) WITH ORDINALITY AS o (options, place) ORDER BY o.place;
SELECT "Crypto's ""own""".pgp_sym_decrypt(decode(public.encrypt_token('to pgcrypto, ключ', 'k'), 'base64'), 'k') AS by_pgcrypto;
-- Limits; what came is not repeated.
SELECT test.outcome($$SELECT public.encrypt_token('t', '')$$) AS empty_key;
SELECT test.outcome($$SELECT public.encrypt_token(repeat('x', 16 * 1024 * 1024 + 1), 'k')$$) AS too_large;
-- Closed to clients, and where pgcrypto is closed to the owner it says how to open it.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'A');
SAVEPOINT s;
SELECT public.encrypt_token('t', 'k');
ROLLBACK TO s;
SELECT model_access.decrypt_token('t', 'k');
ROLLBACK;
\connect - supabase_admin
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA "Crypto's ""own""" FROM PUBLIC;
\connect - postgres
SELECT test.outcome($$SELECT public.encrypt_token('t', 'k')$$) AS closed;
SELECT test.outcome($$SELECT public.decrypt_token('t', 'k')$$) AS closed;
\connect - supabase_admin
GRANT EXECUTE ON FUNCTION "Crypto's ""own""".pgp_sym_encrypt(text, text, text), "Crypto's ""own""".pgp_sym_decrypt(bytea, text, text) TO postgres;
\connect - postgres
SELECT public.decrypt_token(public.encrypt_token('opened', 'k'), 'k') AS opened;
-- It moves, and goes.
\connect - supabase_admin
DROP FUNCTION extensions.pgp_sym_encrypt(text, text, text);
ALTER EXTENSION pgcrypto SET SCHEMA extensions;
SET ROLE postgres;
SELECT public.decrypt_token(e.encrypted, e.key) = e.token AS after_a_move FROM test.encrypted AS e WHERE e.place = 5 AND e.key = 'k';
RESET ROLE;
DROP EXTENSION pgcrypto;
SET ROLE postgres;
SELECT test.outcome($$SELECT public.decrypt_token('t', 'k')$$) AS gone;
-- The session keeps no address of what is gone, and finds it again.
RESET ROLE;
CREATE EXTENSION pgcrypto WITH SCHEMA extensions;
SET ROLE postgres;
SELECT public.decrypt_token(e.encrypted, e.key) = e.token AS again FROM test.encrypted AS e WHERE e.place = 5 AND e.key = 'k';
