-- Brings back the catalogue that old_shape.sql set aside, with its rights. Run it as the owner of the tables, after
-- SELECT * FROM model_access.uninstall(drop_data => true);

BEGIN;
SELECT * FROM model_access.bring_old_catalogue_back();
COMMIT;
