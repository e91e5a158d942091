"""Which relative links of Markdown files lead nowhere, one finding a line: links.py FILE…"""
import re
import sys
from pathlib import Path


def blank(text):
    """The text without code, in which nothing is a link or a heading; lines stay."""
    text = re.sub(r"^```.*?^```$", lambda block: "\n" * block[0].count("\n"), text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", lambda code: re.sub(r"[\[\]()]", " ", code[0]), text)


def anchors(path):
    """The headings of a file as GitHub names them: small letters, blanks as dashes, no punctuation; again with a number."""
    found = {}
    for heading in re.findall(r"^#+ +(.*?) *$", blank(path.read_text(encoding="utf-8")), re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
    return {name if number == 0 else f"{name}-{number}" for name, last in found.items() for number in range(last + 1)}


def findings(file):
    """Of one file, and how many links it has."""
    path, count = Path(file), 0
    for number, line in enumerate(blank(path.read_text(encoding="utf-8")).splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            name, _, anchor = target.partition("#")
            there = (path.parent / name) if name else path
            if not there.exists():
                print(f"{file}:{number}: {target} does not exist")
            elif anchor and (there.suffix != ".md" or anchor not in anchors(there)):
                print(f"{file}:{number}: {there} has no heading #{anchor}")
    return count


if __name__ == "__main__":
    if sum(findings(file) for file in sys.argv[1:]) < 20:
        print(f"fewer than 20 links were found in {' '.join(sys.argv[1:])}")
