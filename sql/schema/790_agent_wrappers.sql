-- Functions around agents that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('acquire_agent');
SELECT model_access.make_wrapper('pick_agent');
SELECT model_access.make_wrapper('start_agent_execution');
SELECT model_access.make_wrapper('finish_agent_execution');
SELECT model_access.make_wrapper('expire_agent_executions');
SELECT model_access.make_wrapper('append_chat_message');
