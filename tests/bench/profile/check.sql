PREPARE call AS SELECT * FROM public.check_model_quota(bench.person(101), 'tidepool/atlas-32b-limited', 1234);
EXECUTE call;
