-- database: supabase
-- A superuser may own the tables, and is warned.
\c - supabase_admin
CREATE EXTENSION model_access;
SELECT DISTINCT action FROM model_access.install() ORDER BY 1;
SELECT * FROM model_access.verify() WHERE NOT ok;
