-- Alerts of a person ($1) become a stranger's ($2). An organisation may have his uuid: its limits, or what the history knows of
-- those that are gone, tell its alerts from his.
UPDATE public.quota_alerts AS a SET subject = $2
 WHERE a.subject OPERATOR(pg_catalog.=) $1 AND a.source OPERATOR(pg_catalog.<>) 'organization'
   AND NOT EXISTS (SELECT FROM public.quota_limits AS l
                    WHERE a.source OPERATOR(pg_catalog.=) 'limit' AND l.limit_id OPERATOR(pg_catalog.=) a.limit_id
                      AND l.per OPERATOR(pg_catalog.=) 'organization')
   AND NOT EXISTS (SELECT FROM public.quota_limit_history AS h
                    WHERE a.source OPERATOR(pg_catalog.=) 'limit' AND h.limit_id OPERATOR(pg_catalog.=) a.limit_id
                      AND (h.old_value OPERATOR(pg_catalog.->>) 'per') OPERATOR(pg_catalog.=) 'organization')
