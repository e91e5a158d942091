-- Counters: what each subject has used of each limit in the window that is open. Written by the engine only.

SELECT model_access.note_table('quota_usage');
-- Half of each page is left free: an update then stays on its page and touches no index.
CREATE TABLE IF NOT EXISTS public.quota_usage (
    counter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject uuid NOT NULL,
    source text COLLATE "C" NOT NULL CONSTRAINT quota_usage_source_check CHECK (source IN (
        'limit', 'daily', 'monthly', 'system_daily', 'system_weekly', 'system_monthly', 'organization')),
    limit_id bigint NOT NULL,
    model text COLLATE "C" NOT NULL DEFAULT '',
    slot smallint NOT NULL DEFAULT 0,
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL,
    used numeric NOT NULL DEFAULT 0,
    held numeric NOT NULL DEFAULT 0,
    opening numeric NOT NULL DEFAULT 0,
    granted numeric,
    granted_of numeric,
    CONSTRAINT quota_usage_subject_key UNIQUE (subject, source, limit_id, model, slot)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
-- Of 0.1.0, which knew no limits on system models.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = 'public.quota_usage'::regclass AND k.conname = 'quota_usage_source_check'
                      AND pg_get_constraintdef(k.oid) LIKE '%system_daily%') THEN
        ALTER TABLE public.quota_usage
            DROP CONSTRAINT IF EXISTS quota_usage_source_check,
            ADD CONSTRAINT quota_usage_source_check CHECK (source IN (
                'limit', 'daily', 'monthly', 'system_daily', 'system_weekly', 'system_monthly', 'organization'));
    END IF;
END $$;
CREATE INDEX IF NOT EXISTS quota_usage_limit_idx ON public.quota_usage (limit_id);

ALTER TABLE public.quota_usage ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.quota_usage FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.quota_usage TO authenticated, service_role;
REVOKE ALL ON SEQUENCE public.quota_usage_counter_id_seq FROM PUBLIC, anon, authenticated, service_role;

DROP POLICY IF EXISTS "Users can view their own counters" ON public.quota_usage;
CREATE POLICY "Users can view their own counters" ON public.quota_usage FOR SELECT TO authenticated USING (
    subject = (SELECT auth.uid())
    OR subject = (SELECT p.organization_id FROM public.profiles AS p
                   WHERE p.id = (SELECT auth.uid()) AND p.role IN ('admin', 'superadmin')));

COMMENT ON TABLE public.quota_usage IS 'Counters of the open windows: one row per limit, subject, model where counted apart, and slot.';
COMMENT ON COLUMN public.quota_usage.counter_id IS 'Key.';
COMMENT ON COLUMN public.quota_usage.subject IS 'The user or organisation that is counted; the nil uuid for a pool.';
COMMENT ON COLUMN public.quota_usage.source IS 'Where the limit stands: limit is quota_limits; daily, monthly a model; system_… a system model; organization its quota.';
COMMENT ON COLUMN public.quota_usage.limit_id IS 'The row of quota_limits; 0 for limits of a model.';
COMMENT ON COLUMN public.quota_usage.model IS 'The model, where each is counted apart; else empty.';
COMMENT ON COLUMN public.quota_usage.slot IS 'Which part of a counter that is split, from 0.';
COMMENT ON COLUMN public.quota_usage.window_start IS 'The window counted, from here on.';
COMMENT ON COLUMN public.quota_usage.window_end IS 'Until before this instant; then the row begins anew, in place.';
COMMENT ON COLUMN public.quota_usage.used IS 'Settled usage of the window.';
COMMENT ON COLUMN public.quota_usage.held IS 'Held by reservations that live, or that expired and were not taken back yet.';
COMMENT ON COLUMN public.quota_usage.opening IS 'The part of used that no ledger row of the window accounts for: adjustments.';
COMMENT ON COLUMN public.quota_usage.granted IS 'The share of the limit that this slot may admit alone; NULL when not split.';
COMMENT ON COLUMN public.quota_usage.granted_of IS 'The limit that was shared out; another one means that the shares are to be made anew.';

SELECT model_access.note_table('quota_alerts');
CREATE TABLE IF NOT EXISTS public.quota_alerts (
    alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject uuid NOT NULL,
    source text COLLATE "C" NOT NULL,
    limit_id bigint NOT NULL,
    model text COLLATE "C" NOT NULL,
    window_start timestamptz NOT NULL,
    threshold numeric NOT NULL,
    limit_name text NOT NULL,
    used numeric NOT NULL,
    limit_amount numeric NOT NULL,
    raised_at timestamptz NOT NULL,
    CONSTRAINT quota_alerts_once UNIQUE (subject, source, limit_id, model, window_start, threshold)
);
CREATE INDEX IF NOT EXISTS quota_alerts_raised_idx ON public.quota_alerts (raised_at);

ALTER TABLE public.quota_alerts ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.quota_alerts FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.quota_alerts TO authenticated, service_role;
REVOKE ALL ON SEQUENCE public.quota_alerts_alert_id_seq FROM PUBLIC, anon, authenticated, service_role;

DROP POLICY IF EXISTS "Users can view their own alerts" ON public.quota_alerts;
CREATE POLICY "Users can view their own alerts" ON public.quota_alerts FOR SELECT TO authenticated USING (
    subject = (SELECT auth.uid())
    OR subject = (SELECT p.organization_id FROM public.profiles AS p
                   WHERE p.id = (SELECT auth.uid()) AND p.role IN ('admin', 'superadmin')));

COMMENT ON TABLE public.quota_alerts IS 'Thresholds that usage reached: one row per limit, subject, window and threshold.';
COMMENT ON COLUMN public.quota_alerts.alert_id IS 'Key.';
COMMENT ON COLUMN public.quota_alerts.subject IS 'As in quota_usage.';
COMMENT ON COLUMN public.quota_alerts.source IS 'As in quota_usage.';
COMMENT ON COLUMN public.quota_alerts.limit_id IS 'As in quota_usage.';
COMMENT ON COLUMN public.quota_alerts.model IS 'As in quota_usage.';
COMMENT ON COLUMN public.quota_alerts.window_start IS 'The window in which it happened.';
COMMENT ON COLUMN public.quota_alerts.threshold IS 'The share of the limit, such as 0.8.';
COMMENT ON COLUMN public.quota_alerts.limit_name IS 'The limit''s name.';
COMMENT ON COLUMN public.quota_alerts.used IS 'Usage after the call that reached it.';
COMMENT ON COLUMN public.quota_alerts.limit_amount IS 'The limit at that time.';
COMMENT ON COLUMN public.quota_alerts.raised_at IS 'When.';
