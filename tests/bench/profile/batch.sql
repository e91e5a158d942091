PREPARE call AS SELECT public.consume_model_quota_batch(jsonb_agg(jsonb_build_object('user_uuid', bench.person(n), 'model_id', 'tidepool/atlas-32b-limited', 'tokens', 1234))) FROM generate_series(300, 399) AS n;
EXECUTE call;
