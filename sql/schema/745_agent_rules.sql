-- Rules for values of the tables of agents. Of a table that was there before, rows that break one stay, with a WARNING: what
-- they should say is for the application to tell.

DO $$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT r.of_table, r.name, r.definition
          FROM (VALUES
              ('agents', 'agents_type_check', 'type IN (''ccrouter'', ''droid'', ''custom'')'),
              ('agents', 'agents_config_check', 'jsonb_typeof(config) = ''object'''),
              -- The numbers that Settings::of_config() reads. A path that leads nowhere is NULL, and passes.
              ('agents', 'agents_breaker_check', 'NOT jsonb_path_exists(config, ''strict $.breaker ? (@.type() != "object")'', silent => true)'),
              ('agents', 'agents_breaker_settings_check', 'NOT jsonb_path_exists(config, ''strict $.breaker.* ? (@.type() != "number" || @ < 1 || @ > 86400 || @.floor() != @)'', silent => true)'),
              ('agents', 'agents_execution_timeout_check', 'NOT jsonb_path_exists(config, ''strict $.execution_timeout_seconds ? (@.type() != "number" || @ < 1 || @ > 86400 || @.floor() != @)'', silent => true)'),
              ('chat_messages', 'chat_messages_role_check', 'role IN (''user'', ''assistant'', ''system'')'),
              ('agent_executions', 'agent_executions_status_check', 'status IN (''pending'', ''running'', ''success'', ''failed'')'),
              ('agent_health', 'agent_health_status_check', 'status IN (''healthy'', ''degraded'', ''unhealthy'')'),
              ('circuit_breaker_state', 'circuit_breaker_state_state_check', 'state IN (''closed'', ''open'', ''half_open'')'),
              ('circuit_breaker_state', 'circuit_breaker_state_finite_probes_check', 'NOT (''infinity'' = ANY (probe_times) OR ''-infinity'' = ANY (probe_times))'),
              ('circuit_breaker_state', 'circuit_breaker_state_probes_check', 'cardinality(probe_times) = cardinality(probe_executions) AND cardinality(probe_times) = cardinality(probe_ids)')
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
