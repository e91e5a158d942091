-- Burns a state ($1) and returns its row; none when it is unknown, used or expired, or of somebody who is no member any more. Who waits for another that burns it looks
-- at the row anew.
UPDATE public.oauth_states AS s
   SET used = true
 WHERE s.state::pg_catalog.text OPERATOR(pg_catalog.=) $1 AND NOT s.used
   AND s.expires_at OPERATOR(pg_catalog.>) pg_catalog.clock_timestamp()
   AND EXISTS (SELECT FROM public.users AS u WHERE u.id OPERATOR(pg_catalog.=) s.user_id AND u.is_active)
RETURNING s.id, s.user_id, s.code_verifier::pg_catalog.text, s.provider::pg_catalog.text, s.mcp_name::pg_catalog.text,
          s.redirect_uri::pg_catalog.text, s.created_at::pg_catalog.timestamptz, s.expires_at::pg_catalog.timestamptz
