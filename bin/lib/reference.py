"""What docs/reference.md says of the functions, beside what a database with the extension says; called by bin/reference and
tests/docs/run, with PGHOST and PGDATABASE set.

    reference.py write    the table of all functions in docs/reference.md, and docs/errors.md
    reference.py check    what is not as it should be, one finding a line

An entry of the reference is **`name(arguments)`** → result, with a star behind it when there is a wrapper in public, and ends with
its errors: "Errors: 42501, 22023 for negative tokens." Signatures are compared by PostgreSQL itself, which makes functions of them.
"""
import re
import subprocess
import sys
from pathlib import Path

import errors

REFERENCE, ERRORS = Path("docs/reference.md"), Path("docs/errors.md")
ENTRY = re.compile(r"\*\*`(\w+)\(([^`]*)\)`\*\*(\*?)")
RESULT = re.compile(r"\s*→\s+(SETOF \w+|TABLE\([^)]*(?:\([^)]*\)[^)]*)*\)|[a-z_]+(?:\[\])?)")
BEGIN, END = "<!-- written by bin/reference -->", "<!-- until here -->"
VOLATILITIES = {"i": "IMMUTABLE", "s": "STABLE", "v": "VOLATILE"}

# Functions of ours: those of the schema, and what install() makes in public. What applications call is the wrapper.
FUNCTIONS = """
SELECT p.proname, n.nspname = 'public' AS wrapped, pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.pg_get_function_result(p.oid), p.provolatile,
       pg_catalog.has_function_privilege('authenticated', p.oid, 'EXECUTE'), pg_catalog.has_function_privilege('service_role', p.oid, 'EXECUTE'),
       pg_catalog.has_function_privilege('anon', p.oid, 'EXECUTE'),
       pg_catalog.split_part(coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), ''), E'\\n', 1)
  FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = 'public' AND EXISTS (SELECT FROM pg_catalog.pg_proc AS m WHERE m.pronamespace = 'model_access'::regnamespace AND m.proname = p.proname)
    OR n.nspname = 'model_access' AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc AS w WHERE w.pronamespace = 'public'::regnamespace AND w.proname = p.proname)
 ORDER BY p.proname"""


def sql(text):
    """Rows of a script's only query, as lists of texts. A statement that fails in a transaction undoes nothing but itself."""
    done = subprocess.run(
        ["psql", "-X", "-q", "-At", "-F", "\x1f", "-R", "\x1e", "-U", "postgres", "-v", "ON_ERROR_ROLLBACK=on"],
        input=text, capture_output=True, encoding="utf-8", check=True)
    return [row.split("\x1f") for row in done.stdout.rstrip("\n").split("\x1e") if row]


class Function:
    """As the catalog has it."""

    def __init__(self, row):
        self.name, wrapped, self.arguments, self.result, volatility, *grants, self.summary = row
        self.is_wrapped = wrapped == "t"
        self.volatility = VOLATILITIES[volatility]
        self.callers = [role for role, may in zip(("authenticated", "service_role", "anon"), grants) if may == "t"]


class Entry:
    """As the reference has it. The result and the text of one that is followed by another's ("`a()`, `b()` → void") are that one's."""

    def __init__(self, match, end, text):
        self.name, self.arguments, star = match.groups()
        self.is_wrapped = bool(star)
        self.text = text[match.end():end]
        result = RESULT.match(self.text)
        self.result = result[1] if result else None


def entries(text):
    """All of them, in order."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        matches = list(ENTRY.finditer(paragraph))
        ends = [match.start() for match in matches[1:]] + [len(paragraph)]
        here = [Entry(match, end, paragraph) for match, end in zip(matches, ends)]
        for entry, following in reversed(list(zip(here, here[1:]))):
            if entry.result is None:
                entry.result, entry.text = following.result, following.text
        found += here
    for entry in found:
        entry.result = entry.result or "trigger" # the only ones whose result goes without saying
    return found


def compared(documented):
    """{name: (arguments, result)} of functions that PostgreSQL made as the entries say. Nothing of them stays."""
    script = ["BEGIN; CREATE SCHEMA documented; SET check_function_bodies = off; SET search_path = public, extensions;"]
    for entry in documented:
        script.append(f"CREATE FUNCTION documented.{entry.name}({entry.arguments}) RETURNS {entry.result} LANGUAGE plpgsql AS '';")
    script.append("SELECT p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid) FROM pg_proc AS p"
                  " WHERE p.pronamespace = 'documented'::regnamespace; ROLLBACK;")
    return {name: (arguments, result) for name, arguments, result in sql("\n".join(script))}


def signature_findings(functions, documented):
    """Functions without entry, entries without function, and what differs between the two."""
    made = compared(documented)
    names = [entry.name for entry in documented]
    for name in sorted(set(functions) - set(names)):
        yield f"{name} is not in it"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} has two entries"
    for entry in documented:
        function = functions.get(entry.name)
        if function is None:
            yield f"{entry.name} is no function of the extension"
            continue
        for what, said, right in zip(("arguments", "result"), made.get(entry.name, (None, None)), (function.arguments, function.result)):
            if said != right:
                yield f"the {what} of {entry.name} are not {said or 'SQL'}, but {right}"
        if entry.is_wrapped != function.is_wrapped:
            yield f"{entry.name} has {'a' if function.is_wrapped else 'no'} wrapper, and {'no' if function.is_wrapped else 'a'} star"
        said = re.search(r"\b(STABLE|IMMUTABLE|VOLATILE)\b", entry.text)
        if said and said[1] != function.volatility:
            yield f"{entry.name} is {function.volatility}, not {said[1]}"
        if "For `service_role`" in entry.text and function.callers != ["service_role"]:
            yield f"{entry.name} is for {', '.join(function.callers) or 'nobody'}, not for service_role alone"


def index(functions):
    """The table of what applications call."""
    lines = ["| function | who may call | | |", "|---|---|---|---|"]
    lines += [f"| `{f.name}` | {', '.join(f'`{role}`' for role in f.callers)} | {f.volatility.lower()} | {errors.cell(f.summary)} |"
              for f in functions.values() if f.is_wrapped]
    return "\n".join(lines)


def with_index(text, functions):
    """The reference with the table of this database."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{index(functions)}\n{END}{rest.split(END)[1]}"


def main(command):
    """Findings, printed; or the files, written."""
    rows = sql(FUNCTIONS)
    functions = {row[0]: Function(row) for row in rows}
    text = REFERENCE.read_text(encoding="utf-8")
    documented = entries(text)
    if command == "write":
        text = with_index(text, functions)
        REFERENCE.write_text(text, encoding="utf-8")
        ERRORS.write_text(errors.page(functions, documented, text), encoding="utf-8")
        return
    findings = [*signature_findings(functions, documented), *errors.findings(functions, documented, text)]
    if len(functions) < 60:
        findings.append(f"only {len(functions)} functions were found in the database")
    if len(functions) < len(rows):
        findings.append("two functions have one name, and calls with named arguments would be ambiguous")
    if with_index(text, functions) != text:
        findings.append("the table of all functions is another one in this database: run bin/reference")
    for finding in findings:
        print(f"{REFERENCE}: {finding}")
    if not ERRORS.is_file() or errors.page(functions, documented, text) != ERRORS.read_text(encoding="utf-8"):
        print(f"{ERRORS}: is not what bin/reference makes of it: run it")


if __name__ == "__main__":
    main(*sys.argv[1:])
