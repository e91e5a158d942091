-- What the blocks of docs/guides/from_your_table.md take for granted; see blocks.py: an application's table of what its users have used.

-- ==== SELECT user_id, model, tokens, cost, created_at FROM public.message_usage ORDER BY created_at LIMIT 3;
CREATE TABLE public.message_usage (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL, model text NOT NULL, tokens bigint NOT NULL, cost numeric, created_at timestamptz NOT NULL DEFAULT now());
INSERT INTO auth.users (id, email) SELECT ('00000000-0000-4000-8000-0000000000a' || n)::uuid, 'user' || n || '@example.org' FROM generate_series(1, 3) AS n;
INSERT INTO public.message_usage (user_id, model, tokens, cost, created_at)
SELECT ('00000000-0000-4000-8000-0000000000a' || 1 + n % 3)::uuid, (ARRAY['acme/small', 'our-own-model'])[1 + n % 2], 100 * n, CASE WHEN n % 2 = 0 THEN 0.0012 * n END, now() - make_interval(days => n) FROM generate_series(0, 40) AS n;
