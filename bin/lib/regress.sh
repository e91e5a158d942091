# Sourced by tests/pg_regress/run and tests/isolation/run: one test of PostgreSQL's own test drivers.

# SUITE is the folder below tests/; $major is the caller's. A test without expected output runs too: its output is to be read.
compare() { # TOOL (below pgxs/src/test) SUITE LABEL USER DATABASE NAME
    local tool=$1 suite=$2 label=$3 user=$4 database=$5 name=$6
    local home=$WORK/servers/$major out
    out=$WORK/$suite/$major/${label// /-}
    mkdir -p "$out"
    # isolationtester is not told where its libpq lies, and another one may be installed.
    if LD_LIBRARY_PATH=$home/lib "$home/lib/pgxs/src/test/$tool" --use-existing --dbname="$database" --user="$user" \
        --inputdir="tests/$suite" --outputdir="$out" --bindir="$home/bin" \
        --host="$PGHOST" --port="$PGPORT" "$name" >"$out/log" 2>&1; then
        echo "ok - $label $name"
    else
        echo "not ok - $label $name (output: $out/results/$name.out)"
        if [[ ! -f tests/$suite/expected/$name.out ]]; then echo "tests/$suite/expected/$name.out is missing"
        elif [[ -s $out/regression.diffs ]]; then head -n 200 "$out/regression.diffs"
        else tail -n 20 "$out/log"; fi
    fi
}
