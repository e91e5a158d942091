# Sourced after cluster.sh by tests that go from one major version to another.

# Whether the extension was built for it, as users get it, of these very sources: another build would prove nothing.
is_built() { # MAJOR
    local record=$WORK/servers/$1/lib/model_access.built
    [[ -f $record ]] && built_of "$1" "$(sources_sum)" 2>/dev/null | cmp -s - "$record"
}

# What stands in public, with privileges, as all majors tell it: a dump and restore moves casts and parentheses of a CHECK about; 15
# writes a table's alias before each column of a view, and notes once more what a view is made of; 17 has MAINTAIN, which is the
# owner's by default.
state_of() { # DATABASE
    psql_as postgres "$1" -f tests/adoption/state.sql 2>&1 |
        sed -E '/^function oid /d; /^dependant \| rule _RETURN on view ([^ ]+) \| on view \1 \(n\)$/d
                /^privilege .* MAINTAIN of (postgres|supabase_admin)( |$)/d
                /^constraint /s/::(character varying|text)(\[\])?|[()]//g; /^rule /s/\b[a-z_]+\.//g'
}
