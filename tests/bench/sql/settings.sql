-- What a reader must know of the server: the settings that matter here, and all that are not the default.
-- The socket's folder is left out: it is a path of one machine and of no account.
SELECT s.name, current_setting(s.name)
  FROM pg_settings AS s
 WHERE s.name IN ('fsync', 'synchronous_commit', 'shared_buffers', 'autovacuum', 'jit', 'full_page_writes', 'wal_level')
    OR (s.source = 'configuration file' AND s.setting IS DISTINCT FROM s.boot_val
        AND s.name NOT LIKE '%director%' AND s.name NOT LIKE '%\_file')
 ORDER BY s.name
