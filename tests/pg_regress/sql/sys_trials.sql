-- A trial begins once: a config row that is deleted and made again restarts nothing, a date that somebody writes counts for nothing, and day 30 is over.
INSERT INTO public.organizations (id, name, type, pricing_plan) VALUES ('10000000-0000-4000-8000-000000000001', 'One', 'education', 'free'), ('10000000-0000-4000-8000-000000000002', 'Two', 'education', 'free');
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000001' WHERE id IN (test.id('P'), test.id('A'), test.id('S'));
UPDATE public.profiles SET organization_id = '10000000-0000-4000-8000-000000000002' WHERE id = test.id('B');
SELECT id AS tutor FROM public.ai_models_system WHERE name = 'Education Tutor (Trial)' \gset
CREATE FUNCTION test.gate(p_person text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(c.reason, 'allowed') FROM public.get_system_model_for_call(test.id(p_person), (SELECT m.id FROM public.ai_models_system AS m WHERE m.name = 'Education Tutor (Trial)')) AS c
$$;
CREATE FUNCTION test.begun(p_ago interval) RETURNS text LANGUAGE sql AS $$
    UPDATE public.system_model_trials AS t SET started_at = now() - p_ago WHERE t.organization_id = '10000000-0000-4000-8000-000000000001' RETURNING 'begun'
$$;
-- Without a row it has not begun; an admin may call the model already.
SELECT test.gate('P') AS admin, test.gate('A') AS user_not_switched_on, (SELECT count(*) FROM public.system_model_trials) AS begun;
-- An admin's row begins it, at the instant of the clock.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'P');
INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES ('10000000-0000-4000-8000-000000000001', :tutor);
SELECT t.system_model_id = :tutor AS tutor, t.started_at BETWEEN now() AND clock_timestamp() AS at_the_clock FROM public.system_model_trials AS t;
SELECT m.is_trial, m.trial_ends_at - t.started_at AS lasts FROM public.get_available_system_models() AS m, public.system_model_trials AS t WHERE m.id = :tutor AND m.name LIKE 'Education%';
COMMIT;
\connect - postgres
CREATE FUNCTION test.days() RETURNS TABLE (days_ago integer, is_user text, is_admin text, is_superadmin text, listed boolean) LANGUAGE plpgsql AS $$
BEGIN
    FOREACH days_ago IN ARRAY ARRAY[0, 29, 30, 31] LOOP
        PERFORM test.begun(days_ago * interval '24 hours');
        is_user := test.gate('A'); is_admin := test.gate('P'); is_superadmin := test.gate('S');
        listed := EXISTS (SELECT FROM public.get_available_system_models(test.id('A')) AS m WHERE m.name LIKE 'Education%');
        RETURN NEXT;
    END LOOP;
END $$;
SELECT * FROM test.days();
-- Over is over: whatever the admin does with his row.
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'P');
DELETE FROM public.org_system_model_config WHERE true;
INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES ('10000000-0000-4000-8000-000000000001', :tutor) RETURNING is_enabled_for_users;
UPDATE public.org_system_model_config SET system_model_id = :tutor, is_enabled_for_users = true WHERE true;
SELECT test.outcome('UPDATE public.org_system_model_config SET created_at = now() WHERE true') AS writes_its_date;
SELECT test.outcome('INSERT INTO public.org_system_model_config (organization_id, system_model_id, created_at) VALUES (''10000000-0000-4000-8000-000000000001'', 1, ''2099-01-01'')') AS brings_a_date;
SELECT test.outcome('UPDATE public.system_model_trials SET started_at = now() WHERE true') AS writes_the_start;
SELECT test.outcome('DELETE FROM public.system_model_trials WHERE true') AS deletes_the_start;
SELECT test.outcome('INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at) VALUES (''10000000-0000-4000-8000-000000000001'', 1, now())') AS makes_a_start;
SELECT count(*) AS rows, bool_and(t.started_at < now() - interval '30 days') AS as_it_was FROM public.system_model_trials AS t;
COMMIT;
BEGIN;
SELECT test.request('service_role');
SELECT test.outcome('UPDATE public.system_model_trials SET started_at = now() WHERE true') AS service_role_writes_the_start;
-- It may write a row's date, and gains nothing.
UPDATE public.org_system_model_config SET created_at = '2099-01-01' WHERE true;
ROLLBACK;
\connect - postgres
SELECT test.gate('A') AS still_over;
UPDATE public.org_system_model_config SET created_at = '2099-01-01' WHERE true;
SELECT test.gate('A') AS date_written;
-- One of another organisation has its own; a row that moves to another model begins that model's.
INSERT INTO public.org_system_model_config (organization_id, system_model_id, created_at) VALUES ('10000000-0000-4000-8000-000000000002', :tutor, '2099-01-01');
SELECT test.gate('B') AS other_organization;
UPDATE public.org_system_model_config SET system_model_id = (SELECT id FROM public.ai_models_system WHERE name = 'Basic Assistant') WHERE organization_id = '10000000-0000-4000-8000-000000000002';
SELECT m.name, t.started_at BETWEEN now() - interval '1 hour' AND clock_timestamp() AS at_the_clock FROM public.system_model_trials AS t JOIN public.ai_models_system AS m ON m.id = t.system_model_id WHERE t.organization_id = '10000000-0000-4000-8000-000000000002' ORDER BY m.sort_order;
-- It survives row, model and organisation.
DELETE FROM public.ai_models_system WHERE id = :tutor;
DELETE FROM public.organizations WHERE id = '10000000-0000-4000-8000-000000000002';
SELECT (SELECT count(*) FROM public.org_system_model_config) AS rows, (SELECT count(*) FROM public.system_model_trials) AS starts;
-- Without days it is for ever; what is no trial has no end.
INSERT INTO public.ai_models_system (id, name, role, system_message, api_key, endpoint, is_trial, trial_expires_days) VALUES (:tutor, 'Education Tutor (Trial)', 'tutor', 'x', 'x', 'x', true, 30);
INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES ('10000000-0000-4000-8000-000000000001', :tutor);
SELECT test.gate('A') AS the_models_key_came_back;
UPDATE public.ai_models_system SET trial_expires_days = NULL WHERE id = :tutor;
SELECT test.gate('A') AS without_days;
UPDATE public.ai_models_system SET trial_expires_days = 30, is_trial = false WHERE id = :tutor;
SELECT test.gate('A') AS no_trial, (SELECT m.trial_ends_at FROM public.get_available_system_models(test.id('A')) AS m WHERE m.id = :tutor) AS ends;
UPDATE public.ai_models_system SET trial_expires_days = 2147483647, is_trial = true WHERE id = :tutor;
SELECT test.gate('A') AS very_long, (SELECT m.trial_ends_at > now() + interval '1000 years' FROM public.get_available_system_models(test.id('A')) AS m WHERE m.id = :tutor) AS ends_late;
UPDATE public.ai_models_system SET trial_expires_days = 30 WHERE id = :tutor;
-- Whatever the session makes of dates: a trial begins with the row, whose instant is read as it is stored.
DELETE FROM public.org_system_model_config WHERE true;
DELETE FROM public.system_model_trials WHERE true;
\connect - authenticator
BEGIN;
SELECT test.request('authenticated', 'P');
SET LOCAL TimeZone = 'IST+5';
SET LOCAL DateStyle = 'SQL, MDY';
INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES ('10000000-0000-4000-8000-000000000001', :tutor);
SELECT t.started_at BETWEEN now() AND clock_timestamp() AS begun FROM public.system_model_trials AS t;
ROLLBACK;
-- A server that says when the row was made says when the trial began: not later than the clock, and not when it began before.
CREATE FUNCTION pg_temp.begun(p_made_at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.org_system_model_config WHERE true;
    INSERT INTO public.org_system_model_config (organization_id, system_model_id, created_at) SELECT '10000000-0000-4000-8000-000000000001', m.id, p_made_at FROM public.ai_models_system AS m WHERE m.name = 'Education Tutor (Trial)';
    RETURN coalesce((SELECT CASE WHEN t.started_at = p_made_at THEN 'as it says' WHEN t.started_at BETWEEN now() AND clock_timestamp() THEN 'at the clock' ELSE 'earlier' END FROM public.system_model_trials AS t WHERE t.organization_id = '10000000-0000-4000-8000-000000000001'), 'not begun');
END $$;
CREATE FUNCTION pg_temp.begun_of(p_made_at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    said := pg_temp.begun(p_made_at);
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = said || ', ' || (SELECT coalesce(c.reason, 'allowed') FROM public.ai_models_system AS m, public.get_system_model_for_call(test.id('P'), m.id) AS c WHERE m.name = 'Education Tutor (Trial)');
EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
    RETURN SQLERRM;
END $$;
BEGIN;
SELECT test.request('service_role');
SELECT u.what, pg_temp.begun_of(u.made_at) AS trial
  FROM (VALUES (1, 'now', now()), (2, '50 ms ago', now() - interval '50 ms'), (3, '29 days ago', now() - interval '29 days'), (4, '30 days ago', now() - interval '30 days'), (5, 'never', '-infinity'), (6, 'tomorrow', now() + interval '1 day'), (7, 'some day', 'infinity')) AS u (place, what, made_at) ORDER BY u.place;
SELECT pg_temp.begun(now() - interval '1 hour') AS first, pg_temp.begun(now() - interval '1 day') AS made_again;
ROLLBACK;
-- Rows of a dump that its owner brings back begin nothing: what they began comes with the other table, in whatever order.
\connect - postgres
INSERT INTO public.org_system_model_config (organization_id, system_model_id, created_at) VALUES ('10000000-0000-4000-8000-000000000001', :tutor, now() - interval '2 days');
SELECT count(*) AS begun FROM public.system_model_trials;
INSERT INTO public.system_model_trials (organization_id, system_model_id, started_at) VALUES ('10000000-0000-4000-8000-000000000001', :tutor, now() - interval '1 day');
-- Where there was none in the dump install() takes the row's own date.
DELETE FROM public.system_model_trials WHERE true;
SELECT count(*) > 0 AS installed FROM model_access.install('{system_models}');
SELECT t.started_at = c.created_at AS as_the_row_says FROM public.system_model_trials AS t JOIN public.org_system_model_config AS c USING (organization_id, system_model_id);
-- The trigger function is for its trigger.
SELECT test.outcome('SELECT model_access.note_trial_start()') AS called, test.outcome('CREATE TRIGGER t BEFORE INSERT ON public.org_system_model_config FOR EACH ROW EXECUTE FUNCTION model_access.note_trial_start(); INSERT INTO public.org_system_model_config (organization_id, system_model_id) VALUES (NULL, NULL)') AS before;
CREATE TABLE public.mine (id uuid, role text, organization_id text, system_model_id bigint);
CREATE TRIGGER t AFTER INSERT ON public.mine FOR EACH ROW EXECUTE FUNCTION model_access.note_trial_start();
SELECT test.outcome('INSERT INTO public.mine VALUES (NULL, NULL, NULL, 1)') AS on_a_table_of_other_types;
ALTER TABLE public.mine DROP COLUMN organization_id;
SELECT test.outcome('INSERT INTO public.mine VALUES (NULL, NULL, 1)') AS on_one_without_an_organization;
