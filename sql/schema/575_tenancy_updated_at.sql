-- When rows of tenancy were last changed. Where the application has a function of that name that does something else, they are
-- left without: 030_organizations.sql has made ours, if there was none.

DO $$
DECLARE
    of_table name;
BEGIN
    FOREACH of_table IN ARRAY '{users,mcp_configurations,system_prompts,platform_admins}'::name[] LOOP
        IF EXISTS (SELECT FROM pg_proc AS p
                    WHERE p.oid = to_regprocedure('public.update_updated_at_column()') AND p.proowner = quote_ident(current_user)::regrole
                      AND regexp_replace(lower(p.prosrc), '\s|pg_catalog\.|:|;', '', 'g') = 'beginnew.updated_at=now()returnnewend') THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER update_%1$s_updated_at BEFORE UPDATE ON public.%1$I FOR EACH ROW '
                           'EXECUTE FUNCTION public.update_updated_at_column()', of_table);
        ELSIF NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = format('public.%I', of_table)::regclass
                             AND t.tgname = format('update_%s_updated_at', of_table)) THEN
            RAISE WARNING 'updated_at of % is not kept', of_table
                USING DETAIL = 'public.update_updated_at_column() is another function than ours.',
                      HINT = 'Rename it, then run install() again; or write updated_at in the application.';
        END IF;
    END LOOP;
END $$;
