-- Where the contenders live. A run makes them anew.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS bench, bench_plpgsql, bench_setbased CASCADE;
CREATE SCHEMA bench;
CREATE SCHEMA bench_plpgsql;
CREATE SCHEMA bench_setbased;
GRANT USAGE ON SCHEMA bench, bench_plpgsql, bench_setbased TO service_role;
