#!/usr/bin/env python3
"""Independent oracle for the review: who is in the queue after each catalogue, why, in which words, and what users are told.

Reads archived answers of OpenRouter (DIR/models_*.json, in file name order) and applies the rules of docs/reference.md
("Review") to a catalogue in memory. After each one a person makes active whatever is new and has no alarm but that it came
back. Prints what tests/replay/reviews.sql prints of a database. It shares no code with the extension.
"""
import argparse
import decimal
import json
import pathlib
from decimal import Decimal as D

from expected_counts import (ABSENT_IS_NOT_ZERO, INACTIVE_MIN_ROWS, INACTIVE_PERCENT, PAID_BY_EVERY_CALL, Rejected,
                             alarms, as_decimal, near, read_day, read_element, same_pricing)

PRICES = ("prompt completion request image web_search internal_reasoning input_cache_read input_cache_write"
          " input_cache_write_1h audio audio_output input_audio_cache image_output image_token").split()
ORDER = ("returned", "price_ratio", "price_zero", "price_unknown", "peak_price", "context_shrunk")
CONTEXT = 2  # its place among the columns that read_element returns


def plain(number):
    shown = format(number, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def three_digits(number):
    """Three significant digits, half up."""
    return plain(decimal.Context(prec=3, rounding=decimal.ROUND_HALF_UP).create_decimal(number))


def steps(old, new):
    """Prices that can be compared, before and after, in the order of the keys."""
    for key in PRICES:
        if key not in ABSENT_IS_NOT_ZERO or (key in old) == (key in new):
            yield key, D(old.get(key, 0)), D(new.get(key, 0))


def lines(kind, old, new):
    """The words for one review item."""
    found = []
    if kind == "returned":
        found = ["came back after it was gone"]
    elif kind == "context_shrunk":
        found = [f"context {old} → {new}"]
    elif kind == "price_zero" and old is None:
        found = ["costs nothing"]
    elif kind == "price_zero":
        for key, before, after in steps(old, new):
            if key in PAID_BY_EVERY_CALL and (before == 0) != (after == 0):
                found.append(f"{key} price to zero" if after == 0 else f"{key} price from zero to {plain(after)}")
    elif kind == "price_ratio":
        for key, before, after in steps(old, new):
            if before > 0 and after > 0 and not near(before, after):
                name = key.replace("_", " ")
                found.append(f"{name} price ×{three_digits(after / before)}: {plain(before)} → {plain(after)}")
    elif kind == "price_unknown":
        found = [f"{key.replace('_', ' ')} price depends on the route" for key in PRICES if D(new.get(key, 0)) == -1]
    elif kind == "peak_price":
        entries = [e for e in new.get("overrides", []) if "utc_start" in e and "utc_end" in e]
        for key in (key for key in PRICES if key in new):
            others = [p for p in (as_decimal(e.get(key)) for e in entries) if p is not None]
            if others and D(new[key]) > min(others) and not near(D(new[key]), min(others)):
                name = key.replace("_", " ")
                found.append(f"{name} price {plain(D(new[key]))} of the peak, else {plain(min(others))}")
    return found or ["prices are what they were before"]


class Review:
    def __init__(self):
        self.status, self.columns, self.price, self.day = {}, {}, {}, {}
        self.items, self.notices = {}, []  # notices: [model, kind, day, is open]

    def raise_item(self, model, kind, old, new):
        first = self.items.get((model, kind), (old, new))[0]
        self.items[model, kind] = (first, new)

    def resolve(self, model, kind):
        for notice in self.notices:
            if notice[:2] == [model, kind]:
                notice[3] = False

    def sync(self, feed):
        good = {}
        for element in feed:  # the archive has neither duplicates nor elements that are rejected
            good[element["id"]] = (*read_element(element), read_day(element))
        present = [m for m, status in self.status.items() if status != "inactive"]
        gone = [m for m in present if m not in good]
        # A feed that lacks too many is refused, and then forced by the test: nothing else comes of it here.
        forced = len(present) >= INACTIVE_MIN_ROWS and 100 * len(gone) > INACTIVE_PERCENT * len(present)
        for model, (columns, pricing, day) in good.items():
            self.store(model, columns, pricing, day)
        for model in gone:
            if self.status[model] == "active" and not any(n[:2] == [model, "removed"] and n[3] for n in self.notices):
                self.notices.append([model, "removed", "", True])
            self.status[model] = "inactive"
            self.resolve(model, "expiring")
        return forced

    def store(self, model, columns, pricing, day):
        old = self.price.get(model)
        if old is None or not same_pricing(old, pricing):
            for kind in alarms(model, old, pricing):
                self.raise_item(model, kind, old, pricing)
            self.price[model] = pricing
        if model in self.columns and columns[CONTEXT] < self.columns[model][CONTEXT]:
            self.raise_item(model, "context_shrunk", self.columns[model][CONTEXT], columns[CONTEXT])
        is_back = self.status.get(model) == "inactive"
        if is_back:
            self.raise_item(model, "returned", None, None)
            self.resolve(model, "removed")
        if self.status.get(model, "inactive") == "inactive":
            self.status[model] = "new"
        if self.day.get(model) != day or is_back and day:
            self.resolve(model, "expiring")
            if day:
                self.notices.append([model, "expiring", day, True])
        self.columns[model], self.day[model] = columns, day

    def entry(self, model):
        kinds = [kind for kind in ORDER if (model, kind) in self.items]
        status, day = self.status[model], self.day[model]
        is_new, ends = status == "new", day if status in ("new", "active") else None
        if not (is_new or kinds or (status == "active" and ends)):
            return None
        words = ["not reviewed yet"] if is_new else []
        for kind in kinds:
            words += [line for line in lines(kind, *self.items[model, kind]) if line not in words]
        words += [f"expires {ends}"] if ends else []
        reasons = ["new"] * is_new + kinds + ["expiring"] * bool(ends)
        rank = 0 if kinds else 1 if is_new else 2
        return rank, model, status, ",".join(reasons), "; ".join(words)

    def report(self, name):
        # In the order of the queue; nobody uses anything here.
        for entry in sorted(e for e in map(self.entry, self.status) if e):
            yield ["queue", name, *entry[1:]]
        for model, kind, day, is_open in sorted(self.notices):
            yield ["notice", name, model, kind, day, "open" if is_open else "over"]

    def decide(self):
        for model, status in self.status.items():
            if status == "new" and not any(m == model and kind != "returned" for m, kind in self.items):
                self.status[model] = "active"
                self.items.pop((model, "returned"), None)


def read(path):
    return json.loads(path.read_bytes(), parse_int=D, parse_float=D)["data"]


def noisy(path):
    """The same catalogue with the noise of a sender that computes with floats: every price off by a part in 10¹²."""
    document = json.loads(path.read_bytes())
    for model in document["data"]:
        for prices in [model["pricing"], *model["pricing"].get("overrides", [])]:
            for key in PRICES:
                value = prices.get(key)
                if isinstance(value, str) and D(value) > 0 and len(shown := plain(D(value) * (1 + D("1e-12")))) <= 32:
                    prices[key] = shown
    return document


def well_known(directory):
    """What the archive's description names, found without any rule: (file, kind, model)."""
    catalogue = {path.name: {m["id"]: m["pricing"] for m in read(path)} for path in directory.glob("models_*.json")}
    cost = lambda pricing: [D(pricing[key]) for key in ("prompt", "completion")]
    glitch, after = (catalogue[f"models_2026-06-{when}.json"] for when in ("26T1845", "27T0103"))
    for model in glitch.keys() & after.keys():
        if not any(cost(glitch[model])) and any(cost(after[model])):
            yield "models_2026-06-26T1845.json", "price_zero", model
            yield "models_2026-06-27T0103.json", "price_zero", model  # it is over, and nobody has looked
    before, peak = (catalogue[f"models_2026-08-{when}.json"] for when in ("16T1834", "17T0703"))
    for model in before.keys() & peak.keys():
        timed = any("utc_start" in entry for entry in peak[model].get("overrides", []))
        if timed and D(peak[model]["prompt"]) == 2 * D(before[model]["prompt"]):
            yield "models_2026-08-17T0703.json", "peak_price", model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=pathlib.Path, help="directory that holds models_*.json, or with --noise one of them")
    parser.add_argument("--noise", action="store_true", help="print the file with noise in its prices")
    parser.add_argument("--known", action="store_true", help="print the glitch and the peak that the archive is known for")
    options = parser.parse_args()
    if options.known:
        for line in sorted(well_known(options.dir)):
            print(*line, sep="\t")
        return None
    if options.noise:
        return print(json.dumps(noisy(options.dir)))
    review = Review()
    for path in sorted(options.dir.glob("models_*.json")):
        review.sync(read(path))
        for line in review.report(path.name):
            print(*line, sep="\t")
        review.decide()


if __name__ == "__main__":
    main()
