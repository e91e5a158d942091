PREPARE call AS SELECT * FROM public.consume_model_quota(bench.person(102), 'tidepool/atlas-32b-limited', 1234);
EXECUTE call;
