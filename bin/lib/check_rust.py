"""Text checks over Rust files, called by bin/check: check_rust.py floors|unsafe|definer|writes FILE…

Prints FILE:LINE: message for each finding. Comments never count; strings count for `definer` and `writes` only.
"""
import re
import sys

from check_sql import check_writes as check_sql_writes
from check_sql import statements

PIECE = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<string>b?r(?P<hash>\#*)".*?"(?P=hash)|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\\n])')""",
    re.VERBOSE | re.DOTALL,
)


def blank(text, strings):
    """The text with comments, and strings if asked, emptied; lines keep their numbers."""
    def empty(match):
        return re.sub(r"[^\n]", " ", match[0]) if match["comment"] or strings else match[0]

    return PIECE.sub(empty, text)


# Imports go down only: what the files of a floor must not name.
FLOORS = {
    "src/domain/": r"\bpgrx\b|\bcrate\s*::\s*(?:pg|http|store|api)\b",
    "src/http/": r"\bpgrx\b|\bcrate\s*::\s*(?:pg|store|api)\b|\bsuper\s*::\s*super\b",
    "src/pg/": r"\bcrate\s*::\s*(?:http|store|api)\b|\bsuper\s*::\s*super\b",
    "src/store/": r"\bcrate\s*::\s*api\b|\bsuper\s*::\s*super\b",
}


def flat_imports(code):
    """`use crate::{api, pg::x};` written as `use crate::api, crate::pg::x;`, so that one pattern finds both."""
    def spread(match):
        depth, names = 0, []
        for piece in re.split(r"([{},])", match[1]):
            depth += (piece == "{") - (piece == "}")
            names.append(f"crate::{piece.lstrip()}" if depth == 0 and piece.strip() and piece not in "{}," else piece)
        return "\n" * match[0].count("\n", 0, match.start(1) - match.start()) + "".join(names)

    return re.sub(r"\bcrate\s*::\s*\{(.*?)\}\s*;", spread, code, flags=re.DOTALL)


def check_floors(name, text):
    code = flat_imports(blank(text, strings=True))
    for floor, forbidden in FLOORS.items():
        if name.startswith(floor):
            for match in re.finditer(forbidden, code):
                yield code.count("\n", 0, match.start()) + 1, f"{floor} must not use {match[0]}: imports go down only"


NEEDS_REASON = re.compile(r"""\bunsafe\s*(?:\{|impl\b|fn\s+\w|extern\s*"\s*"\s*fn\s+\w)""")


def check_unsafe(name, text):
    """`unsafe` lives in src/pg; there a SAFETY comment ends at most 4 lines above it.

    A method of a trait's implementation needs none: its contract is the trait's.
    """
    code, lines = blank(text, strings=False).splitlines(), text.splitlines()
    in_trait_impl = False
    reason = -9  # the last line of the comment, or of the attributes below it, that says why
    for number, line in enumerate(code):
        written = lines[number].strip()
        if "SAFETY:" in written or "# Safety" in written:
            reason = number
        elif reason == number - 1 and written.startswith(("//", "#[")):
            reason = number
        bare = re.sub(r'"[^"]*"', '" "', line)
        if line[:1].strip():  # rustfmt: an item begins, and ends, in the first column
            in_trait_impl = re.match(r"(?:unsafe )?impl\b.* for ", line) is not None or (in_trait_impl and line[0] != "}")
        if in_trait_impl and re.match(r"\s+unsafe fn\b", line):
            continue
        if name.startswith("src/pg/"):
            if NEEDS_REASON.search(bare) and number - reason > 4:
                yield number + 1, "unsafe without a // SAFETY: comment (or # Safety section) above it"
        elif re.search(r"\bunsafe\b", bare):
            yield number + 1, "unsafe outside src/pg"


def check_definer(name, text):
    for number, line in enumerate(blank(text, strings=False).splitlines()):
        if re.search(r"\bsecurity\s+definer\b", line, re.IGNORECASE):
            yield number + 1, "SECURITY DEFINER (design: no function has it)"


def check_writes(name, text):
    """SQL in strings, as in sql/: no UPDATE or DELETE without WHERE."""
    for match in PIECE.finditer(text):
        if match["string"] and re.search(r"\b(?:UPDATE|DELETE)\b", match["string"]):
            first_line = text.count("\n", 0, match.start()) + 1
            for tokens in statements(match["string"].strip('"').replace("{", " ").replace("}", " "), first_line):
                yield from check_sql_writes(tokens)


def main(check, files):
    find = {"floors": check_floors, "unsafe": check_unsafe, "definer": check_definer, "writes": check_writes}[check]
    for name in files:
        for line, message in find(name, open(name, encoding="utf-8").read()):
            print(f"{name}:{line}: {message}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
