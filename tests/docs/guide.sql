-- What the blocks of docs/guide.md take for granted; see blocks.py. P is pro, A is free, S is a superadmin.

-- ==== SELECT public.sync_openrouter_models($1::jsonb);
SET ROLE service_role;
\set p1 '\'{"data": [{"id": "acme/small", "name": "Small", "pricing": {"prompt": "0", "completion": "0"}}, {"id": "acme/large", "name": "Large", "pricing": {"prompt": "0.000002", "completion": "0.000008"}}, {"id": "google/gemini-pro", "name": "Gemini", "pricing": {"prompt": "0.000001", "completion": "0.000002"}}]}\''
-- ==== SELECT * FROM public.preview_catalogue_change($1::jsonb);
SET ROLE service_role;
\set p1 '\'{"data": [{"id": "acme/small", "name": "Small", "pricing": {"prompt": "0", "completion": "0"}}]}\''
-- ==== SELECT * FROM public.get_user_allowed_models_v2();          -- the signed-in user
SELECT public.update_model_tier_access('google/gemini-pro', p_is_pro => true, p_status => 'active');
SET request.jwt.claims = '{"sub": "00000000-0000-4000-8000-00000000000c", "role": "service_role"}';
SET ROLE service_role;
\set p1 'test.id(\'P\')'
-- ==== SELECT public.update_user_preferences(NULL, 'ui', '{"theme": "dark"}');                        -- merged into what is stored
SET request.jwt.claims = '{"sub": "00000000-0000-4000-8000-00000000000c", "role": "authenticated"}';
SET ROLE authenticated;
-- ==== -- 50 requests a day for each user of the free tier; Ann has 200; her colleague has no such limit at all.
SET ROLE service_role;
-- ==== BEGIN;
SET ROLE service_role;
\set p1 'test.id(\'P\')'
\set p2 '\'call-1\''
SELECT quote_literal(r.reservation_id) AS p3 FROM public.reserve_model_quota(:p1, 'acme/large', 900, 1000, p_idempotency_key => :p2) AS r \gset
\set p4 '\'{"prompt_tokens": 900, "completion_tokens": 250}\''
-- ==== SELECT allowed, reason, limit_name, metric, period, limit_amount, used, held, requested, remaining, resets_at, retry_after_seconds
SET ROLE service_role;
SELECT public.update_model_tier_access('acme/large', p_is_free => true);
SELECT public.record_model_usage(test.id('A'), 'acme/small', '{"total_tokens": 10, "requests": 49}');
SELECT public.reserve_model_quota(test.id('A'), 'acme/large', 900, 1000);
\set p1 'test.id(\'A\')'
-- ==== CREATE FUNCTION app.admit_message() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
CREATE SCHEMA app;
CREATE TABLE public.messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL, model_id text NOT NULL, body text NOT NULL, reservation_id uuid);
-- ==== UPDATE public.organizations SET quota_slots = 8 WHERE id = $1;
INSERT INTO public.organizations (id, name, type, pricing_plan) VALUES ('10000000-0000-4000-8000-000000000001', 'One', 'solicitor', 'free');
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000001' WHERE id = test.id('P');
\set p1 '\'10000000-0000-4000-8000-000000000001\''
-- ==== UPDATE public.user_profiles SET role = 'admin' WHERE id = $1;
\set p1 'test.id(\'B\')'
-- ==== SELECT public.adjust_quota($1, 'acme/large', 'chat', -10, 'outage of Tuesday');   -- ten requests given back; what is used then
SET ROLE service_role;
\set p1 'test.id(\'A\')'
-- ==== SELECT * FROM public.get_quota_status();                                    -- the signed-in user: used, held, remaining, resets_at
SET request.jwt.claims = '{"sub": "00000000-0000-4000-8000-00000000000a", "role": "service_role"}';
SET ROLE service_role;
-- ==== -- A superadmin: whom it is for, what it is told, how it is reached. Clients never read api_key; vault:<name> keeps it in Supabase's vault.
-- The developer role does what the three of the comments do; P is an admin of the organisation.
SET request.jwt.claims = '{"sub": "00000000-0000-4000-8000-00000000000c", "role": "authenticated"}';
UPDATE public.organizations SET pricing_plan = 'pro';
\set p1 '\'10000000-0000-4000-8000-000000000001\''
-- ==== SELECT allowed, reason, reservation_id FROM public.reserve_model_quota($1, 'system/7', 900, 2000);
-- A stand-in for Supabase's vault, with the secret that the model's key names.
\c - supabase_admin
CREATE EXTENSION pgcrypto WITH SCHEMA extensions;
CREATE SCHEMA vault;
CREATE TABLE vault.secrets (id uuid DEFAULT gen_random_uuid(), name text, decrypted_secret text);
CREATE VIEW vault.decrypted_secrets AS SELECT * FROM vault.secrets;
CREATE FUNCTION vault.create_secret(text, text) RETURNS uuid LANGUAGE sql AS 'INSERT INTO vault.secrets (name, decrypted_secret) VALUES ($2, $1) RETURNING id';
SELECT vault.create_secret('key of the brief writer', 'brief_writer');
GRANT USAGE ON SCHEMA vault TO postgres, service_role;
GRANT ALL ON ALL TABLES IN SCHEMA vault TO postgres, service_role;
\c - postgres
SET ROLE service_role;
\set p1 'test.id(\'P\')'
\set p2 '(SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.status = \'active\' AND r.model = \'system/7\')'
\set p3 '\'{"prompt_tokens": 900, "completion_tokens": 250}\''
-- ==== -- Once: a key that is made where it is kept, so that no statement has it. It is never changed in place: to change it, decrypt with the old one and encrypt with the new one.
INSERT INTO public.users (id, email, organization_id) VALUES (test.id('P'), 'p@example.test', '10000000-0000-4000-8000-000000000001');
\set p1 'test.id(\'P\')'
\set p2 '\'state-1\''
\set p3 '\'verifier\''
\set p4 '\'https://app.example.com/callback\''
\set p5 '\'the verifier as consume_oauth_state() gave it\''
\set p6 '\'token\''
\set p7 '\'refresh token\''
\set p8 'now() + interval \'1 hour\''
\set p9 '\'repo\''
-- ==== SELECT public.append_chat_message($1, 'user', 'Hello');                              -- as the user
SET ROLE service_role;
INSERT INTO public.chat_sessions (user_id, org_id) VALUES (test.id('P')::text, '10000000-0000-4000-8000-000000000001');
\set p1 '(SELECT s.id FROM public.chat_sessions AS s)'
\set p2 'test.id(\'P\')'
\set p3 '(SELECT r.reservation_id FROM public.quota_reservations AS r WHERE r.status = \'active\' AND r.model = \'google/gemini-pro\')'
\set p4 NULL
\set p5 '(SELECT e.id FROM public.agent_executions AS e)'
-- ==== SELECT public.estimate_model_cost('acme/large', '{"prompt_tokens": 900, "completion_tokens": 250}');         -- 0.0038
SET ROLE service_role;
-- ==== -- The bill of a month, a row per user and model. As service_role; a signed-in user gets his own part.
SET ROLE service_role;
-- ==== -- Everything of a day, for a meter, a warehouse or a billing service. \copy and a cursor read it piece by piece.
SET ROLE service_role;
-- ==== -- A person leaves: first the account, so that no call comes after, then what is left of him here.
\set p1 'test.id(\'A\')'
-- ==== -- From the server, as service_role: who, for which organisation, what, to what.
SET ROLE service_role;
\set p1 'test.id(\'P\')'
\set p2 '\'10000000-0000-4000-8000-000000000001\''
