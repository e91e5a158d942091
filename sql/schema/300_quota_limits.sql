-- Limits that an operator sets, and what became of them. Written by set_quota_limit() and its kin only.

SELECT model_access.note_table('quota_limits');
CREATE TABLE IF NOT EXISTS public.quota_limits (
    limit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT quota_limits_name_check CHECK (length(name) BETWEEN 1 AND 100),
    scope text COLLATE "C" NOT NULL CONSTRAINT quota_limits_scope_check
        CHECK (scope IN ('user', 'organization', 'plan', 'tier', 'everyone')),
    subject text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT quota_limits_subject_check
        CHECK ((scope = 'everyone') = (subject = '')),
    per text NOT NULL DEFAULT 'user' CONSTRAINT quota_limits_per_check CHECK (per IN ('user', 'organization', 'pool')),
    model_pattern text COLLATE "C" NOT NULL DEFAULT '*',
    per_model boolean NOT NULL DEFAULT false,
    metric text NOT NULL CONSTRAINT quota_limits_metric_check
        CHECK (metric IN ('requests', 'tokens', 'cost_usd', 'concurrent')),
    period text CONSTRAINT quota_limits_period_check
        CHECK (period IN ('minutely', 'hourly', 'daily', 'weekly', 'monthly', 'yearly', 'lifetime')
               AND metric <> 'concurrent' OR period IS NULL AND metric = 'concurrent'),
    limit_amount numeric CONSTRAINT quota_limits_amount_check CHECK (limit_amount >= 0 AND limit_amount < 'Infinity'),
    enforcement text NOT NULL DEFAULT 'hard' CONSTRAINT quota_limits_enforcement_check CHECK (enforcement IN ('hard', 'soft')),
    time_zone text NOT NULL DEFAULT 'UTC',
    anchor timestamptz,
    starts_at timestamptz,
    ends_at timestamptz CONSTRAINT quota_limits_ends_check CHECK (ends_at > starts_at),
    alert_at numeric[] NOT NULL DEFAULT '{0.8,1}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT quota_limits_name_key UNIQUE (name, scope, subject)
);
CREATE INDEX IF NOT EXISTS quota_limits_scope_idx ON public.quota_limits (scope, subject, model_pattern);

SELECT model_access.note_table('quota_limit_history');
CREATE TABLE IF NOT EXISTS public.quota_limit_history (
    history_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    limit_id bigint NOT NULL,
    operation text NOT NULL CONSTRAINT quota_limit_history_operation_check CHECK (operation IN ('set', 'remove', 'adjust')),
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    old_value jsonb,
    new_value jsonb,
    reason text
);
CREATE INDEX IF NOT EXISTS quota_limit_history_limit_idx ON public.quota_limit_history (limit_id);

ALTER TABLE public.quota_limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.quota_limit_history ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.quota_limits, public.quota_limit_history FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.quota_limits TO authenticated;
GRANT SELECT ON TABLE public.quota_limits, public.quota_limit_history TO service_role;
REVOKE ALL ON SEQUENCE public.quota_limits_limit_id_seq, public.quota_limit_history_history_id_seq
    FROM PUBLIC, anon, authenticated, service_role;

DROP POLICY IF EXISTS "Users can view limits set for them" ON public.quota_limits;
CREATE POLICY "Users can view limits set for them" ON public.quota_limits FOR SELECT TO authenticated USING (
    scope = 'user' AND subject = (SELECT auth.uid())::text
    OR scope = 'organization' AND subject = (
        SELECT p.organization_id FROM public.profiles AS p WHERE p.id = (SELECT auth.uid()))::text);

COMMENT ON TABLE public.quota_limits IS 'Limits on requests, tokens, cost and calls at once. Those of a model''s own columns stand in model_access.';
COMMENT ON COLUMN public.quota_limits.limit_id IS 'Key.';
COMMENT ON COLUMN public.quota_limits.name IS 'Limits of one name override one another: user before organization, plan, tier, everyone.';
COMMENT ON COLUMN public.quota_limits.scope IS 'For whom it is: user, organization, plan, tier or everyone.';
COMMENT ON COLUMN public.quota_limits.subject IS 'Which one: a uuid, a plan, a tier; empty for everyone.';
COMMENT ON COLUMN public.quota_limits.per IS 'What is counted together: each user, each organization, or the pool of all.';
COMMENT ON COLUMN public.quota_limits.model_pattern IS 'An exact id, vendor/* by whole segments, or *.';
COMMENT ON COLUMN public.quota_limits.per_model IS 'Whether each model that matches has a counter of its own.';
COMMENT ON COLUMN public.quota_limits.metric IS 'requests, tokens, cost_usd, or concurrent: reservations that live at once.';
COMMENT ON COLUMN public.quota_limits.period IS 'When the count begins anew; NULL for concurrent.';
COMMENT ON COLUMN public.quota_limits.limit_amount IS 'The most that is admitted; NULL is unlimited and lifts the limit of that name, 0 is none.';
COMMENT ON COLUMN public.quota_limits.enforcement IS 'hard refuses, soft admits and warns.';
COMMENT ON COLUMN public.quota_limits.time_zone IS 'Whose midnight ends days, weeks, months and years; an IANA name.';
COMMENT ON COLUMN public.quota_limits.anchor IS 'An instant that a window begins with; NULL for calendar boundaries.';
COMMENT ON COLUMN public.quota_limits.starts_at IS 'Enforced from then on.';
COMMENT ON COLUMN public.quota_limits.ends_at IS 'Enforced until before then.';
COMMENT ON COLUMN public.quota_limits.alert_at IS 'Shares of the limit that write an alert when usage reaches them.';
COMMENT ON COLUMN public.quota_limits.created_at IS 'When the limit was first set.';
COMMENT ON COLUMN public.quota_limits.updated_at IS 'When it was last set.';
COMMENT ON TABLE public.quota_limit_history IS 'Every change of a limit and every adjustment of a counter.';
COMMENT ON COLUMN public.quota_limit_history.history_id IS 'Key.';
COMMENT ON COLUMN public.quota_limit_history.limit_id IS 'The limit; 0 for the limits in model_access.';
COMMENT ON COLUMN public.quota_limit_history.operation IS 'set, remove or adjust.';
COMMENT ON COLUMN public.quota_limit_history.changed_at IS 'When.';
COMMENT ON COLUMN public.quota_limit_history.changed_by IS 'The signed-in user, else the role.';
COMMENT ON COLUMN public.quota_limit_history.old_value IS 'The row, or the counter, before.';
COMMENT ON COLUMN public.quota_limit_history.new_value IS 'The row, or the counter, after.';
COMMENT ON COLUMN public.quota_limit_history.reason IS 'Why, in the caller''s words.';
