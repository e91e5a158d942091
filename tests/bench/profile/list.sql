PREPARE call AS SELECT * FROM public.get_user_allowed_models_v2('0000be5c-0000-4000-8000-000000000003');
EXECUTE call;
