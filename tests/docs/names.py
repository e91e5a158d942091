"""Which names in docs do not exist, one finding a line; called by tests/docs/run with PGHOST and PGDATABASE set: names.py FILE…

Everywhere: `name(…)` is a function, `table.column` a column of that table, `public.name` there. In docs/reference.md besides: the first cells
of tables with the heads `table` and `column` name tables, and columns of the type that the section is about; and what looks like a
name (with an underscore) is one of the catalog's or a word of the sources.
"""
import re
import sys
from pathlib import Path

sys.path.insert(0, "bin/lib")
from reference import sql  # the same way to the database

NAMES = """
SELECT 'function', n.nspname, p.proname, coalesce(array_to_string(p.proargnames, ' '), '') FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
UNION ALL
SELECT 'relation', n.nspname, c.relname, string_agg(a.attname, ' ') FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid WHERE c.relkind IN ('r', 'p', 'v', 'c', 'S', 'm') GROUP BY 1, 2, 3
UNION ALL
SELECT 'word', '', w.name, '' FROM (SELECT rolname FROM pg_roles UNION SELECT typname FROM pg_type UNION SELECT enumlabel FROM pg_enum
  UNION SELECT nspname FROM pg_namespace UNION SELECT name FROM pg_settings UNION SELECT name FROM pg_available_extensions
  UNION SELECT tgname FROM pg_trigger UNION SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class) AS w (name)"""
CODE = re.compile(r"`([^`\n]+)`")
# What SQL writes with parentheses and is no function.
KEYWORDS = {"VALUES", "IN", "TABLE", "ARRAY", "ANY", "NUMERIC", "VARCHAR", "COALESCE", "EXISTS", "CHECK", "KEY", "INTERVAL", "GREATEST", "LEAST"}


class Catalog:
    """The names of a database, and the words of the sources."""

    def __init__(self):
        self.functions, self.relations, self.words, self.schemas = {}, {}, set(), set()
        for kind, schema, name, inner in sql(NAMES):
            self.words |= {name, *inner.split()}
            if kind == "function":
                self.functions.setdefault(name, set()).add(schema)
            elif kind == "relation":
                self.relations.setdefault(name, {})[schema] = set(inner.split())
            self.schemas.add(schema)
        for path in [*Path("src").rglob("*.rs"), *Path("sql/schema").glob("*.sql"), *Path("sql/queries").glob("*.sql")]:
            self.words |= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))

    def columns(self, name):
        """Of a relation of ours, or of any other."""
        schemas = self.relations.get(name, {})
        return schemas.get("public") or next(iter(schemas.values()), None)


def prose(text):
    """The text without blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def code_findings(code, catalog, strict):
    """Of a piece of code within a line."""
    for schema, name in re.findall(r"(?:\b(\w+)\.)?\b([a-z_][a-z0-9_]*)\(", code):
        if schema and schema not in catalog.schemas: # supabase.rpc() of the browser
            continue
        if name not in catalog.functions and name.upper() not in KEYWORDS:
            yield f"there is no function {name}"
        elif schema in ("public", "model_access") and schema not in catalog.functions.get(name, {schema}):
            yield f"there is no function {schema}.{name}"
    found = re.fullmatch(r"(\w+)\.(\w+)", code)
    if found and found[1] in ("public", "model_access"):
        if found[2] not in catalog.relations and found[2] not in catalog.functions and found[2] not in catalog.words:
            yield f"there is no {code}"
    elif found and found[1] in catalog.relations and found[1] not in catalog.schemas and found[2] not in catalog.columns(found[1]):
        yield f"{found[1]} has no column {found[2]}"
    if strict and re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", code) and code not in catalog.words:
        yield f"nothing is called {code}"


def table_findings(text, catalog):
    """First cells of tables that list tables or columns."""
    subject = head = None
    for line in text.splitlines():
        heading = re.match(r"#+ `?(\w+)", line)
        subject = heading[1] if heading else subject
        cells = [cell.strip() for cell in line.split("|")[1:2]]
        if not cells:
            head = None
        elif head is None:
            head = cells[0]
        elif head in ("table", "column"):
            for name in CODE.findall(cells[0]):
                if head == "table" and name not in catalog.relations:
                    yield f"there is no table {name}"
                if head == "column" and subject in catalog.relations and name not in catalog.columns(subject):
                    yield f"{subject} has no column {name}"


def main(*files):
    """Findings, and how much was looked at."""
    catalog, looked_at = Catalog(), 0
    for file in files:
        text = prose(Path(file).read_text(encoding="utf-8"))
        codes = CODE.findall(text)
        looked_at += len(codes)
        findings = {finding for code in codes for finding in code_findings(code, catalog, file.endswith("reference.md"))}
        if file.endswith("reference.md"):
            findings |= set(table_findings(text, catalog))
        for finding in sorted(findings):
            print(f"{file}: {finding}")
    if looked_at < 500:
        print(f"only {looked_at} pieces of code were found in {' '.join(files)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
