-- As the developer role, who will own the tables: install() answers with one row per object, here counted.

CREATE EXTENSION model_access;

SELECT module, action, count(*) AS objects FROM model_access.install() GROUP BY module, action ORDER BY module, action;

SELECT count(*) AS checks, count(*) FILTER (WHERE NOT ok) AS not_ok FROM model_access.verify();
