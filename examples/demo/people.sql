-- As the developer role: three people, one per tier. On Supabase, Auth makes the first rows at sign-up.

INSERT INTO auth.users (id, email) VALUES
    (:'free_user', 'ann@example.com'), (:'pro_user', 'bo@example.com'), (:'enterprise_user', 'cy@example.com');
INSERT INTO public.profiles (id, email, subscription_tier) VALUES
    (:'free_user', 'ann@example.com', 'free'),
    (:'pro_user', 'bo@example.com', 'pro'),
    (:'enterprise_user', 'cy@example.com', 'enterprise');

SELECT id, email, subscription_tier FROM public.profiles ORDER BY email;
