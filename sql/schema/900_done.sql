-- Last of all: the version of what stands now, and word to PostgREST that there is something new.

UPDATE public.model_access_settings SET schema_version = 1, owner_role = current_user
    WHERE singleton AND (schema_version, owner_role) IS DISTINCT FROM (1, current_user);

NOTIFY pgrst, 'reload schema';
