"""The page docs/errors.md, of what the reference says of each function, what tests/sql_fuzz proves and what the sources raise."""
import re
from pathlib import Path

CODE = re.compile(r"\b(?:[0-9]{2}[0-9A-Z]{3}|PT[0-9]{3}|PGRST|57P0x)\b")
# What depends on others, on the server and on the installation, not on the call: tests/sql_fuzz does not bring it about, and a
# function may name it where it is likelier than elsewhere.
WEATHER = {"22P02", "40001", "40P01", "53200", "55000", "55P03", "57014", "57P0x"}
# What many things can be: an entry says which.
VAGUE = {"22023", "54000", "PT404", "PT409", "PT410"}
ALLOWED = Path("tests/sql_fuzz/allowed.txt")
ANY = "any function"


def http_status(code):
    """What PostgREST (12 to 14) answers. 42501 is 401 for anon, who may call nothing of ours."""
    if code.startswith("PT"):
        return code[2:]
    exact = {"23503": "409", "23505": "409", "25006": "405", "53400": "500", "P0001": "400", "42883": "404", "42P01": "404",
             "42P17": "500", "42501": "403", "PGRST": "403, 402, 429"}
    classes = {"08": "503", "0L": "403", "0P": "403", "28": "403", "53": "503"}
    classes |= dict.fromkeys(("09", "25", "2D", "38", "39", "3B", "40", "54", "55", "57", "58", "F0", "HV", "P0", "XX"), "500")
    return exact.get(code) or classes.get(code[:2], "400")


def allowed():
    """{function: codes that tests/sql_fuzz lets it answer}; "*" is all of them."""
    found = {}
    for line in ALLOWED.read_text(encoding="utf-8").splitlines():
        name, *codes = line.split("#")[0].split() or [""]
        if name:
            found[name] = {code for code in codes if CODE.fullmatch(code)}
    return found


def said(documented):
    """{function: {code: when, or nothing}}, of the "Errors: …" of each entry; "as `other`" and "those of `other`" are the other's."""
    found, above = {}, {}
    for entry in documented:
        clause = re.search(r"Errors: (.*?)(?:\.(?=\s|$)|$)", entry.text, re.DOTALL)
        words = " ".join(clause[1].split()) if clause else ""
        codes = {}
        if words.startswith("as above"):
            codes |= above
        for other in re.findall(r"(?:^as|those of) `(\w+)`", words):
            codes |= found.get(other, {})
        matches = list(CODE.finditer(words))
        for match, following in zip(matches, [*matches[1:], None]):
            when = words[match.end():following.start() if following else len(words)]
            when = re.sub(r"(^[\s,;]+|[\s,;]+(and)?\s*$)", "", re.sub(r"; those of .*", "", when))
            codes[match[0]] = "" if when in ("and", "as above") else when
        found[entry.name] = above = codes
    return found


def meanings(text):
    """{code: when}, of the table of the reference's last section; and what that says of HTTP."""
    found = {}
    for row in re.findall(r"^\| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", text[text.index("\n## Errors\n"):], re.MULTILINE):
        for code in CODE.findall(row[0]):
            found[code] = (row[1], row[2])
    return found


def messages():
    """[(code, message, hint)] of what src raises."""
    found = []
    for path in sorted(Path("src").rglob("*.rs")):
        if path.name == "pg_tests.rs":
            continue
        parts = re.split(r'(?:Self|Report)::new\(\s*b"', path.read_text(encoding="utf-8"))[1:]
        for part in parts:
            code = part[:5]
            message = re.match(r'.{5}",\s*(?:format!\(\s*)?(?:"((?:[^"\\]|\\.)*)"|(\w+))', part, re.DOTALL)
            hint = re.search(r'\.hint\(\s*(?:format!\(\s*)?"((?:[^"\\]|\\.)*)"', part.split("=>")[0], re.DOTALL)
            found.append((code, message and message[1], hint[1] if hint else ""))
    return [line for line in found if line[0] != "01000"] # warnings


def findings(functions, documented, text):
    """Where the reference says less or more than tests/sql_fuzz lets a function answer, or a status that PostgREST does not give."""
    proved, told, known = allowed(), said(documented), meanings(text)
    for name, codes in sorted(proved.items()):
        for code in sorted(codes - set(told.get(name, {})) - proved["*"] if name in functions and functions[name].is_wrapped else ()):
            yield f"{name} may answer {code}, says {ALLOWED}; its entry does not"
    for name, codes in told.items():
        for code in sorted(set(codes) - proved.get(name, set()) - proved["*"] - WEATHER):
            yield f"{name} never answers {code}, says {ALLOWED}; its entry says it does"
        for code in sorted(code for code, when in codes.items() if code in VAGUE and not when):
            yield f"{name} has {code} and does not say when"
        for code in sorted(set(codes) - set(known) - WEATHER):
            yield f"{name} has {code}, which the table of errors has not"
    for code, (_, http) in known.items():
        if not set(re.findall(r"\d{3}", http_status(code))) <= set(re.findall(r"\d{3}", http)):
            yield f"{code} is {http_status(code)} over PostgREST, not {http}"
    for code, message, _ in messages():
        if message is None and code not in ("55000", "PGRST"): # of Refused and Refusal, whose words come from elsewhere
            yield f"a message of {code} in src is not read"
        if code not in known:
            yield f"src raises {code}, which the table of errors has not"


def cell(text):
    """As Markdown's tables take it."""
    return " ".join(text.replace('\\"', '"').split()).replace("|", "\\|")


def page(functions, documented, text):
    """All of it."""
    proved, told, known = allowed(), said(documented), meanings(text)
    general = (proved["*"] | WEATHER) & set(known)
    lines = ["# Errors", "", "<!-- Written by bin/reference of docs/reference.md, tests/sql_fuzz/allowed.txt and src; change those. -->", "",
             "A function's mistakes have an SQLSTATE each, and PostgREST (12 to 14) makes of it a status. `tests/sql_fuzz` calls every function with",
             "whatever there is, and none has another error than those below. What is answered, not raised, such as a refusal's `reason`, is in",
             "[reference.md](reference.md). 42501 is 401 for whoever is not signed in.", "", "## Of each function", "", "| function | SQLSTATE | HTTP | when |", "|---|---|---|---|"]

    def row(name, code, when):
        return f"| {name} | {code} | {http_status(code)} | {cell(when or known.get(code, ('', ''))[0])} |"

    lines += [row(ANY, code, "") for code in sorted(general)]
    for function in functions.values():
        codes = told.get(function.name, {})
        own = {code for code, when in codes.items() if when or code not in general} # of the others only what there is more to say about
        lines += [row(f"`{function.name}`", code, codes[code]) for code in sorted(own) if function.is_wrapped]
    lines += ["", "## Of each message", "", "What the extension itself says; `{}` and `{name}` stand for what it was about. The server's own messages are PostgreSQL's.", "",
              "| SQLSTATE | HTTP | message | HINT |", "|---|---|---|---|"]
    lines += sorted({f"| {code} | {http_status(code)} | {cell(message)} | {cell(hint)} |" for code, message, hint in messages() if message})
    return "\n".join(lines) + "\n"
