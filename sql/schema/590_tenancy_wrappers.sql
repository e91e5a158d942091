-- Functions of tenancy that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('app_current_user_id');
SELECT model_access.make_wrapper('app_current_org_id');
SELECT model_access.make_wrapper('app_is_org_admin');
SELECT model_access.make_wrapper('app_is_platform_admin');
SELECT model_access.make_wrapper('get_effective_system_prompts');
SELECT model_access.make_wrapper('cleanup_expired_sessions');
