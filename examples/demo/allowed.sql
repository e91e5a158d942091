-- A signed-in user asks what he may use.

SELECT model_id, model_name, prompt_price, completion_price, context_length
  FROM public.get_user_allowed_models_v2();
