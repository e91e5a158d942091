-- What is asked of chats and agents, in one row each. With the rights of whoever asks: rows that he may not see are not there.

CREATE OR REPLACE VIEW public.v_recent_sessions WITH (security_invoker = true) AS
SELECT s.id, s.user_id, s.org_id, s.title, m.name AS model_name, a.name AS agent_name, s.created_at, s.updated_at,
       (SELECT count(*) FROM public.chat_messages AS c WHERE c.session_id = s.id) AS message_count
  FROM public.chat_sessions AS s
  LEFT JOIN public.models AS m ON m.id = s.model_id
  LEFT JOIN public.agents AS a ON a.id = s.agent_id
 ORDER BY coalesce(s.last_message_at, s.created_at) DESC, s.id;

CREATE OR REPLACE VIEW public.v_agent_status WITH (security_invoker = true) AS
SELECT a.id, a.name, a.type, a.enabled, h.status AS health_status,
       (SELECT count(*) FROM public.models AS m WHERE m.agent_id = a.id AND m.enabled) AS model_count,
       coalesce(d.successful_requests, 0) AS requests_today, d.avg_latency_ms
  FROM public.agents AS a
  LEFT JOIN public.agent_health AS h ON h.agent_id = a.id
  LEFT JOIN public.agent_metrics AS d ON d.agent_id = a.id AND d.date = (now() AT TIME ZONE 'UTC')::date;

REVOKE ALL ON TABLE public.v_recent_sessions, public.v_agent_status FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON TABLE public.v_recent_sessions, public.v_agent_status TO authenticated, service_role;

COMMENT ON VIEW public.v_recent_sessions IS 'Chats, the one with the last message first.';
COMMENT ON COLUMN public.v_recent_sessions.id IS 'The chat.';
COMMENT ON COLUMN public.v_recent_sessions.user_id IS 'Whose it is.';
COMMENT ON COLUMN public.v_recent_sessions.org_id IS 'His organisation.';
COMMENT ON COLUMN public.v_recent_sessions.title IS 'Title to show.';
COMMENT ON COLUMN public.v_recent_sessions.model_name IS 'The model that was chosen.';
COMMENT ON COLUMN public.v_recent_sessions.agent_name IS 'The agent that was chosen.';
COMMENT ON COLUMN public.v_recent_sessions.created_at IS 'When it began.';
COMMENT ON COLUMN public.v_recent_sessions.updated_at IS 'When its row was last changed.';
COMMENT ON COLUMN public.v_recent_sessions.message_count IS 'How many messages it has.';
COMMENT ON VIEW public.v_agent_status IS 'How each agent does today.';
COMMENT ON COLUMN public.v_agent_status.id IS 'The agent.';
COMMENT ON COLUMN public.v_agent_status.name IS 'Its name.';
COMMENT ON COLUMN public.v_agent_status.type IS 'Its type.';
COMMENT ON COLUMN public.v_agent_status.enabled IS 'Whether it may be called.';
COMMENT ON COLUMN public.v_agent_status.health_status IS 'Its health; NULL before a call has ended.';
COMMENT ON COLUMN public.v_agent_status.model_count IS 'Its enabled models.';
COMMENT ON COLUMN public.v_agent_status.requests_today IS 'Calls that began today (UTC) and succeeded.';
COMMENT ON COLUMN public.v_agent_status.avg_latency_ms IS 'Their mean latency; NULL without any.';
