-- The list of allowed models in plpgsql, as the seed document has it, so that it runs: the total order that the
-- extension has, and STABLE, which spares it a snapshot per statement. Indexes and plans are the table's.
CREATE FUNCTION bench.allowed_models(p_user uuid) RETURNS TABLE (
    model_id varchar, model_name varchar, model_description text, context_length integer,
    prompt_price varchar, completion_price varchar, modality varchar,
    input_modalities jsonb, output_modalities jsonb, supported_parameters jsonb,
    daily_limit integer, monthly_limit integer
)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_tier text;
BEGIN
    SELECT p.subscription_tier INTO v_tier FROM public.profiles AS p WHERE p.id = p_user;
    v_tier := coalesce(v_tier, 'free');
    RETURN QUERY
    SELECT m.model_id, m.model_name, m.model_description, m.context_length, m.prompt_price, m.completion_price,
           m.modality, m.input_modalities, m.output_modalities, m.supported_parameters, m.daily_limit, m.monthly_limit
      FROM public.model_access AS m
     WHERE m.status = 'active'
       AND CASE v_tier
               WHEN 'free' THEN m.is_free
               WHEN 'pro' THEN m.is_free OR m.is_pro
               WHEN 'enterprise' THEN m.is_free OR m.is_pro OR m.is_enterprise
               ELSE false
           END
     ORDER BY CASE WHEN m.is_free THEN 1 WHEN m.is_pro THEN 2 WHEN m.is_enterprise THEN 3 ELSE 4 END,
              m.model_name, m.model_id;
END $$;

-- p_models active models: a fifth is free, two fifths are pro, the rest is for enterprise only.
CREATE PROCEDURE bench.fill_catalogue(p_models integer) LANGUAGE plpgsql AS $$
DECLARE
    v_answer jsonb;
BEGIN
    TRUNCATE public.model_access, public.model_price_history, public.model_review_items, public.model_sync_log;
    v_answer := public.sync_openrouter_models(bench.feed(p_models, 'base'));
    IF v_answer -> 'success' IS DISTINCT FROM 'true' THEN
        RAISE EXCEPTION 'the catalogue could not be filled: %', v_answer;
    END IF;
    UPDATE public.model_access AS m
       SET status = 'active',
           is_free = k.n % 5 = 0,
           is_pro = k.n % 5 IN (1, 2),
           is_enterprise = k.n % 5 IN (3, 4),
           daily_limit = CASE WHEN k.n % 5 = 0 THEN 50 END,
           monthly_limit = CASE WHEN k.n % 5 = 0 THEN 1000 END
      FROM (SELECT c.model_id, row_number() OVER (ORDER BY c.model_id) AS n FROM public.model_access AS c) AS k
     WHERE m.model_id = k.model_id;
END $$;

-- A person of each tier: the last digit is 1 free, 2 pro, 3 enterprise.
WITH person AS (
    INSERT INTO auth.users (id, email)
    SELECT ('0000be5c-0000-4000-8000-00000000000' || n)::uuid, format('bench%s@example.test', n)
      FROM generate_series(1, 3) AS n
    ON CONFLICT DO NOTHING
    RETURNING id, email
)
INSERT INTO public.profiles (id, email, subscription_tier)
SELECT p.id, p.email, (ARRAY['free', 'pro', 'enterprise'])[right(p.id::text, 1)::integer] FROM person AS p;

-- p_calls times the list of a person, made and counted in the server: a loop there, so that neither the protocol nor the
-- parser counts. The floor is told the tier by p_rank: 1 free, 2 pro, 3 enterprise.
CREATE PROCEDURE bench.count_lists(p_contender text, p_user uuid, p_rank integer, p_calls integer)
LANGUAGE plpgsql AS $$
DECLARE
    v_rows bigint;
BEGIN
    FOR i IN 1..p_calls LOOP
        CASE p_contender
            WHEN 'native' THEN
                SELECT count(*) INTO v_rows FROM public.get_user_allowed_models_v2(p_user);
            WHEN 'plpgsql' THEN
                SELECT count(*) INTO v_rows FROM bench.allowed_models(p_user);
            WHEN 'floor' THEN
                SELECT count(*) INTO v_rows
                  FROM (SELECT m.* FROM public.model_access AS m
                         WHERE m.status = 'active'
                           AND (m.is_free OR (p_rank > 1 AND m.is_pro) OR (p_rank > 2 AND m.is_enterprise))
                         ORDER BY CASE WHEN m.is_free THEN 1 WHEN m.is_pro THEN 2 WHEN m.is_enterprise THEN 3 ELSE 4 END,
                                  m.model_name, m.model_id) AS f;
        END CASE;
    END LOOP;
END $$;
