-- Sets a catalogue of the shape before the migration aside: public.model_access becomes model_access_backup, closed to
-- clients. Run it as the owner of the tables, before install(). old_shape_back.sql is the way back.

BEGIN;
SELECT * FROM model_access.set_old_catalogue_aside();
COMMIT;
