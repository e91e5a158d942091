#!/usr/bin/env python3
"""Independent oracle for the replay test: what must each catalogue sync count?

Reads archived answers of OpenRouter's GET /api/v1/models (DIR/models_*.json, in file name order), applies the
rules of the sync to a catalogue in memory and prints one TSV line per run. It shares no code with the
extension, so an error has to be made twice to go unnoticed. Only counts are printed.
"""
import argparse
import datetime
import decimal
import json
import pathlib
import re
from decimal import Decimal as D
from types import SimpleNamespace

decimal.getcontext().prec = 80  # differences of 32-character prices stay exact

COLUMNS = ("file step success total_processed models_added models_updated models_unchanged models_reactivated"
           " models_rejected models_duplicate models_marked_inactive status_new status_inactive open_price_rows"
           " price_rows review_open_price_ratio review_open_price_zero review_open_price_unknown"
           " review_open_peak_price").split()
REVIEW_KINDS = ("price_ratio", "price_zero", "price_unknown", "peak_price")
MAPPED_PRICES = ("prompt", "completion", "request", "image", "web_search", "internal_reasoning",
                 "input_cache_read", "input_cache_write")
# Where these are absent the prompt (or write) price is charged, which is not "free".
ABSENT_IS_NOT_ZERO = frozenset({"input_cache_read", "input_cache_write", "input_cache_write_1h"})
PAID_BY_EVERY_CALL = frozenset({"prompt", "completion", "request"})
TOLERANCE = D("1e-9")
INACTIVE_PERCENT, INACTIVE_MIN_ROWS, REJECTED_PERCENT, REJECTED_MIN, ALERT_RATIO = 30, 10, 10, 5, 10
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
Rejected = type("Rejected", (Exception,), {})  # the element cannot be stored


def as_decimal(value):
    """The decimal meaning of a JSON number (all are read as Decimal) or of a decimal string, else None."""
    return D(value) if isinstance(value, D) or isinstance(value, str) and DECIMAL.fullmatch(value) else None


def exact(value):
    """A form in which == is JSON equality (in Python True == 1, in JSON it is not)."""
    if isinstance(value, (list, dict)):
        return [exact(v) for v in value] if isinstance(value, list) else {k: exact(v) for k, v in value.items()}
    return ("number", value) if isinstance(value, D) else value


def typed(parent, key, kind, default=None, limit=None):
    """parent[key]; JSON null counts as absent, a value of another type or too long a text rejects."""
    value = parent.get(key)
    if value is not None and (not isinstance(value, kind) or (limit and len(value) > limit)):
        raise Rejected(key)
    return default if value is None else value


def integer(parent, key, default=None, top=2**31 - 1):
    value = typed(parent, key, D, default)
    if value is not None and (not 0 <= value <= top or value != int(value)):
        raise Rejected(key)
    return value


def read_pricing(element):
    pricing = {k: v for k, v in typed(element, "pricing", dict, {}).items() if v is not None}
    for key, value in pricing.items():
        if key == "overrides":
            good = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
        else:
            pricing[key] = shown = format(value, "f") if isinstance(value, D) else value
            number = as_decimal(shown)
            good = number is not None and len(shown) <= 32 and (number >= 0 or number == -1)
        if not good:
            raise Rejected(key)
    return pricing


def read_day(element):
    """The day on which a model goes away, as YYYY-MM-DD; what is no date is none. The archive has days only."""
    try:
        return datetime.date.fromisoformat(element.get("expiration_date")).isoformat()
    except (TypeError, ValueError):
        return None


def read_element(element):
    """(mapped columns except the prices, pricing)"""
    name = typed(element, "name", str, "", 255)
    if not name.strip():
        raise Rejected("name")
    integer(element, "created", top=2**63 - 1)  # checked, but stored on insert only: never a change
    architecture, provider = typed(element, "architecture", dict, {}), typed(element, "top_provider", dict, {})
    plain = [name, typed(element, "description", str), integer(element, "context_length", D(8192))]
    plain += [typed(element, key, str, limit=255) for key in ("canonical_slug", "hugging_face_id")]
    plain += [typed(architecture, "modality", str, limit=50), typed(architecture, "tokenizer", str, limit=100)]
    plain += [exact(typed(architecture, key, list, [])) for key in ("input_modalities", "output_modalities")]
    plain += [integer(provider, "max_completion_tokens"), typed(provider, "is_moderated", bool, False),
              exact(typed(element, "supported_parameters", list, [])), read_day(element)]
    return plain, read_pricing(element)


