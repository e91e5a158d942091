-- What an application has made with the extension when it is updated: people, a catalogue, limits, calls in flight and settled,
-- and objects of its own that hang on ours.
SELECT public.sync_openrouter_models(test.feed(5)) ->> 'success';
UPDATE public.model_access SET status = 'active', is_free = true WHERE true;
SELECT public.set_quota_limit('calls', 'requests', 'daily', 10) > 0, public.set_quota_limit('budget', 'cost_usd', 'monthly', 1) > 0;
SELECT allowed FROM public.reserve_model_quota(test.id('A'), 'acme/m1', 100, 50, 'open');
SELECT allowed FROM public.consume_model_quota(test.id('A'), 'acme/m2', 100, 1, 'used');
CREATE VIEW public.my_models AS SELECT * FROM public.get_user_allowed_models_v2('00000000-0000-4000-8000-00000000000a');
CREATE POLICY "My support sees usage" ON public.ai_usage FOR SELECT TO authenticated USING (tier = 'support');
GRANT EXECUTE ON FUNCTION public.get_quota_status(uuid) TO anon;
