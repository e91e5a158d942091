-- What would keep the engine from writing some tables ($1): table, problem and what it is about. Asked by install() before it touches anything, of tables that an application
-- may have, and by verify() ever after. Of no table more than makes a call fail, or loses what it used.
WITH written (of_table, is_inserted, columns, may_be_null) AS (
    -- The columns that the engine writes; of those that install() makes NULLs of, what it may. All others take their defaults.
    VALUES ('profiles', false, '{ui_preferences,session_preferences,default_model,temperature,system_prompt,updated_at}'::name[], '{}'::name[]),
           ('organizations', false, '{token_usage_current,token_reset_date,token_reset_anchor}', '{}'),
           ('user_profiles', false, '{role}', '{}'),
           ('user_activity_log', true, '{user_id,action,resource_type,resource_id,details,timestamp}', '{}'),
           ('model_access', true, '{model_id,canonical_slug,hugging_face_id,model_name,model_description,context_length,created_timestamp,modality,input_modalities,'
                                  'output_modalities,tokenizer,prompt_price,completion_price,request_price,image_price,web_search_price,internal_reasoning_price,'
                                  'input_cache_read_price,input_cache_write_price,max_completion_tokens,is_moderated,supported_parameters,feed_hash,status,is_free,is_pro,'
                                  'is_enterprise,last_synced_at,openrouter_last_seen,created_at,updated_at}', '{}'),
           ('ai_usage', true, '{id,user_id,model,tokens_used,requests,cost_source,created_at,occurred_at,cost_usd,markup_usd,total_usd,organization_id,tier,plan,'
                              'reservation_id,idempotency_key,price_id,markup_percent,computed_usd,other_usage,corrects_id,correction_reason}',
            '{organization_id,tier,plan,reservation_id,idempotency_key,price_id,markup_percent,computed_usd,other_usage,corrects_id,correction_reason}'),
           -- The name of a model that is deleted while it is called is not known.
           ('ai_model_usage', true, '{user_id,organization_id,model_id,model_type,model_name,tokens_used,requests_count,period_start,period_end,period_type,created_at,is_free}',
            '{model_name}'),
           ('audit_logs', true, '{timestamp,user_id,organization_id,action,resource_type,resource_id,details,ip_address,user_agent,success,error_message,chain_id,'
                                'chain_position,written_user_id,written_organization_id,previous_hash,hash}', '{}'),
           ('chat_sessions', false, '{last_message_at}', '{}'),
           ('chat_messages', true, '{id,session_id,role,content,tokens_in,tokens_out,tokens_total,metadata,created_at}', '{}'),
           ('agent_executions', true, '{id,session_id,message_id,agent_id,model_id,status,reservation_id,created_at,input_tokens,output_tokens,total_tokens,latency_ms,'
                                      'error_message,completed_at,finish_fingerprint,finish_answer}',
            '{input_tokens,output_tokens,total_tokens,latency_ms,error_message,completed_at}'),
           ('agent_health', true, '{agent_id,status,consecutive_failures,last_check,last_error}', '{}'),
           ('agent_metrics', true, '{agent_id,date,total_requests,successful_requests,failed_requests,avg_latency_ms,avg_tokens_in,avg_tokens_out,sum_latency_ms,'
                                   'counted_requests,sum_tokens_in,sum_tokens_out}', '{}'),
           ('circuit_breaker_state', true, '{agent_id,state}', '{}')
), relation AS (
    SELECT c.oid, w.*
      FROM written AS w
      JOIN pg_class AS c ON c.relnamespace = to_regnamespace('public') AND c.relname = w.of_table AND c.relkind IN ('r', 'p')
     WHERE w.of_table = ANY ($1)
), attribute AS (
    SELECT r.oid, r.of_table, r.is_inserted, a.attname, a.attnum, a.attidentity, a.attgenerated,
           a.attname = ANY (r.columns) AS is_written, a.attname = ANY (r.may_be_null) AS may_be_null,
           a.attnotnull OR t.typnotnull AS is_not_null, pg_get_expr(d.adbin, d.adrelid) AS expression,
           a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL AS has_default
      FROM relation AS r
      JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
), told AS (
    SELECT a.of_table, 'generated' AS problem, format('column %I', a.attname) AS what
      FROM attribute AS a
     WHERE a.is_written AND (a.attgenerated <> '' OR a.attidentity = 'a')
    UNION ALL
    SELECT a.of_table, 'unknown_to_us', format('column %I', a.attname)
      FROM attribute AS a
     WHERE a.is_inserted AND a.is_not_null AND a.attgenerated = '' AND (a.may_be_null OR NOT (a.is_written OR a.has_default))
    UNION ALL
    -- A key of a ledger must have something in it that no two calls share: what the engine makes for each, or a column that it does not know and that has either no
    -- value or one of a function. Of a partial one only rows of the application's may be told apart from those of the engine.
    SELECT r.of_table, 'key_of_ours', format('key %I (%s)', i.relname, (SELECT string_agg(pg_get_indexdef(x.indexrelid, n, true), ', ' ORDER BY n)
                                                                           FROM generate_series(1, x.indnkeyatts) AS n))
      FROM relation AS r
      JOIN pg_index AS x ON x.indrelid = r.oid AND (x.indisunique OR x.indisexclusion)
      JOIN pg_class AS i ON i.oid = x.indexrelid
     CROSS JOIN LATERAL (SELECT coalesce(array_agg(a.attname), '{}') AS names, coalesce(bool_or(
                                    NOT a.is_written AND (a.attidentity <> '' OR CASE WHEN a.has_default THEN a.expression ~ '\(' ELSE NOT x.indnullsnotdistinct END)), false) AS differs
                           FROM attribute AS a
                          WHERE a.oid = r.oid AND a.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1])) AS k
     WHERE r.of_table IN ('ai_usage', 'ai_model_usage')
       AND NOT (k.differs OR 'id' = ANY (k.names) OR r.of_table = 'ai_usage' AND NOT x.indnullsnotdistinct
                                                     AND ('reservation_id' = ANY (k.names) OR '{user_id,idempotency_key}'::name[] <@ k.names))
       AND NOT coalesce(pg_get_expr(x.indpred, x.indrelid) ~ 'model_type = ''(user|org_default)''|model_type <> ''system''|cost_source = ''application'''
                        AND pg_get_expr(x.indpred, x.indrelid) !~ ' OR ', false)
)
SELECT w.of_table, t.problem, t.what
  FROM written AS w
  LEFT JOIN told AS t ON t.of_table = w.of_table
 WHERE w.of_table = ANY ($1)
 ORDER BY w.of_table, t.what COLLATE "C"
