-- The functions that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('check_model_quota');
SELECT model_access.make_wrapper('reserve_model_quota');
SELECT model_access.make_wrapper('require_model_quota');
SELECT model_access.make_wrapper('settle_model_quota');
SELECT model_access.make_wrapper('release_model_quota');
SELECT model_access.make_wrapper('extend_model_quota');
SELECT model_access.make_wrapper('consume_model_quota');
SELECT model_access.make_wrapper('consume_model_quota_batch');
SELECT model_access.make_wrapper('record_model_usage');
SELECT model_access.make_wrapper('get_quota_status');
SELECT model_access.make_wrapper('set_quota_limit');
SELECT model_access.make_wrapper('remove_quota_limit');
SELECT model_access.make_wrapper('adjust_quota');
SELECT model_access.make_wrapper('expire_reservations');
SELECT model_access.make_wrapper('verify_quota');
SELECT model_access.make_wrapper('void_usage');
SELECT model_access.make_wrapper('reprice_usage');
SELECT model_access.make_wrapper('get_engine_stats');
SELECT model_access.make_wrapper('get_engine_metrics');
