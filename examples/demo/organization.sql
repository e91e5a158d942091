-- As the developer role: an organisation with a plan and a monthly quota of tokens, its admin, and a member.

INSERT INTO public.organizations (name, type, pricing_plan, token_quota_monthly)
VALUES ('Acme Homes', 'realestate', 'starter', 5000);
UPDATE public.profiles AS p
   SET organization_id = o.id, role = CASE p.id WHEN :'admin' THEN 'admin' ELSE 'user' END
  FROM public.organizations AS o
 WHERE p.id IN (:'admin', :'member') AND o.name = 'Acme Homes';

SELECT p.email, p.role, o.name, o.type, o.pricing_plan, o.token_quota_monthly
  FROM public.profiles AS p JOIN public.organizations AS o ON o.id = p.organization_id ORDER BY p.email;