def near(a, b):
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def same_prices(a, b, keys):
    return all(not ((k in a) != (k in b) and k in ABSENT_IS_NOT_ZERO) and near(D(a.get(k, 0)), D(b.get(k, 0)))
               for k in keys)


def same_value(a, b):
    return near(as_decimal(a), as_decimal(b)) if None not in (as_decimal(a), as_decimal(b)) else exact(a) == exact(b)


def same_pricing(a, b):
    old, new = a.get("overrides", []), b.get("overrides", [])
    return (same_prices(a, b, (a.keys() | b.keys()) - {"overrides"}) and len(old) == len(new)
            and all(x.keys() == y.keys() and all(same_value(x[k], y[k]) for k in x) for x, y in zip(old, new)))


def alarms(model_id, old, new):
    """Review kinds that a price raises; `old` is None for a model first seen."""
    kinds = set()
    entries = [e for e in new.get("overrides", []) if "utc_start" in e and "utc_end" in e]
    for key in (new.keys() | (old or {}).keys()) - {"overrides", "discount"}:
        after = D(new.get(key, 0))
        before = after if old is None else D(old.get(key, 0))
        if key in ABSENT_IS_NOT_ZERO and old is not None and (key in old) != (key in new):
            before = after  # to or from "as the prompt": no amount to compare with
        low, high = sorted((before, after))
        if low > 0 and high > ALERT_RATIO * low:
            kinds.add("price_ratio")
        if (low == 0) != (high == 0) and key in PAID_BY_EVERY_CALL:
            kinds.add("price_zero")
        if after == -1:
            kinds.add("price_unknown")
        off_peak = min((p for p in (as_decimal(e.get(key)) for e in entries) if p is not None), default=after)
        if key in new and after > off_peak and not near(after, off_peak):
            kinds.add("peak_price")
    if old is None and not model_id.endswith(":free") and D(new.get("prompt", 0)) == D(new.get("completion", 0)) == 0:
        kinds.add("price_zero")
    return kinds


class Catalogue:
    def __init__(self):
        self.rows, self.price_rows, self.reviews = {}, 0, set()

    def sync(self, feed, force=False):
        """(the run's line, whether the mass guard refused it); a refused run changes nothing."""
        n = dict.fromkeys(COLUMNS[4:11], 0)
        last = {}  # the last occurrence of an id wins, even if it then turns out to be unusable
        for element in feed:
            model_id = element.get("id") if isinstance(element, dict) else None
            usable = isinstance(model_id, str) and model_id.strip() and len(model_id) <= 100
            if usable and not model_id.startswith("system/"):
                n["models_duplicate"] += model_id in last
                last[model_id] = element
            else:
                n["models_rejected"] += 1
        good = {}
        for model_id, element in last.items():
            try:
                good[model_id] = read_element(element)
            except Rejected:
                n["models_rejected"] += 1
        current = [m for m, row in self.rows.items() if row.status != "inactive"]
        gone = [m for m in current if m not in last]  # a rejected id was seen: it is not gone
        # force is no cure for an empty or broken feed
        broken = not feed or n["models_rejected"] > max(REJECTED_MIN, D(REJECTED_PERCENT * len(feed)) / 100)
        mass = len(current) >= INACTIVE_MIN_ROWS and 100 * len(gone) > INACTIVE_PERCENT * len(current)
        if broken or (mass and not force):
            return self.report(len(feed), dict.fromkeys(n, 0), "false"), not broken
        for model_id, element in good.items():
            n[self.store(model_id, *element)] += 1
        assert sum(n.values()) == len(feed), "the counts of elements are disjoint"
        for model_id in gone:
            self.rows[model_id].status = "inactive"  # its price row stays open
        n["models_marked_inactive"] = len(gone)
        return self.report(len(feed), n, "true"), False

    def store(self, model_id, plain, pricing):
        row, outcome = self.rows.get(model_id), "models_updated"
        if row is None:
            row = self.rows[model_id] = SimpleNamespace(status="new", price_row=None)
            outcome = "models_added"
        elif row.status == "inactive":
            row.status, outcome = "new", "models_reactivated"
        elif (row.plain == plain and same_prices(row.mapped_prices, pricing, MAPPED_PRICES)
              and same_pricing(row.price_row, pricing)):
            return "models_unchanged"  # nothing is stored, so noise cannot creep
        if row.price_row is None or not same_pricing(row.price_row, pricing):
            # A set: at most one open item per model and kind, and nobody closes one here.
            self.reviews |= {(model_id, kind) for kind in alarms(model_id, row.price_row, pricing)}
            row.price_row = pricing
            self.price_rows += 1
        row.plain, row.mapped_prices = plain, pricing  # also where noise alone left the price row open
        return outcome

    def report(self, total, counts, success):
        status = [row.status for row in self.rows.values()]
        opened = len(status)  # each row has one open price row, also while it is inactive
        return [success, total, *counts.values(), status.count("new"), status.count("inactive"), opened,
                self.price_rows, *([kind for _, kind in self.reviews].count(kind) for kind in REVIEW_KINDS)]


