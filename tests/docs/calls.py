"""calls.py FILE…: whether the ```js blocks call functions that there are, by arguments that they have, with all that have no default.

In the database PGDATABASE. Prints what is wrong; a call is `.rpc('name', { argument: …, … })`.
"""
import re
import subprocess
import sys
from pathlib import Path

FUNCTIONS = """
SELECT p.proname, array_to_string((p.proargnames)[1:p.pronargs], ','), p.pronargs - p.pronargdefaults
  FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace"""
CALL = re.compile(r"\.rpc\(\s*'(\w+)'\s*,\s*(\{)")


def arguments(text, start):
    """Keys of the object that begins at a brace, of its own level; and where it ends."""
    depth, keys, place = 0, [], start
    while True:
        letter = text[place]
        if letter in "{[(":
            depth += 1
        elif letter in "}])":
            depth -= 1
            if depth == 0:
                return keys
        if depth == 1 and letter in "{,":
            key = re.match(r"[{,]\s*(\w+)\s*:", text[place:])
            if key:
                keys.append(key[1])
        place += 1


found = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-U", "postgres", "-c", FUNCTIONS], capture_output=True, check=True, encoding="utf-8")
functions = {}
for line in found.stdout.splitlines():
    name, names, needed = line.split("|")
    names = [argument for argument in names.split(",") if argument]
    functions[name] = (set(names), set(names[: int(needed)]))
calls = 0
for file in sys.argv[1:]:
    text = Path(file).read_text(encoding="utf-8")
    for block in re.finditer(r"^```js\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        for call in CALL.finditer(block[1]):
            place = f"{file}:{text.count(chr(10), 0, block.start(1) + call.start()) + 1}"
            calls += 1
            if call[1] not in functions:
                print(f"{place}: there is no public.{call[1]}")
                continue
            known, needed = functions[call[1]]
            given = set(arguments(block[1], call.start(2)))
            for argument in sorted(given - known):
                print(f"{place}: public.{call[1]} has no argument {argument}")
            for argument in sorted(needed - given):
                print(f"{place}: public.{call[1]} needs {argument}")
if not calls:
    print("no call was found")
