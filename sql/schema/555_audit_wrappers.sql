-- Functions around the audit log that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('log_audit_event');
SELECT model_access.make_wrapper('verify_audit_log');
