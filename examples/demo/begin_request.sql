-- What PostgREST does with each request, logged in as authenticator: the token's role and claims, for one transaction.

BEGIN;
SET LOCAL ROLE :"role";
SELECT set_config('request.jwt.claims', json_build_object('role', :'role', 'sub', nullif(:'sub', ''))::text, true) AS claims \gset
