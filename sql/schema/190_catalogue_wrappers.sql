-- The functions that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('get_user_allowed_models_v2');
SELECT model_access.make_wrapper('get_user_allowed_models_json');
SELECT model_access.make_wrapper('can_user_use_model');
SELECT model_access.make_wrapper('sync_openrouter_models');
SELECT model_access.make_wrapper('force_sync_openrouter_models');
SELECT model_access.make_wrapper('update_model_tier_access');
SELECT model_access.make_wrapper('model_access_is_admin');
SELECT model_access.make_wrapper('estimate_model_cost');
SELECT model_access.make_wrapper('explain_model_cost');
SELECT model_access.make_wrapper('refresh_openrouter_models');
SELECT model_access.make_wrapper('schedule_catalogue_refresh');
SELECT model_access.make_wrapper('unschedule_catalogue_refresh');
SELECT model_access.make_wrapper('get_catalogue_status');
SELECT model_access.make_wrapper('preview_catalogue_change');
SELECT model_access.make_wrapper('preview_review_rules');
SELECT model_access.make_wrapper('review_models');
SELECT model_access.make_wrapper('get_model_review_queue');
