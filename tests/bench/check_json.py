"""Whether the raw numbers of a run are complete: check_json.py FILE. Says what is not, and ends with status 1."""
import json
import sys


def findings(run):
    for key in ("cpu", "cores", "kernel", "server", "settings", "model_access"):
        if not run["setting"].get(key):
            yield f"setting.{key} is missing"
    for name in ("fsync", "synchronous_commit", "shared_buffers"):
        if name not in run["setting"]["settings"]:
            yield f"setting {name} is missing"
    names = [scenario["name"] for scenario in run["scenarios"]]
    for part in ("list of 400 rows, end to end", "sync of 400 models, nothing changed"):
        if part not in names:
            yield f"scenario {part!r} is missing"
    for scenario in run["scenarios"]:
        contenders = {series["contender"] for series in scenario["series"]}
        if not {"plpgsql", "native"} <= contenders:
            yield f"{scenario['name']}: only {sorted(contenders)}"
        for series in scenario["series"]:
            of = f"{scenario['name']}, {series['contender']}"
            for figure in ("wall_ms", "cpu_ms"):
                if len(series[figure]) != run["rounds"]:
                    yield f"{of}: {len(series[figure])} rounds of {figure}"
            if not all(0 < wall < 60_000 for wall in series["wall_ms"]):
                yield f"{of}: implausible times {series['wall_ms']}"
            if scenario["name"].startswith("sync") and not all(wal > 0 for wal in series["wal_bytes"]):
                yield f"{of}: implausible WAL {series['wal_bytes']}"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        found = list(findings(json.load(file)))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
