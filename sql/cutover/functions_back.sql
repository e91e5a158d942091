-- Brings back the functions that functions.sql replaced: definition, grants and comment as they were. One thing stays: an
-- argument default that the wrapper added, since PostgreSQL cannot take one away from a function that stands.

BEGIN;
SELECT * FROM model_access.cut_back();
COMMIT;
