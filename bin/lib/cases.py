"""Which cases of docs/security-cases.tsv a passing test keeps, called by bin/cases: cases.py RESULTS [LIST]

RESULTS has lines "ok - NAME" and "not ok - NAME", and others that say nothing here. LIST is Markdown with a row "| ID | …" per case.
"""
import re
import sys
from pathlib import Path

ID = re.compile(r"\b(?:INS|PRV|IDN|ADM|QUO|ESC|DOS|API)-\d+\b")
# Where tests are written, and the word that their results begin with. Regress tests run in two worlds, `regress WORLD NAME`.
FILES = {"tests/pg_regress/sql/*.sql": "regress", "tests/isolation/specs/*.spec": "isolation", "tests/pg_test/sql/*.sql": "pg_test"}
# Functions whose names begin with an id, in Rust.
FUNCTIONS = {"src/pg/pg_tests*.rs": "pg_test", "tests/stress/tests/*.rs": "model_access_stress"}


def id_of_name(name):
    """`adm_03_short_feed`, `esc07_panic` → `ADM-03`, `ESC-07`."""
    found = re.match(r"(ins|prv|idn|adm|quo|esc|dos|api)_?(\d+)_", name)
    return {f"{found[1].upper()}-{found[2]}"} if found else set()


def carried():
    """{id: {test}}; a test is (word, name)."""
    tests = {}
    for pattern, word in FILES.items():
        for path in Path().glob(pattern):
            for case in id_of_name(path.stem) | set(ID.findall(path.read_text(encoding="utf-8"))):
                tests.setdefault(case, set()).add((word, path.stem))
    for pattern, word in FUNCTIONS.items():
        for path in Path().glob(pattern):
            for name in re.findall(r"\bfn (\w+)\(", path.read_text(encoding="utf-8")):
                for case in id_of_name(name):
                    tests.setdefault(case, set()).add((word, name))
    return tests


def outcomes(results):
    """[(passed, words of the name)] of what ran."""
    lines = [re.match(r"(ok|not ok) - (.*)", line) for line in results.splitlines()]
    return [(line[1] == "ok", re.split(r"[\s:]+", line[2])) for line in lines if line]


def passed(test, ran):
    """Whether everything that ran of a test passed, and something did. A test without a name is a whole suite."""
    word, name = test
    found = [ok for ok, words in ran if words[0] == word and (not name or name in words)]
    return bool(found) and all(found)


def main(results, listed=None):
    tests, ran, failed = carried(), outcomes(Path(results).read_text(encoding="utf-8")), False
    rows = [line.split("\t") for line in Path("docs/security-cases.tsv").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    for case, promise, more in rows:
        if more.startswith("later: "):
            print(f"later - {case} {promise}: {more.removeprefix('later: ')}")
            continue
        keepers = tests.get(case, set()) | {tuple((test + " ").split(" ", 1)) for test in more.split(", ") if test}
        keepers = {(word, name.strip()) for word, name in keepers}
        wrong = sorted(" ".join(test).strip() for test in keepers if not passed(test, ran))
        if not keepers or wrong:
            failed = True
            print(f"not kept - {case} {promise}: {'did not pass: ' + ', '.join(wrong) if wrong else 'no test carries it'}")
    known = {row[0] for row in rows}
    for case in sorted(set(tests) - known):
        failed = True
        print(f"unknown - {case}, of {', '.join(sorted(name for _, name in tests[case]))}")
    if listed:
        ids = set(re.findall(r"^\| ([A-Z]+-\d+) \|", Path(listed).read_text(encoding="utf-8"), re.MULTILINE))
        for case in sorted(ids ^ known):
            failed = True
            print(f"{'missing' if case in ids else 'not listed'} - {case}")
    if not failed:
        print("cases: all kept")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
