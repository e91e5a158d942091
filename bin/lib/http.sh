# Sourced by tests/*/run: a server of files in another process, for what is fetched over HTTP.

HTTP_SERVERS=()
stop_http() { [[ ${#HTTP_SERVERS[@]} == 0 ]] || kill "${HTTP_SERVERS[@]}" 2>/dev/null || true; }
trap 'stop_http; stop_started' EXIT

# Sets HTTP_URL; the server ends with the script.
serve() { # FOLDER LOG
    local port= try
    : >"$2"
    python3 -u -m http.server --bind 127.0.0.1 --directory "$1" 0 >"$2" 2>&1 9>&- &
    HTTP_SERVERS+=($!)
    for try in {1..100}; do
        port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$2")
        [[ -z $port ]] || break
        sleep 0.1
    done
    [[ -n $port ]] || die "no server of $1: $(<"$2")"
    HTTP_URL=http://127.0.0.1:$port
}
