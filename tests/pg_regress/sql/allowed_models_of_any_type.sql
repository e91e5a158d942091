-- database: supabase
-- profiles.allowed_models of any type comes back by uninstall() with its lists and properties; what does not is told, and its backup stays.
\set SHOW_CONTEXT never
CREATE EXTENSION model_access;
CREATE SCHEMA ours;
CREATE TYPE ours.model AS ENUM ('small', 'large');
CREATE DOMAIN ours.list AS jsonb CHECK (jsonb_typeof(VALUE) = 'array');
INSERT INTO auth.users (id, email) SELECT format('00000000-0000-4000-8000-00000000000%s', n)::uuid, n || '@example.test' FROM generate_series(1, 3) AS n;
-- What can be said of the column and what hangs on it.
CREATE FUNCTION ours.description() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s%s%s storage %s, statistics %s, compression %s, options %s', format_type(a.atttypid, a.atttypmod), ' collate ' || nullif(a.attcollation, 0)::regcollation::text,
                  CASE a.attgenerated WHEN '' THEN ' default ' ELSE ' generated as ' END || pg_get_expr(d.adbin, d.adrelid), a.attstorage,
                  coalesce(nullif(a.attstattarget, -1)::text, 'default'), coalesce(nullif(a.attcompression::text, ''), 'default'), coalesce(a.attoptions::text, 'none'))
           || CASE WHEN a.attnotnull THEN ', not null' ELSE '' END
      FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = to_regclass('public.profiles') AND a.attname = 'allowed_models'
    UNION ALL
    SELECT x || coalesce(' -- ' || obj_description(i.oid, 'pg_class'), '') FROM pg_class AS i CROSS JOIN LATERAL pg_get_indexdef(i.oid) AS x WHERE x LIKE '%allowed_models%'
    UNION ALL
    SELECT pg_get_statisticsobjdef(e.oid) || coalesce(' -- ' || obj_description(e.oid, 'pg_statistic_ext'), '') FROM pg_statistic_ext AS e
$$;
-- There and back with a column so defined ("listed" are the lists), and what was told of it: nothing else is shown but a difference.
CREATE FUNCTION ours.there_and_back(p_column text, VARIADIC p_more text[] DEFAULT '{}') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    described text[];
    listed text;
    more text;
BEGIN
    EXECUTE 'CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id), email varchar(255) NOT NULL, listed text, allowed_models ' || p_column || ')';
    GRANT SELECT ON public.profiles TO authenticated;
    ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
    INSERT INTO public.profiles (id, email, listed) SELECT u.id, u.email, u.email FROM auth.users AS u;
    FOREACH more IN ARRAY p_more LOOP EXECUTE more; END LOOP;
    described := ARRAY(SELECT d FROM ours.description() AS d);
    EXECUTE 'SELECT string_agg(coalesce(p.allowed_models::text, ''-''), '' '' ORDER BY p.email) FROM public.profiles AS p' INTO listed;
    PERFORM FROM model_access.install();
    ASSERT NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public.profiles'::regclass AND attname = 'allowed_models');
    RETURN QUERY SELECT u.action FROM model_access.uninstall() AS u WHERE u.object LIKE '%allowed_models' ORDER BY u.action COLLATE "C";
    RETURN QUERY SELECT 'was ' || d FROM unnest(described) AS d EXCEPT SELECT 'was ' || d FROM ours.description() AS d ORDER BY 1;
    RETURN QUERY SELECT 'is ' || d FROM ours.description() AS d EXCEPT SELECT 'is ' || d FROM unnest(described) AS d ORDER BY 1;
    RETURN QUERY EXECUTE 'SELECT format(''lists %s'', string_agg(coalesce(p.allowed_models::text, ''-''), '' '' ORDER BY p.email)) FROM public.profiles AS p';
    DROP TABLE public.profiles CASCADE;
    DROP TABLE IF EXISTS public.profiles_allowed_models_backup;
END $$;
SET client_min_messages = error;
SELECT * FROM ours.there_and_back('uuid[]', 'UPDATE public.profiles SET allowed_models = ARRAY[id] WHERE email < ''2''');
SELECT * FROM ours.there_and_back('ours.model[] NOT NULL DEFAULT ''{small}''');
SELECT * FROM ours.there_and_back('ours.list DEFAULT ''["acme/m1"]''');
SELECT * FROM ours.there_and_back('text[] GENERATED ALWAYS AS (string_to_array(listed, ''@'')) STORED');
SELECT * FROM ours.there_and_back('varchar(20)[]', 'UPDATE public.profiles SET allowed_models = ''{acme/m1}'' WHERE email < ''2''');
SELECT * FROM ours.there_and_back('varchar(100)[]', 'UPDATE public.profiles SET allowed_models = ''{acme/m1}'' WHERE email < ''2''');
SELECT * FROM ours.there_and_back('text COLLATE "C" DEFAULT ''acme/m1''',
    'ALTER TABLE public.profiles ALTER allowed_models SET STORAGE EXTERNAL, ALTER allowed_models SET STATISTICS 500, ALTER allowed_models SET COMPRESSION pglz, ALTER allowed_models SET (n_distinct = 5)',
    'CREATE INDEX by_length ON public.profiles (length(allowed_models))', 'COMMENT ON INDEX public.by_length IS ''By length.''',
    'CREATE STATISTICS public.of_length ON (length(allowed_models)), email FROM public.profiles', 'COMMENT ON STATISTICS public.of_length IS ''Of length.''');
-- A trigger of the application that refuses the write: the rest goes on, and the lists come back when it lets them.
CREATE FUNCTION ours.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'profiles are closed for the night'; END $$;
CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id), email varchar(255) NOT NULL, allowed_models text[]);
GRANT SELECT ON public.profiles TO authenticated;
INSERT INTO public.profiles SELECT u.id, u.email, ARRAY['acme/' || u.email] FROM auth.users AS u;
COMMENT ON TABLE public.profiles IS 'Customers.';
CREATE TRIGGER refuse BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION ours.refuse();
SELECT count(*) > 0 AS installed FROM model_access.install();
SELECT object, action FROM model_access.uninstall() WHERE action <> 'dropped' ORDER BY object COLLATE "C", action COLLATE "C";
SELECT count(*) AS in_the_backup FROM public.profiles_allowed_models_backup;
ALTER TABLE public.profiles DISABLE TRIGGER refuse;
SELECT object, action FROM model_access.uninstall() WHERE action <> 'dropped' ORDER BY object COLLATE "C", action COLLATE "C";
SELECT email, allowed_models FROM public.profiles ORDER BY email;
SELECT to_regclass('public.profiles_allowed_models_backup') AS backup, obj_description('public.profiles'::regclass, 'pg_class') AS comment;
