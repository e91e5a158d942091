-- ESC-10: no function leaves a setting changed, whether it succeeds or fails, and none lets the caller name one.
CREATE FUNCTION test.settings() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(name || '=' || setting, E'\n' ORDER BY name)) FROM pg_settings WHERE name NOT IN ('transaction_isolation', 'in_hot_standby')
$$;
-- Warm: libraries are loaded, with the settings that they bring.
SELECT public.sync_openrouter_models(test.feed(3)) ->> 'models_added' AS added;
SELECT count(*) > 0 AS some FROM model_access.install();
SELECT test.outcome('SELECT 1');
SET search_path = public, test;
SET lock_timeout = '7s';
SET client_min_messages = notice;
SELECT test.settings() AS before \gset
SELECT public.sync_openrouter_models(test.feed(4)) ->> 'success' AS sync, test.settings() = :'before' AS same;
SELECT public.sync_openrouter_models('[]') ->> 'success' AS sync, test.settings() = :'before' AS same;
SELECT public.update_model_tier_access('acme/m1', true) ->> 'success' AS tiers, test.settings() = :'before' AS same;
SELECT count(*) AS listed, test.settings() = :'before' AS same FROM public.get_user_allowed_models_v2(test.id('A'));
SELECT left(test.outcome('SELECT * FROM public.get_user_allowed_models_v2()'), 5) AS refused, test.settings() = :'before' AS same;
SELECT count(*) > 0 AS some FROM model_access.install();
SELECT test.settings() = :'before' AS same;
SELECT left(test.outcome('SELECT * FROM model_access.install(ARRAY[''no such''])'), 5) AS refused, test.settings() = :'before' AS same;
SELECT bool_and(ok) AS ok FROM model_access.verify();
SELECT test.settings() = :'before' AS same;
BEGIN;
SELECT count(*) > 0 AS some FROM model_access.uninstall();
SELECT test.settings() = :'before' AS same;
ROLLBACK;
SELECT test.settings() = :'before' AS same;
-- No argument of a client's function is the name of a setting, and no wrapper sets one. Of a message p_role is who says it.
SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace IN ('public'::regnamespace, 'model_access'::regnamespace)
   AND (p.proconfig IS NOT NULL AND p.prorettype <> 'trigger'::regtype OR array_remove(p.proargnames[1:p.pronargs], CASE p.proname WHEN 'append_chat_message' THEN 'p_role' END)::text ~ 'setting|config|guc|path|role');
-- A caller's odd settings, in a new session, change no answer.
\connect - postgres
SET standard_conforming_strings = off;
SET quote_all_identifiers = on;
SET escape_string_warning = off;
SET datestyle = 'SQL, DMY';
SET timezone = 'Asia/Kathmandu';
SET transform_null_equals = on;
SET row_security = off;
SET array_nulls = off;
SET default_transaction_isolation = 'serializable';
SELECT count(*) FILTER (WHERE NOT ok) AS wrong FROM model_access.verify();
SELECT count(*) FILTER (WHERE action <> 'kept') AS changed FROM model_access.install();
SELECT public.sync_openrouter_models(test.feed(4)) ->> 'models_unchanged' AS unchanged;
