-- A user ($1) and an organisation ($2), as far as they are there, kept from being deleted until the transaction ends: before the head
-- of a chain is locked, since who deletes them may be about to write there.
SELECT (SELECT u.id FROM public.users AS u WHERE u.id OPERATOR(pg_catalog.=) $1 FOR KEY SHARE),
       (SELECT o.id FROM public.organizations AS o WHERE o.id OPERATOR(pg_catalog.=) $2 FOR KEY SHARE)
