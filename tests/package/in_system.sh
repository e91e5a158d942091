# Run by tests/package/run in a throwaway Debian, as its root: in_system.sh MAJOR VERSION. The package is /model_access.deb.
set -euo pipefail
major=$1 version=$2 name=postgresql-$1-model-access

result() { # NAME CONDITION…
    local promise=$1
    shift
    if "$@" >/tmp/output 2>&1; then echo "ok - package $promise"; else echo "not ok - package $promise"; tail -n 30 /tmp/output; fi
}
sql() { runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -At -d "$@"; }
# As the developer role, who is no superuser.
developer() { sql app -c 'SET SESSION AUTHORIZATION developer' "$@"; }
# The command succeeds and says that.
says() { # WHAT COMMAND…
    local said
    said=$("${@:2}") && [[ $said == "$1" ]] || { printf 'expected %s, got %s\n' "$1" "$said"; false; }
}
ours() { # files of ours that dpkg and apt do not keep for themselves, whoever made them
    find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var/lib/apt \) -prune -o \( -name '*model_access*' -o -name '*model-access*' \) -print | { grep -vx /model_access.deb || true; }
}
install_package() { apt-get install -y -o Dpkg::Use-Pty=0 /model_access.deb; }

if [[ -n $(ours) ]]; then echo "not ok - package the system is not bare: $(ours)"; exit 0; fi
result 'apt installs it, with nothing else to fetch' install_package
result 'dpkg finds its files as they were packed' says '' dpkg --verify "$name"
pg_lsclusters --no-header | grep -q "^$major main" || pg_createcluster "$major" main >/dev/null
result "Debian's server starts" pg_ctlcluster "$major" main start
result 'the library is where the server looks' test -f "$(sql postgres -c "SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR'")/model_access.so"
result 'the developer role gets a database' sql postgres -c 'CREATE ROLE developer LOGIN' \
    -c "CREATE DATABASE app OWNER developer TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
result 'supabase_compat.sql is in the package and runs' sql app -f "/usr/share/postgresql/$major/contrib/model_access/supabase_compat.sql"
result 'CREATE EXTENSION as the developer' developer -c 'CREATE EXTENSION model_access'
result 'it is this version' says "$version" developer -c "SELECT extversion FROM pg_extension WHERE extname = 'model_access'"
result 'install()' developer -c 'SELECT * FROM model_access.install()'
result 'verify() has no complaint' says '' developer -c 'SELECT * FROM model_access.verify() WHERE NOT ok'
result 'a catalogue is synced and opened' developer -c "SELECT public.sync_openrouter_models('[{\"id\": \"acme/small\", \"name\": \"Small\", \"pricing\": {\"prompt\": \"0\", \"completion\": \"0\"}}]')" \
    -c "SELECT public.update_model_tier_access('acme/small', p_is_free => true, p_status => 'active')"
allowed() {
    sql app -c 'SET ROLE authenticated' -c "SET request.jwt.claims = '{\"sub\": \"7d1f0c52-3a7e-4b1c-9a55-0c8a4f1f2b3d\"}'" \
        -c 'SELECT model_id FROM public.get_user_allowed_models_v2()'
}
result 'a user gets his models' says acme/small allowed
result 'the SQL of the cut-over runs from the package' developer -f "/usr/share/postgresql/$major/contrib/model_access/cutover/functions.sql"

dpkg --listfiles "$name" | while read -r file; do [[ ! -f $file ]] || echo "$file"; done >/tmp/listed
result 'apt removes it under the running server' apt-get remove -y "$name"
gone() { local file; while read -r file; do [[ ! -e $file ]] || { echo "$file is there"; return 1; }; done </tmp/listed; [[ -s /tmp/listed ]]; }
result 'remove leaves none of its files' gone
result 'the server still runs' says 1 sql app -c 'SELECT 1'
result 'the data stand' says 1 sql app -c 'SELECT count(*) FROM public.model_access'
refused() { ! sql app -v VERBOSITY=sqlstate -c 'SELECT public.can_user_use_model(NULL, NULL)' && grep -qx 'ERROR:  58P01' /tmp/output; }
result 'a function of ours is a plain error then' refused
result 'it can be installed again' install_package
result 'and everything is as it was' says acme/small allowed
result 'apt purges it' apt-get purge -y "$name"
result 'purge leaves no file of ours anywhere' says '' ours
unknown() { ! dpkg --status "$name"; }
result 'and dpkg has forgotten it' unknown
result 'the server still runs after that' says 1 sql app -c 'SELECT 1'
result 'the server stops' pg_ctlcluster "$major" main stop -m fast
