-- What the migration guide watches, as views. The reader's own rights and policies hold.

CREATE OR REPLACE VIEW public.ai_usage_totals WITH (security_invoker = true) AS
SELECT count(*) AS total_records,
       count(DISTINCT u.user_id) AS unique_users,
       sum(u.tokens_used) AS total_tokens
  FROM public.ai_usage AS u;

CREATE OR REPLACE VIEW public.user_role_distribution WITH (security_invoker = true) AS
SELECT p.role,
       count(*) AS user_count,
       round(count(*) * 100.0 / sum(count(*)) OVER (), 2) AS percentage
  FROM public.user_profiles AS p
 GROUP BY p.role
 ORDER BY count(*) DESC, p.role;

CREATE OR REPLACE VIEW public.user_profiles_role_index_usage WITH (security_invoker = true) AS
SELECT s.schemaname,
       s.relname AS tablename,
       s.indexrelname AS indexname,
       s.idx_scan AS times_used,
       s.idx_tup_read AS rows_read
  FROM pg_stat_user_indexes AS s
 WHERE s.relid = 'public.user_profiles'::regclass AND s.indexrelname = 'idx_user_profiles_role';

-- Of the ledger everybody sees the sums of what he may read anyway.
REVOKE ALL ON TABLE public.ai_usage_totals, public.user_role_distribution, public.user_profiles_role_index_usage
    FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.ai_usage_totals TO authenticated;
GRANT SELECT ON TABLE public.ai_usage_totals, public.user_role_distribution, public.user_profiles_role_index_usage TO service_role;

COMMENT ON VIEW public.ai_usage_totals IS 'Rows of the ledger, their users and tokens, as far as the reader may see them.';
COMMENT ON COLUMN public.ai_usage_totals.total_records IS 'Rows of the ledger.';
COMMENT ON COLUMN public.ai_usage_totals.unique_users IS 'Users with a row.';
COMMENT ON COLUMN public.ai_usage_totals.total_tokens IS 'Tokens in all; NULL without rows.';
COMMENT ON VIEW public.user_role_distribution IS 'How many people have which role of user_profiles.';
COMMENT ON COLUMN public.user_role_distribution.role IS 'user, admin or moderator.';
COMMENT ON COLUMN public.user_role_distribution.user_count IS 'People with the role.';
COMMENT ON COLUMN public.user_role_distribution.percentage IS 'Their share, percent, rounded to two places.';
COMMENT ON VIEW public.user_profiles_role_index_usage IS 'How often the index of user_profiles.role was used since statistics were last reset.';
COMMENT ON COLUMN public.user_profiles_role_index_usage.schemaname IS 'Schema of the table.';
COMMENT ON COLUMN public.user_profiles_role_index_usage.tablename IS 'The table.';
COMMENT ON COLUMN public.user_profiles_role_index_usage.indexname IS 'The index.';
COMMENT ON COLUMN public.user_profiles_role_index_usage.times_used IS 'Scans of the index.';
COMMENT ON COLUMN public.user_profiles_role_index_usage.rows_read IS 'Entries of the index that scans returned.';
