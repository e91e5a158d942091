-- Functions around system models that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('plan_level');
SELECT model_access.make_wrapper('plan_level_sufficient');
SELECT model_access.make_wrapper('is_superadmin');
SELECT model_access.make_wrapper('is_admin');
SELECT model_access.make_wrapper('is_admin_or_superadmin');
SELECT model_access.make_wrapper('get_user_role');
SELECT model_access.make_wrapper('get_user_organization_id');
SELECT model_access.make_wrapper('get_available_system_models');
SELECT model_access.make_wrapper('get_system_model_for_call');
SELECT model_access.make_wrapper('check_token_quota');
SELECT model_access.make_wrapper('record_token_usage');
SELECT model_access.make_wrapper('reset_monthly_quotas');
