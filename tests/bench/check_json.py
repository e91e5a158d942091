"""Whether the raw numbers of a run are complete: check_json.py FILE. Says what is not, and ends with status 1."""
import json
import sys

CURVES = ("limits", "users", "ledger", "catalogue", "clients")


def findings(run):
    for key in ("cpu", "cores", "kernel", "server", "settings", "model_access"):
        if not run["setting"].get(key):
            yield f"setting.{key} is missing"
    for name in ("fsync", "synchronous_commit", "shared_buffers"):
        if name not in run["setting"]["settings"]:
            yield f"setting {name} is missing"
    names = [scenario["name"] for scenario in run["scenarios"]]
    for part in ("list of 400 rows, end to end", "sync of 400 models, nothing changed", "check", "consume, one limit",
                 "reserve + settle", "consume, 100 users", "consume, ledger", "list of 60 models", "consume, catalogue"):
        if not any(name.startswith(part) for name in names):
            yield f"scenario {part!r} is missing"
    for part in ("reserve + settle", "one organisation", "pages a call", "bytes per call", "memory of a backend",
                 "consume, clients become more, even", "consume, clients become more, hot"):
        if not any(figures["name"].startswith(part) for figures in run["figures"]):
            yield f"figures {part!r} are missing"
    for figures in run["figures"]:
        for row in figures["rows"]:
            for values in row["rounds"]:
                if len(values) != len(figures["columns"]) or not all(value is not None and value >= 0 for value in values):
                    yield f"{figures['name']}, {row['contender']}: implausible {values}"
    yield from curve_findings(run["curves"])
    for scenario in run["scenarios"]:
        if len(scenario["series"]) < 2:
            yield f"{scenario['name']}: nothing to compare with"
        for series in scenario["series"]:
            of = f"{scenario['name']}, {series['contender']}"
            for figure in ("wall_ms", "cpu_ms"):
                if len(series[figure]) != run["rounds"]:
                    yield f"{of}: {len(series[figure])} rounds of {figure}"
            if not all(0 < wall < 60_000 for wall in series["wall_ms"]):
                yield f"{of}: implausible times {series['wall_ms']}"
            if scenario["name"].startswith("sync") and not all(wal > 0 for wal in series["wal_bytes"]):
                yield f"{of}: implausible WAL {series['wal_bytes']}"


def curve_findings(curves):
    if sorted(curve["name"] for curve in curves) != sorted(CURVES):
        yield f"curves are {[curve['name'] for curve in curves]}"
    for curve in curves:
        for line in curve["lines"]:
            of = f"curve {curve['name']}, {line['label']}"
            places = [place for place, _ in line["points"]]
            if len(places) < 2 or places != sorted(set(places)):
                yield f"{of}: at {places}"
            if not all(value is not None and value > 0 for _, value in line["points"]):
                yield f"{of}: implausible {line['points']}"
            if line["relation"] not in ("<=", ">=") or not line["limit"]:
                yield f"{of}: nothing is promised"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        found = list(findings(json.load(file)))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
