-- Functions around OAuth that applications call, as public.<name>. One that is there and is not ours is left alone.

SELECT model_access.make_wrapper('encrypt_token');
SELECT model_access.make_wrapper('decrypt_token');
SELECT model_access.make_wrapper('consume_oauth_state');
SELECT model_access.make_wrapper('cleanup_expired_oauth_states');
SELECT model_access.make_wrapper('cleanup_expired_oauth_tokens');
