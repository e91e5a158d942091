-- What install() and the cut-over replaced or took away, as the statements that put it back. For the owner's eyes only:
-- uninstall() runs what stands here.

CREATE TABLE IF NOT EXISTS public.model_access_replaced (
    kind text NOT NULL CONSTRAINT model_access_replaced_kind_check CHECK (kind IN ('column', 'function', 'table')),
    name text NOT NULL,
    place integer NOT NULL,
    statement text NOT NULL,
    PRIMARY KEY (kind, name, place)
);

ALTER TABLE public.model_access_replaced
    ADD COLUMN IF NOT EXISTS only_while text;

ALTER TABLE public.model_access_replaced ENABLE ROW LEVEL SECURITY;
-- From everybody, whatever default privileges gave: who writes here has it run with the owner's rights.
DO $$
DECLARE
    other record;
BEGIN
    FOR other IN
        SELECT DISTINCT CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END AS name
          FROM pg_class AS c
         CROSS JOIN LATERAL (SELECT c.relacl UNION ALL SELECT a.attacl FROM pg_attribute AS a WHERE a.attrelid = c.oid) AS x (acl)
         CROSS JOIN LATERAL aclexplode(x.acl) AS e
         WHERE c.oid = 'public.model_access_replaced'::regclass AND e.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE public.model_access_replaced FROM %s CASCADE', other.name);
    END LOOP;
END $$;

COMMENT ON TABLE public.model_access_replaced IS 'What install() and the cut-over replaced, as statements that put it back. uninstall() and the way back run them.';
COMMENT ON COLUMN public.model_access_replaced.kind IS 'column (profiles.allowed_models, user_profiles.role), function (cut over to a wrapper) or table (adopted, or set aside).';
COMMENT ON COLUMN public.model_access_replaced.name IS 'The table or function, without its schema public.';
COMMENT ON COLUMN public.model_access_replaced.place IS 'Order of the statements of one object.';
COMMENT ON COLUMN public.model_access_replaced.statement IS 'What is run, as the owner of this table, whoever calls uninstall().';
COMMENT ON COLUMN public.model_access_replaced.only_while IS 'What install() left and must still stand for the statement to be run; NULL: it is run in any case.';
