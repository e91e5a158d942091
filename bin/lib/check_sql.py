"""Text checks over SQL files, called by bin/check: check_sql.py writes|definer|backslash|comments FILE…

Prints FILE:LINE: message for each finding. Knows comments, strings and dollar quotes; the body of a dollar
quote is read as SQL too, so functions and DO blocks are covered. SQL built from strings at run time is not.
"""
import re
import sys
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<string>'(?:[^']|'')*')
      | (?P<dollar>\$(?P<tag>\w*)\$(?P<body>.*?)\$(?P=tag)\$)
      | (?P<backslash>^[ \t]*\\\w+)
      | (?P<word>"(?:[^"]|"")+"|[A-Za-z_][\w$]*)
      | (?P<sign>\S)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


class Token(NamedTuple):
    kind: str
    text: str  # words in lower case, quoted ones as they are, without their quotes
    line: int


def statements(text, first_line=1):
    """Lists of tokens, one per statement; those of dollar-quoted bodies come as statements of their own."""
    current = []
    for match in TOKEN.finditer(text):
        kind, line = match.lastgroup, first_line + text.count("\n", 0, match.start())
        if match["comment"]:
            continue
        if match["dollar"]:
            yield from statements(match["body"], line)
            current.append(Token("string", "", line))
        elif kind == "sign" and match[0] == ";":
            yield current
            current = []
        elif kind == "word":
            word = match[0]
            current.append(Token("word", word[1:-1] if word[0] == '"' else word.lower(), line))
        else:
            current.append(Token(kind, match[0].strip(), line))
    yield current


def words_at(tokens, index, *pattern):
    """Whether the tokens from index on are the pattern."""
    return [token.text for token in tokens[index : index + len(pattern)]] == list(pattern)


def qualified_name(tokens, index):
    """The name that begins at index, schema left out, and the index after it."""
    name = tokens[index].text
    while words_at(tokens, index + 1, "."):
        index += 2
        name = tokens[index].text
    return name, index + 1


def has_where(tokens, index):
    """Whether WHERE follows in the same statement, at the same level of parentheses."""
    depth = 0
    for token in tokens[index:]:
        depth += (token.text == "(") - (token.text == ")")
        if depth < 0:
            return False
        if depth == 0 and token.text == "where":
            return True
    return False


def check_writes(tokens):
    for index, token in enumerate(tokens):
        is_delete = words_at(tokens, index, "delete", "from")
        # `UPDATE name [alias] SET`; not FOR UPDATE, ON UPDATE, DO UPDATE SET, GRANT UPDATE.
        is_update = token.text == "update" and tokens[index - 1].text not in ("on", "for", "key", "or") and any(
            words_at(tokens, end, "set") and all(t.kind == "word" or t.text in (".", "*") for t in tokens[index + 1 : end])
            for end in range(index + 2, index + 8)
        )
        if token.kind == "word" and (is_delete or is_update) and not has_where(tokens, index):
            yield token.line, f"{token.text.upper()} without WHERE (safeupdate refuses it)"


def check_definer(tokens):
    for index, token in enumerate(tokens):
        if words_at(tokens, index, "security", "definer"):
            yield token.line, "SECURITY DEFINER (design: no function has it)"


def check_backslash(tokens):
    for token in tokens:
        if token.kind == "backslash":
            yield token.line, f"psql command {token.text}: install() and migrations cannot run it"


NOT_A_COLUMN = {"constraint", "primary", "unique", "check", "foreign", "exclude", "like"}


def created(tokens):
    """(line, kind, name) of each table, view and column that the statement creates."""
    text = [token.text for token in tokens]
    head = [t for t in text[:6] if t not in ("or", "replace", "unlogged", "materialized", "if", "not", "exists", "only")]
    if head[:2] == ["create", "view"]:
        at = text.index("view") + 1
        yield tokens[at].line, "view", qualified_name(tokens, at)[0]
    elif head[:2] == ["create", "table"]:
        at = text.index("table") + 1 + 3 * words_at(tokens, text.index("table") + 1, "if", "not", "exists")
        table, at = qualified_name(tokens, at)
        yield tokens[at - 1].line, "table", table
        depth = 0
        for index in range(at, len(tokens)):
            if words_at(tokens, at, "partition"):
                return
            starts = (depth == 0 and text[index] == "(") or (depth == 1 and text[index] == ",")
            depth += (text[index] == "(") - (text[index] == ")")
            if starts and tokens[index + 1].kind == "word" and text[index + 1] not in NOT_A_COLUMN:
                yield tokens[index + 1].line, "column", f"{table}.{text[index + 1]}"
            if depth == 0:
                return
    elif head[:2] == ["alter", "table"]:
        at = text.index("table") + 1
        while text[at] in ("if", "exists", "only"):
            at += 1
        table, _ = qualified_name(tokens, at)
        for index in range(at, len(tokens) - 1):
            if text[index] == "add" and tokens[index].kind == "word":
                at = index + 1 + (text[index + 1] == "column")
                at += 3 * words_at(tokens, at, "if", "not", "exists")
                if text[at] not in NOT_A_COLUMN:
                    yield tokens[at].line, "column", f"{table}.{text[at]}"


def commented(tokens):
    """(kind, name) that a COMMENT ON statement describes."""
    text = [token.text for token in tokens if token.text != "materialized"]
    if text[:2] == ["comment", "on"] and text[-1] != "null":
        name = [t for t in text[3 : text.index("is", 3)] if t != "."]
        yield text[2], ".".join(name[-2:]) if text[2] == "column" else name[-1]


def main(check, files):
    parsed = {name: list(statements(open(name, encoding="utf-8").read())) for name in files}
    if check == "comments":
        known = {item for parts in parsed.values() for tokens in parts for item in commented(tokens)}

        def find(tokens):
            for line, kind, name in created(tokens):
                if (kind, name) not in known:
                    yield line, f"{kind} {name} has no COMMENT ON"
    else:
        find = {"writes": check_writes, "definer": check_definer, "backslash": check_backslash}[check]
    findings = sorted({(n, *finding) for n, parts in parsed.items() for tokens in parts for finding in find(tokens)})
    for name, line, message in findings:
        print(f"{name}:{line}: {message}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
