-- The model of the catalogue that a provider means by a name ($1): its id, else its canonical slug. Several ids may share a
-- slug; the one without a suffix (:free, :batch) and without an alias (~) is meant. NULL for a name that is not known.
SELECT coalesce(
    (SELECT m.model_id::pg_catalog.text FROM public.model_access AS m WHERE m.model_id OPERATOR(pg_catalog.=) $1),
    (SELECT m.model_id::pg_catalog.text
       FROM public.model_access AS m
      WHERE m.canonical_slug OPERATOR(pg_catalog.=) $1
      ORDER BY pg_catalog.strpos(m.model_id, ':') OPERATOR(pg_catalog.>) 0,
               pg_catalog.strpos(m.model_id, '~') OPERATOR(pg_catalog.=) 1, m.model_id COLLATE pg_catalog."C"
      LIMIT 1))
