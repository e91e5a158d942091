-- A catalogue that grows beyond what one feed may hold: from p_from models on to p_to. The new ones are the first ones under
-- further ids and names, with their prices, tiers and limits.
CREATE PROCEDURE bench.grow_catalogue(p_from integer, p_to integer) LANGUAGE sql AS $$
    WITH first AS (
        SELECT m AS model, row_number() OVER (ORDER BY m.model_id) - 1 AS place, count(*) OVER () AS models
          FROM public.model_access AS m
         WHERE strpos(m.model_id, '~') = 0
    ), further AS (
        SELECT f.model, n / f.models AS copy
          FROM generate_series(p_from, p_to - 1) AS n
          JOIN first AS f ON f.place = n % f.models
    ), priced AS (
        INSERT INTO public.model_price_history (model_id, valid_from, pricing)
        SELECT format('%s~%s', (r.model).model_id, r.copy), h.valid_from, h.pricing
          FROM further AS r
          JOIN public.model_price_history AS h ON h.model_id = (r.model).model_id AND h.valid_to IS NULL
    )
    INSERT INTO public.model_access
    SELECT (jsonb_populate_record(r.model, jsonb_build_object(
               'id', gen_random_uuid(),
               'model_id', format('%s~%s', (r.model).model_id, r.copy),
               'model_name', format('%s, %s', (r.model).model_name, r.copy)))).*
      FROM further AS r;
$$;
