-- database: supabase
-- INS-08: whoever listens on pgrst is told once by each of CREATE EXTENSION, install() and uninstall(), and the new functions can be called at once.
\set told `psql -X -q -At -U postgres -d :DBNAME -c 'LISTEN pgrst' -c 'CREATE EXTENSION model_access' 2>&1 | sed 's/ received from.*//'`
\echo :told
\set told `psql -X -q -At -U postgres -d :DBNAME -c 'LISTEN pgrst' -c 'SELECT count(*) > 0 FROM model_access.install()' 2>&1 | sed 's/ received from.*//'`
\echo :told
\set told `psql -X -q -At -U postgres -d :DBNAME -c 'LISTEN pgrst' -c "SELECT public.can_user_use_model('00000000-0000-4000-8000-00000000000a', 'acme/m1')" 2>&1 | sed 's/ received from.*//'`
\echo :told
\set told `psql -X -q -At -U postgres -d :DBNAME -c 'LISTEN pgrst' -c 'SELECT count(*) > 0 FROM model_access.uninstall()' 2>&1 | sed 's/ received from.*//'`
\echo :told
-- A call that is rolled back tells nobody.
\set told `psql -X -q -At -U postgres -d :DBNAME -c 'LISTEN pgrst' -c 'BEGIN' -c 'SELECT count(*) > 0 FROM model_access.install()' -c 'ROLLBACK' 2>&1 | sed 's/ received from.*//'`
\echo :told
