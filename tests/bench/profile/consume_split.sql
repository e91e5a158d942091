PREPARE call AS SELECT * FROM public.consume_model_quota(bench.person(201), 'tidepool/atlas-32b-open', 1234);
EXECUTE call;
