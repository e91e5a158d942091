-- Puts the native functions in the place of an application's own of the same names, plpgsql ones for instance. Run it as
-- the owner of the tables, after install(). Functions keep their OID, what depends on them, and grants to named roles;
-- PUBLIC and anon lose theirs, authenticated its own of log_user_activity. functions_back.sql is the way back.

BEGIN;
SELECT * FROM model_access.cut_over();
COMMIT;
