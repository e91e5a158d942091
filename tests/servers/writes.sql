-- What functions that write say on a standby, one line each.
\pset format unaligned
\pset tuples_only on
\set call '(SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.idempotency_key = \'open\' LIMIT 1)'
\set row '(SELECT u.id FROM public.ai_usage AS u WHERE u.corrects_id IS NULL LIMIT 1)'
\set limit '(SELECT l.limit_id FROM public.quota_limits AS l LIMIT 1)'
\set execution '(SELECT e.id FROM public.agent_executions AS e WHERE e.status = \'running\' LIMIT 1)'
SELECT split_part(c, '(', 1), test.outcome('SELECT * FROM ' || c) FROM unnest(ARRAY[
    'public.sync_openrouter_models(test.feed(41))',
    'public.sync_openrouter_models(''[]'')',
    'public.force_sync_openrouter_models(test.feed(41))',
    'public.refresh_openrouter_models()',
    'public.schedule_catalogue_refresh()',
    'public.unschedule_catalogue_refresh()',
    'public.update_model_tier_access(''acme/m1'', true)',
    'public.review_models(''[{"model_id": "acme/m1", "status": "disabled"}]'')',
    'public.update_user_preferences(test.id(''A''), ''ui'', ''{"theme": "dark"}'')',
    'public.log_user_activity(test.id(''A''), ''was_here'')',
    'public.consume_model_quota(test.id(''A''), ''acme/m6'', 1)',
    'public.consume_model_quota_batch(jsonb_build_array(jsonb_build_object(''user_uuid'', test.id(''A''), ''model_id'', ''acme/m6'', ''tokens'', 1)))',
    'public.reserve_model_quota(test.id(''A''), ''acme/m6'', 1, 1)',
    'public.require_model_quota(test.id(''A''), ''acme/m6'', 1, 1)',
    format('public.settle_model_quota(%s, ''{"total_tokens": 1}'')', :'call'),
    format('public.release_model_quota(%s)', :'call'),
    format('public.extend_model_quota(%s, ''24 hours'')', :'call'),
    'public.record_model_usage(test.id(''A''), ''acme/m6'', ''{"total_tokens": 1}'')',
    'public.expire_reservations()',
    'public.set_quota_limit(''x'', ''tokens'', ''daily'', 1)',
    format('public.remove_quota_limit(%s)', :'limit'),
    'public.adjust_quota(test.id(''A''), ''acme/m6'', ''life'', 1, ''x'')',
    format('public.void_usage(%s, ''x'')', :'row'),
    'public.reprice_usage(''acme/m7'', ''-infinity'', ''infinity'', ''x'')',
    'public.forget_user(test.id(''A''))',
    'public.maintain_usage_partitions(''1 month'')',
    'public.cleanup_expired_sessions()',
    'public.cleanup_expired_oauth_states()',
    'public.cleanup_expired_oauth_tokens()',
    'public.consume_oauth_state(''x'')',
    'public.log_audit_event(NULL, NULL, ''seen'', ''page'')',
    'public.record_token_usage(test.id(''A''), 1, 1)',
    'public.reset_monthly_quotas()',
    'public.acquire_agent(''ccrouter'')',
    'public.start_agent_execution(''00000000-0000-4000-8000-0000000000c1'', ''droid'', NULL)',
    format('public.finish_agent_execution(%s, ''success'', NULL)', :'execution'),
    'public.expire_agent_executions()',
    'public.append_chat_message(''00000000-0000-4000-8000-0000000000c1'', ''user'', ''More'')',
    'model_access.install()',
    'model_access.uninstall()',
    'model_access.cut_over()',
    'model_access.cut_back()',
    'model_access.make_wrapper(''check_model_quota'')',
    'model_access.make_usage_partitions(now(), 9)'
]) AS c;
-- Where nothing is to be written nothing is refused: a retry of a call that was admitted gets its answer.
SELECT 'has its answer', c.allowed, c.used IS NULL FROM public.consume_model_quota(test.id('A'), 'acme/m6', 300, 1, 'call 3') AS c;
