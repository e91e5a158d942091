PREPARE reserve AS SELECT reservation_id FROM public.reserve_model_quota(bench.person(104), 'tidepool/atlas-32b-limited', 900, 1000);
PREPARE settle AS SELECT * FROM public.settle_model_quota($1, '{"prompt_tokens": 900, "completion_tokens": 334, "total_tokens": 1234}');
EXECUTE reserve \gset
EXECUTE settle(:'reservation_id');
