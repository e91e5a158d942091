-- Of some counters ($1): what expired reservations still hold at an instant ($2), and when the next live one expires.
SELECT c.counter_id,
       (SELECT coalesce(pg_catalog.sum(h.amount), 0)::pg_catalog.text FROM public.quota_holds AS h
         WHERE h.counter_id OPERATOR(pg_catalog.=) c.counter_id AND h.expires_at OPERATOR(pg_catalog.<=) $2),
       (SELECT h.expires_at FROM public.quota_holds AS h
         WHERE h.counter_id OPERATOR(pg_catalog.=) c.counter_id AND h.expires_at OPERATOR(pg_catalog.>) $2
         ORDER BY h.expires_at USING OPERATOR(pg_catalog.<) LIMIT 1)
  FROM (SELECT pg_catalog.unnest($1) AS counter_id) AS c
