-- A member sees what is switched on: tasks and limits, neither prompt nor key.

SELECT model_id, name, tasks, token_limit_amount, token_limit_period FROM public.get_available_system_models();
