-- Somebody asks what the user :asked may use, and must not learn it.

\set ON_ERROR_STOP off
SELECT model_id FROM public.get_user_allowed_models_v2(:'asked');
\echo SQLSTATE :SQLSTATE
