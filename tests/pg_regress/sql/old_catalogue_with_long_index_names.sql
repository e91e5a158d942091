-- database: supabase
-- Indexes of the old catalogue whose names agree in their first 56 characters are set aside, and come back under their names.
CREATE TABLE public.model_access (id uuid PRIMARY KEY, model_id varchar(100) NOT NULL, tier varchar(20) NOT NULL, is_active boolean);
CREATE INDEX model_access_of_the_shop_that_we_had_before_by_tier_and_by_id ON public.model_access (tier, id);
CREATE INDEX model_access_of_the_shop_that_we_had_before_by_tier_and_by_me ON public.model_access (tier, model_id);
-- A name that is taken already.
CREATE INDEX model_access_pkey_backup ON public.model_access (is_active);
CREATE EXTENSION model_access;
SELECT object, action FROM model_access.set_old_catalogue_aside();
SELECT indexrelid::regclass AS index FROM pg_index WHERE indrelid = 'public.model_access_backup'::regclass ORDER BY indexrelid::regclass::text COLLATE "C";
SELECT object, action FROM model_access.bring_old_catalogue_back();
SELECT indexrelid::regclass AS index FROM pg_index WHERE indrelid = 'public.model_access'::regclass ORDER BY indexrelid::regclass::text COLLATE "C";
