-- Organisations of an application with little of ours, and NULLs in it.
CREATE TABLE public.organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, type text, settings jsonb, token_usage_current integer
);
INSERT INTO public.organizations (name, type, token_usage_current) VALUES ('Theirs', 'finance', NULL), ('Theirs too', NULL, 7);
