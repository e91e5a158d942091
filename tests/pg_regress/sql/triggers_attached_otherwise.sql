-- The trigger functions refuse what they are not for: a guard of a column that is gone lets no client pass, and the
-- version trigger lets rows pass and is of no use after them.
ALTER TABLE public.profiles RENAME COLUMN role TO user_role;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT test.outcome($$UPDATE public.profiles SET user_role = 'superadmin' WHERE id = test.id('A')$$);
SELECT test.outcome($$UPDATE public.profiles SET full_name = 'Ann' WHERE id = test.id('A')$$);
ROLLBACK;
SELECT check_name FROM model_access.verify() WHERE NOT ok AND check_name LIKE '%.role';
ALTER TABLE public.profiles RENAME COLUMN user_role TO role;
BEGIN;
SELECT test.request('authenticated', 'A');
SELECT test.outcome($$UPDATE public.profiles SET full_name = 'Ann' WHERE id = test.id('A')$$);
ROLLBACK;
CREATE TABLE public.mine (n integer);
CREATE TRIGGER t AFTER INSERT ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.bump_catalogue_version();
SELECT test.outcome($$INSERT INTO public.mine VALUES (1)$$);
DROP TRIGGER t ON public.mine;
CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.bump_catalogue_version();
INSERT INTO public.mine VALUES (2);
UPDATE public.mine SET n = 3 WHERE n = 2 RETURNING n;
DELETE FROM public.mine WHERE n = 3 RETURNING n;
DROP TRIGGER t ON public.mine;
CREATE TRIGGER t AFTER INSERT ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.guard_privileged_columns('n');
SELECT test.outcome($$INSERT INTO public.mine VALUES (1)$$);
DROP TRIGGER t ON public.mine;
CREATE TRIGGER t BEFORE DELETE ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.guard_privileged_columns('n');
INSERT INTO public.mine VALUES (1);
SELECT test.outcome($$DELETE FROM public.mine WHERE n = 1$$);
