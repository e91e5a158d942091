-- Rules for values of the tables of system models, by the seed's names. Of a table that was there before, rows that break one
-- stay, with a WARNING: what they should say is for the application to tell.

DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT r.of_table, r.name, r.definition
          FROM (VALUES
              ('ai_models_system', 'valid_required_plan', 'required_plan IN (''free'', ''starter'', ''pro'', ''enterprise'')'),
              ('ai_models_system', 'valid_token_limit_period', 'token_limit_period IS NULL OR token_limit_period IN (''daily'', ''weekly'', ''monthly'')'),
              ('ai_models_system', 'valid_token_limit_amount', 'token_limit_amount IS NULL OR token_limit_amount > 0'),
              ('ai_models_system', 'valid_trial_expires_days', 'trial_expires_days IS NULL OR trial_expires_days > 0'),
              ('ai_models_system', 'ai_models_system_max_tokens_check', 'max_tokens > 0'),
              ('org_system_model_config', 'valid_token_limit_per_user', 'token_limit_per_user IS NULL OR token_limit_per_user > 0'),
              ('ai_model_usage', 'valid_model_type', 'model_type IN (''system'', ''org_default'', ''user'')'),
              ('ai_model_usage', 'valid_period_range', 'period_end > period_start'),
              ('ai_model_usage', 'valid_period_type', 'period_type IN (''daily'', ''weekly'', ''monthly'')'),
              ('ai_model_usage', 'ai_model_usage_tokens_used_check', 'tokens_used > 0'),
              ('ai_model_usage', 'ai_model_usage_requests_count_check', 'requests_count > 0')
          ) AS r (of_table, name, definition)
         WHERE NOT EXISTS (SELECT FROM pg_constraint AS k
                            WHERE k.conrelid = format('public.%I', r.of_table)::regclass AND k.conname = r.name)
         ORDER BY r.of_table COLLATE "C", r.name COLLATE "C"
    LOOP
        EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I CHECK (%s) NOT VALID', rule.of_table, rule.name, rule.definition);
        BEGIN
            EXECUTE format('ALTER TABLE public.%I VALIDATE CONSTRAINT %I', rule.of_table, rule.name);
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING 'rows of % break %', rule.of_table, rule.name
                USING HINT = format('Mend them, then run ALTER TABLE public.%I VALIDATE CONSTRAINT %I;', rule.of_table, rule.name);
        END;
    END LOOP;
END $$;
