-- Functions about people that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('update_user_preferences');
SELECT model_access.make_wrapper('jsonb_deep_merge');
SELECT model_access.make_wrapper('log_user_activity');
