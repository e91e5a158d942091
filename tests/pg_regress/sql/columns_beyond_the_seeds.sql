-- Columns that the seeds' tables have here and not there; docs/design.md lists the same.
SELECT c.relname AS table_name, a.attname AS column_name
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN (VALUES
      ('model_access', 'id model_id canonical_slug hugging_face_id model_name model_description context_length
          created_timestamp modality input_modalities output_modalities tokenizer prompt_price completion_price
          request_price image_price web_search_price internal_reasoning_price input_cache_read_price
          input_cache_write_price max_completion_tokens is_moderated supported_parameters status is_free is_pro
          is_enterprise daily_limit monthly_limit last_synced_at openrouter_last_seen created_at updated_at'),
      ('model_sync_log', 'id sync_started_at sync_completed_at total_openrouter_models models_added models_updated
          models_marked_inactive sync_status error_message error_details duration_ms created_at'),
      ('profiles', 'id email full_name avatar_url default_model temperature system_prompt subscription_tier credits
          usage_stats ui_preferences session_preferences role organization_id account_type last_active created_at
          updated_at'),
      ('user_activity_log', 'id user_id action resource_type resource_id details timestamp ip_address user_agent'),
      ('user_profiles', 'id username email role'),
      ('organizations', 'id name slug metadata type pricing_plan token_quota_monthly token_usage_current token_reset_date created_at updated_at'),
      ('users', 'id email organization_id role metadata is_active created_at updated_at last_login_at'),
      ('user_sessions', 'id user_id organization_id workspace_path system_prompt created_at expires_at last_active_at session_metadata'),
      ('mcp_configurations', 'id organization_id user_id name type endpoint command args env auth_type bearer_token oauth_provider
          enabled created_at updated_at'),
      ('system_prompts', 'id scope organization_id user_id content priority template enabled created_at updated_at created_by'),
      ('platform_admins', 'id workos_user_id email name added_at added_by is_active created_at updated_at'),
      ('admin_audit_log', 'id admin_id action target_org_id target_user_id details ip_address created_at'),
      ('audit_logs', 'id timestamp user_id organization_id action resource_type resource_id details ip_address user_agent success error_message'),
      ('ai_models_system', 'id name role task system_message api_key endpoint max_tokens icon organization_types required_plan
          token_limit_period token_limit_amount is_free is_trial trial_expires_days is_active is_featured description tags
          sort_order created_at updated_at'),
      ('org_system_model_config', 'id organization_id system_model_id is_enabled_for_users token_limit_per_user created_at updated_at'),
      ('ai_model_usage', 'id user_id organization_id model_id model_type model_name tokens_used requests_count period_start
          period_end period_type created_at'),
      ('agents', 'id name type description enabled config created_at updated_at'),
      ('models', 'id agent_id name display_name description provider model_id enabled config created_at updated_at'),
      ('chat_sessions', 'id user_id org_id model_id agent_id title metadata created_at updated_at last_message_at'),
      ('chat_messages', 'id session_id role content tokens_in tokens_out tokens_total metadata created_at'),
      ('agent_executions', 'id session_id message_id agent_id model_id status input_tokens output_tokens total_tokens latency_ms
          error_message response_content metadata created_at completed_at'),
      ('agent_health', 'id agent_id status last_check last_error consecutive_failures metadata created_at updated_at'),
      ('agent_metrics', 'id agent_id date total_requests successful_requests failed_requests avg_latency_ms avg_tokens_in
          avg_tokens_out created_at'),
      ('circuit_breaker_state', 'id agent_id state failure_count success_count last_failure_time last_success_time opened_at
          metadata created_at updated_at')
  ) AS seed (table_name, columns) ON seed.table_name = c.relname
 WHERE c.relnamespace = 'public'::regnamespace AND a.attname <> ALL (regexp_split_to_array(seed.columns, '\s+'))
 ORDER BY 1, 2;
SELECT c.relname AS table_name, count(*) AS columns
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY 1 ORDER BY 1;
