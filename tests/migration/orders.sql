-- Modules in any order, alone, one after the other and twice, end in the same schema; in a database with tables of its own too. Answers
-- with a promise and whether it is kept, line by line. Starts without the extension.
CREATE EXTENSION model_access;
CREATE SCHEMA test;
SET client_min_messages = error;

-- What stands after modules were installed one by one, each as often as it is named; everything is taken back.
CREATE FUNCTION test.after(p_modules text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    module text;
    wrong bigint;
BEGIN
    FOREACH module IN ARRAY p_modules LOOP
        PERFORM model_access.install(ARRAY[module]);
    END LOOP;
    SELECT count(*) FILTER (WHERE NOT v.ok) INTO wrong FROM model_access.verify(p_modules) AS v;
    RAISE EXCEPTION USING ERRCODE = 'TT000', MESSAGE = format('%s, %s wrong', (
        SELECT format('%s %s', count(*), md5(string_agg(concat_ws('|', i.module, i.kind, i.object, i.definition), E'\n'
                                                        ORDER BY i.kind, i.object, i.definition)))
          FROM model_access.inventory(p_modules) AS i), wrong);
EXCEPTION WHEN SQLSTATE 'TT000' THEN
    RETURN SQLERRM;
END $$;

CREATE FUNCTION test.permutations(p_left text[], p_taken text[] DEFAULT '{}') RETURNS SETOF text[] LANGUAGE sql AS $$
    SELECT p_taken WHERE cardinality(p_left) = 0
    UNION ALL
    SELECT o.* FROM unnest(p_left) AS m CROSS JOIN LATERAL test.permutations(array_remove(p_left, m), p_taken || m) AS o
$$;

CREATE FUNCTION test.are_the_same(p_count bigint, p_answers text[]) RETURNS boolean LANGUAGE sql AS $$
    SELECT count(*) = p_count AND count(DISTINCT a) = 1 AND bool_and(a LIKE '% %, 0 wrong') FROM unnest(p_answers) AS a
$$;

SELECT 'four modules in each of 24 orders', test.are_the_same(24, array_agg(test.after(p)))
  FROM test.permutations(ARRAY['catalogue', 'usage', 'quota', 'system_models']) AS p;
SELECT format('%s alone, and twice', m), test.are_the_same(2, ARRAY[test.after(ARRAY[m]), test.after(ARRAY[m, m])])
  FROM unnest(ARRAY['settings', 'people', 'catalogue', 'usage', 'quota', 'system_models', 'tenancy']) AS m;
SELECT 'system_models bring the rest',
       test.are_the_same(2, ARRAY[test.after(ARRAY['system_models']), test.after(ARRAY['quota', 'people', 'system_models', 'usage', 'catalogue'])]);
SELECT 'tenancy before, between and after the others', test.are_the_same(6, array_agg(test.after(p)))
  FROM test.permutations(ARRAY['people', 'usage', 'tenancy']) AS p;
-- Named, oauth asks for pgcrypto.
CREATE SCHEMA crypto;
CREATE EXTENSION pgcrypto WITH SCHEMA crypto;
SELECT 'oauth alone, twice, and after what it needs', test.are_the_same(3, ARRAY[
    test.after(ARRAY['oauth']), test.after(ARRAY['oauth', 'oauth']), test.after(ARRAY['people', 'tenancy', 'oauth'])]);

-- The application has organisations: other columns, and some of ours in types of its own, with NULLs.
CREATE TABLE public.organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, type text, settings jsonb, token_usage_current integer
);
INSERT INTO public.organizations (name, type, token_usage_current) VALUES ('Theirs', 'finance', NULL), ('Theirs too', NULL, 7);
SELECT 'onto organisations of the application, in three orders, and twice', test.are_the_same(4, ARRAY[
    test.after(ARRAY['system_models']), test.after(ARRAY['people', 'system_models', 'system_models']),
    test.after(ARRAY['system_models', 'quota', 'usage', 'catalogue']), test.after(ARRAY['catalogue', 'usage', 'quota', 'system_models'])]);
SELECT 'tenancy onto organisations of the application, in three orders', test.are_the_same(3, ARRAY[
    test.after(ARRAY['tenancy', 'people']), test.after(ARRAY['people', 'tenancy', 'tenancy']), test.after(ARRAY['people', 'settings', 'tenancy'])]);
