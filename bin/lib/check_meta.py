"""What is wrong with META.json, one finding a line, called by bin/check: it says what Cargo.toml and the control file say, and is
what PGXN takes (meta specification 1.0.0)."""
import json
import re
import sys
from pathlib import Path

REQUIRED = ("name", "version", "abstract", "maintainer", "license", "provides", "meta-spec")


def findings():
    """What is wrong."""
    meta = json.loads(Path("META.json").read_text(encoding="utf-8"))
    control = dict(re.findall(r"^(\w+) = '(.*)'$", Path("model_access.control").read_text(encoding="utf-8"), re.MULTILINE))
    cargo = Path("Cargo.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.*)"$', cargo, re.MULTILINE)[1]
    majors = sorted(int(major) for major in re.findall(r'^pg(\d+) = ', cargo, re.MULTILINE))
    yield from (f"{key} is missing" for key in REQUIRED if not meta.get(key))
    extension = meta["provides"].get(meta["name"], {})
    expected = {
        "name": (meta["name"], "model_access"),
        "version": (meta["version"], version),
        "provides.version": (extension.get("version"), version),
        "license": (meta["license"], re.search(r'^license = "(.*)"$', cargo, re.MULTILINE)[1].lower()),
        "prereqs.runtime.requires.PostgreSQL": (meta["prereqs"]["runtime"]["requires"]["PostgreSQL"], f"{majors[0]}.0.0"),
        "meta-spec.version": (meta["meta-spec"]["version"], "1.0.0"),
    }
    yield from (f"{key} is {got!r}, not {right!r}" for key, (got, right) in expected.items() if got != right)
    yield from (f"provides names {extension.get(key)}, which is not there" for key in ("file", "docfile") if not Path(extension.get(key, "")).is_file())
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", meta["version"]):
        yield f"{meta['version']} is no semantic version"
    if control["default_version"] != "@CARGO_VERSION@":
        yield "model_access.control has a version of its own"


if __name__ == "__main__":
    found = [f"META.json:1: {finding}" for finding in findings()]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
