-- Two agents and four models to begin with. Each is inserted where none of its name is; one that stands is never changed.

INSERT INTO public.agents (name, type, description, config)
SELECT s.name, s.type, s.description, s.config::jsonb
  FROM (VALUES
    ('ccrouter', 'ccrouter', 'Routes calls to Gemini models of VertexAI.', '{"provider": "vertex-ai", "location": "us-central1"}'),
    ('droid', 'droid', 'Calls models of many providers through OpenRouter.', '{"provider": "openrouter"}')
  ) AS s (name, type, description, config)
 WHERE NOT EXISTS (SELECT FROM public.agents AS a WHERE a.name = s.name);

INSERT INTO public.models (agent_id, name, display_name, description, provider, model_id)
SELECT a.id, s.name, s.display_name, s.description, s.provider, s.model_id
  FROM (VALUES
    ('ccrouter', 'gemini-1.5-pro', 'Gemini 1.5 Pro', 'Gemini for difficult tasks.', 'gemini', 'gemini-1.5-pro'),
    ('ccrouter', 'gemini-1.5-flash', 'Gemini 1.5 Flash', 'Gemini for quick answers.', 'gemini', 'gemini-1.5-flash'),
    ('droid', 'claude-3-opus', 'Claude 3 Opus', 'Claude for difficult tasks.', 'openrouter', 'anthropic/claude-3-opus'),
    ('droid', 'gpt-4', 'GPT-4', 'GPT for difficult tasks.', 'openrouter', 'openai/gpt-4')
  ) AS s (agent, name, display_name, description, provider, model_id)
  JOIN public.agents AS a ON a.name = s.agent
 WHERE NOT EXISTS (SELECT FROM public.models AS m WHERE m.agent_id = a.id AND m.name = s.name);
