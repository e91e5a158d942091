-- Whether a person ($1) is still named, by what was committed meanwhile or is not seen by an older snapshot.
SELECT EXISTS (SELECT FROM public.ai_usage AS u WHERE u.user_id OPERATOR(pg_catalog.=) $1)
    OR EXISTS (SELECT FROM public.ai_usage_folded AS f WHERE f.user_id OPERATOR(pg_catalog.=) $1)
    OR EXISTS (SELECT FROM public.quota_reservations AS r WHERE r.user_id OPERATOR(pg_catalog.=) $1)
    OR EXISTS (SELECT FROM public.quota_requests AS q WHERE q.user_id OPERATOR(pg_catalog.=) $1)
    OR EXISTS (SELECT FROM public.quota_limits AS l
                WHERE l.scope OPERATOR(pg_catalog.=) 'user' AND l.subject OPERATOR(pg_catalog.=) $1::pg_catalog.text)
    OR EXISTS (SELECT FROM public.quota_usage AS u
                WHERE u.subject OPERATOR(pg_catalog.=) $1 AND u.source OPERATOR(pg_catalog.<>) 'organization'
                  AND NOT EXISTS (SELECT FROM public.quota_limits AS l
                                   WHERE u.source OPERATOR(pg_catalog.=) 'limit' AND l.limit_id OPERATOR(pg_catalog.=) u.limit_id
                                     AND l.per OPERATOR(pg_catalog.=) 'organization'))
