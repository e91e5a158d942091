-- Last of all: the version of what stands now, and word to PostgREST that there is something new.

UPDATE public.model_access_settings SET schema_version = 1, owner_role = current_user
    WHERE singleton AND (schema_version, owner_role) IS DISTINCT FROM (1, current_user);

-- A comment that the application made on a table of its own stays: it may direct other programs (pg_graphql). Only where the
-- schema files have just set theirs, or made a policy anew; and only as the owner, who wrote what is run here.
DO $$
DECLARE
    comment text;
BEGIN
    FOR comment IN
        SELECT r.statement FROM public.model_access_replaced AS r
         WHERE (SELECT c.relowner = quote_ident(current_user)::regrole FROM pg_class AS c WHERE c.oid = 'public.model_access_replaced'::regclass)
           AND r.kind = 'table' AND r.statement LIKE 'COMMENT ON %' AND r.statement NOT LIKE '% IS NULL'
           AND (r.only_while NOT LIKE 'comment %' OR EXISTS (
                   SELECT FROM pg_class AS c
                     JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = r.name
                      AND r.only_while IN (format('comment TABLE public.%I: %s', c.relname, obj_description(c.oid, 'pg_class')),
                                           format('comment COLUMN public.%I.%I: %s', c.relname, a.attname, col_description(c.oid, a.attnum)))))
         ORDER BY r.name, r.place
    LOOP
        BEGIN
            EXECUTE comment;
        EXCEPTION WHEN undefined_table OR undefined_column OR undefined_object THEN
            NULL; -- the application dropped what it had described
        END;
    END LOOP;
END $$;

NOTIFY pgrst, 'reload schema';
