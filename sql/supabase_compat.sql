-- What model_access expects of Supabase, for a plain PostgreSQL: the API roles and the schema auth.
-- Run once in each database, before install(), as a superuser or, where the roles are there, as the owner of the database. On Supabase
-- itself everything is there and nothing is changed.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'anon') THEN
        CREATE ROLE anon NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'authenticated') THEN
        CREATE ROLE authenticated NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'service_role') THEN
        CREATE ROLE service_role NOLOGIN BYPASSRLS;
    END IF;
END $$;

CREATE SCHEMA IF NOT EXISTS auth;
GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;

-- The owner of the database is the one who runs install(), which points profiles.id at auth.users. A stand-in is his to fill, too.
DO $$
DECLARE
    owner name := (SELECT pg_catalog.pg_get_userbyid(d.datdba) FROM pg_catalog.pg_database AS d
                    WHERE d.datname = pg_catalog.current_database());
BEGIN
    EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA auth TO %I', owner);
    IF pg_catalog.to_regclass('auth.users') IS NULL THEN
        CREATE TABLE auth.users (
            id uuid PRIMARY KEY,
            email varchar(255)
        );
        COMMENT ON TABLE auth.users IS 'Identities. A stand-in for the table of Supabase Auth.';
        COMMENT ON COLUMN auth.users.id IS 'The person.';
        COMMENT ON COLUMN auth.users.email IS 'Address at sign-up.';
        EXECUTE pg_catalog.format('GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON auth.users TO %I', owner);
    END IF;
    EXECUTE pg_catalog.format('GRANT REFERENCES ON auth.users TO %I', owner);
    IF pg_catalog.to_regprocedure('auth.uid()') IS NULL THEN
        CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE
            RETURN (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
        COMMENT ON FUNCTION auth.uid() IS 'The signed-in user: the claim sub of request.jwt.claims.';
    END IF;
    IF pg_catalog.to_regprocedure('auth.role()') IS NULL THEN
        CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE
            RETURN nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role';
        COMMENT ON FUNCTION auth.role() IS 'The role that the request''s token names: the claim role of request.jwt.claims.';
    END IF;
END $$;
