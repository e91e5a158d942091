-- One counter for all, or several: plain rows of the same shape as the extension's, which everybody may update.
CREATE TABLE bench.hot_counters (LIKE public.quota_usage INCLUDING ALL) WITH (fillfactor = 50);
GRANT SELECT, UPDATE ON bench.hot_counters TO service_role;
INSERT INTO bench.hot_counters (subject, source, limit_id, slot, window_start, window_end)
SELECT bench.organization(n), 'limit', 1, n, now(), now() + interval '1 month' FROM generate_series(0, 63) AS n;

-- For as long as the counter alone is measured, the extension's ledger rows go to a table that has no index and no WAL.
CREATE PROCEDURE bench.keep_ledger(p_keep boolean) LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('public.ai_usage_kept') IS NOT NULL THEN
        DROP TABLE public.ai_usage;
        ALTER TABLE public.ai_usage_kept RENAME TO ai_usage;
    END IF;
    IF NOT p_keep THEN
        ALTER TABLE public.ai_usage RENAME TO ai_usage_kept;
        CREATE UNLOGGED TABLE public.ai_usage (LIKE public.ai_usage_kept);
    END IF;
END $$;

-- One ledger row for all that were not written: what the counters of organisation p_number say beyond the ledger.
CREATE PROCEDURE bench.make_up_ledger(p_number bigint) LANGUAGE sql AS $$
    INSERT INTO public.ai_usage (user_id, organization_id, tier, plan, model, tokens_used, requests)
    SELECT p.id, p.organization_id, 'free', 'pro', 'tidepool/atlas-32b-open', 0, u.used - a.requests
      FROM (SELECT sum(c.used) AS used FROM public.quota_usage AS c WHERE c.subject = bench.organization(p_number)) AS u
     CROSS JOIN (SELECT coalesce(sum(l.requests), 0) AS requests
                   FROM public.ai_usage AS l WHERE l.organization_id = bench.organization(p_number)) AS a
     CROSS JOIN (SELECT q.id, q.organization_id FROM public.profiles AS q
                  WHERE q.organization_id = bench.organization(p_number) LIMIT 1) AS p
$$;
