-- What the blocks of docs/guides/from_litellm.md take for granted; see blocks.py: a proxy's tables, as far as they are read. A, B and P are people here too.

-- ==== SELECT count(*) AS teams FROM litellm."LiteLLM_TeamTable";
CREATE SCHEMA litellm;
CREATE TABLE litellm."LiteLLM_TeamTable" (team_id text PRIMARY KEY, team_alias text, max_budget double precision, budget_duration text, tpm_limit bigint, rpm_limit bigint, spend double precision DEFAULT 0, models text[] DEFAULT '{}');
CREATE TABLE litellm."LiteLLM_UserTable" (user_id text PRIMARY KEY, user_email text, max_budget double precision, budget_duration text, spend double precision DEFAULT 0, teams text[] DEFAULT '{}');
CREATE TABLE litellm."LiteLLM_SpendLogs" (request_id text PRIMARY KEY, call_type text, api_key text, spend double precision, total_tokens integer, prompt_tokens integer, completion_tokens integer, "startTime" timestamp(3), "endTime" timestamp(3), model text, "user" text, team_id text);
INSERT INTO litellm."LiteLLM_TeamTable" (team_id, team_alias, max_budget, budget_duration, rpm_limit) VALUES ('t-1', 'Research', 100, '30d', 60), ('t-2', NULL, 5.5, '3d', NULL);
INSERT INTO litellm."LiteLLM_UserTable" (user_id, user_email, max_budget, budget_duration, teams) VALUES ('u-1', 'A@example.test', 10, '1d', '{t-1}'), ('u-2', 'p@example.test', NULL, NULL, '{t-2}'), ('u-3', 'stranger@example.org', 1, '7d', '{}');
INSERT INTO litellm."LiteLLM_SpendLogs" (request_id, call_type, spend, total_tokens, prompt_tokens, completion_tokens, "startTime", "endTime", model, "user", team_id)
SELECT 'chatcmpl-' || n, 'acompletion', 0.000123 * n, 110 * n, 100 * n, 10 * n, date_trunc('day', now() AT TIME ZONE 'UTC') - make_interval(days => n), date_trunc('day', now() AT TIME ZONE 'UTC') - make_interval(days => n), 'openai/gpt-4o', 'u-' || 1 + n % 2, 't-1' FROM generate_series(1, 40) AS n;
