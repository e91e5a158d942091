"""check.py PAGE FIGURES: whether a page of bin/report has the figures of the database, and nothing that a browser would fetch."""
import sys
from html.parser import HTMLParser


class Page(HTMLParser):
    """Tables by id, texts by id, and what there is of other things."""

    def __init__(self):
        super().__init__()
        self.tables, self.texts, self.plots, self.used, self.fetched = {}, {}, 0, 0, []
        self.table = self.row = self.cell = self.text = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        for name, value in attributes.items():
            if name in ("src", "href", "xlink:href", "srcset", "action") or name.startswith("on"):
                self.fetched.append(f"{tag} {name}={value}")
        if tag in ("script", "link", "img", "iframe", "object", "embed"):
            self.fetched.append(tag)
        self.plots += tag == "svg"
        self.used += attributes.get("class") == "used"
        if tag == "table":
            self.table = self.tables.setdefault(attributes["id"], {})
        elif tag == "tr":
            self.row = []
        elif tag == "td":
            self.cell = ""
        elif tag == "b" and "id" in attributes:
            self.text = attributes["id"]

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data
        if self.text is not None:
            self.texts[self.text] = data

    def handle_endtag(self, tag):
        if tag == "td":
            self.row.append(self.cell)
            self.cell = None
        elif tag == "tr" and self.row and self.table is not None:
            self.table[self.row[0]] = self.row[1:]
        elif tag == "table":
            self.table = None
        elif tag == "b":
            self.text = None


page = Page()
text = open(sys.argv[1], encoding="utf-8").read()
page.feed(text)
wrong, seen = [], 0
for line in open(sys.argv[2], encoding="utf-8"):
    kind, name, *figures = line.rstrip("\n").split("|")
    if kind == "sum":
        found = [page.texts.get(key) for key in ("requests", "tokens", "total_usd")]
    elif kind == "used":
        found, figures = page.used, int(name)
    else:
        found = page.tables.get(kind, {}).pop(name, None)
    seen += 1
    if found != figures:
        wrong.append(f"{kind} {name}: {figures} in the database, {found} on the page")
wrong += [f"{kind}: {sorted(rest)} are on the page only" for kind, rest in page.tables.items() if rest]
wrong += [f"a browser would fetch or run: {what}" for what in page.fetched]
if "url(" in text or "@import" in text:
    wrong.append("a style refers to something")
if page.plots != 4 + page.used:
    wrong.append(f"{page.plots} plots, {page.used} of them quotas'")
if seen < 20:
    wrong.append(f"only {seen} figures were compared")
print("\n".join(wrong))
sys.exit(bool(wrong))