def replay(feeds):
    """Lines for (name, feed) pairs; a run that the mass guard refuses is repeated by force."""
    catalogue = Catalogue()
    for name, feed in feeds:
        line, refused = catalogue.sync(feed)
        yield [name, "sync", *line]
        if refused:
            yield [name, "forced", *catalogue.sync(feed, force=True)[0]]


def self_test():
    def model(model_id, prompt="0.000001", **pricing):
        return {"id": model_id, "name": "N", "pricing": {"prompt": prompt, **pricing}}

    def run(*feeds):
        return [dict(zip(COLUMNS, line)) for line in replay(("", feed) for feed in feeds)]

    def has(line, **counts):
        shown = {k: v for k, v in line.items() if isinstance(v, int) and v and k != "total_processed"}
        assert shown == counts, (shown, counts)

    a, free = model("a"), model("b:free", "0")
    base = dict(status_new=1, open_price_rows=1)
    has(run([a, a])[0], models_added=1, models_duplicate=1, price_rows=1, **base)
    bad = [7, {"id": "x"}, model("system/x"), model("c", "-2"), model("d", "free")]
    has(run([a, *bad])[0], models_added=1, models_rejected=5, price_rows=1, **base)
    has(run([a], [model("a", "-2")])[1], models_rejected=1, price_rows=1, **base)  # rejected is seen
    assert run([a], [*bad, model("e", "x" * 33)])[1]["success"] == "false" == run([a], [])[1]["success"]
    gone, back = run([a, free], [free], [free, model("a", "0.00002")])[1:]
    both = dict(models_unchanged=1, open_price_rows=2)
    has(gone, models_marked_inactive=1, status_new=1, status_inactive=1, price_rows=2, **both)
    has(back, models_reactivated=1, status_new=2, price_rows=3, review_open_price_ratio=1, **both)
    has(run([a], [model("a", "0.0000010000000000000001", image="0")])[1], models_unchanged=1, price_rows=1, **base)
    has(run([a], [model("a", input_cache_read="0")])[1], models_updated=1, price_rows=2, **base)
    peak = model("a", "2", overrides=[{"utc_start": 0, "utc_end": 100, "prompt": "1"}])
    dated = [{**a, "expiration_date": day} for day in ("2026-12-01", None, "soon")]
    assert [r["models_updated"] for r in run([a], *([m] for m in dated))] == [0, 1, 1, 0]
    base.update(review_open_price_ratio=1, review_open_peak_price=1)
    has(run([a], [peak], [a])[2], models_updated=1, price_rows=3, **base)
    many = [model(f"m{i}") for i in range(10)]
    assert [r["models_marked_inactive"] for r in run(many, many[3:])] == [0, 3]  # exactly 30 % is not refused
    assert [r["models_marked_inactive"] for r in run(many, many[4:])] == [0, 0, 4]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", nargs="?", type=pathlib.Path, help="directory that holds models_*.json")
    parser.add_argument("--self-test", action="store_true", help="check the rules on tiny feeds and exit")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if not (files := sorted(options.dir.glob("models_*.json")) if options.dir else []):
        parser.error("DIR with models_*.json is needed")
    feeds = ((f.name, json.loads(f.read_bytes(), parse_int=D, parse_float=D)["data"]) for f in files)
    for line in [COLUMNS, *replay(feeds)]:
        print(*line, sep="\t")


if __name__ == "__main__":
    main()
