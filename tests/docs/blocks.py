"""Runs the ```sql blocks of a Markdown file in the database PGDATABASE, in their order, each as a session of the developer role:
blocks.py FILE PREPARED ANSWERS. Prints what is wrong, one finding a line, and last "N blocks, N not run".

PREPARED is what a block takes for granted: sections that begin with `-- ==== ` and the first line of their block, run in its session
before it. There `\\set p1 …` says what $1 stands for. A block after a comment <!-- not run: why --> is listed instead. A block without
a language right behind one of SQL is what its last query answers; instants and seconds may be others.
ANSWERS is a file for what the blocks answered.
"""
import re
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"(?:^<!-- not run: (?P<why>.*?) -->\n+)?^```sql\n(?P<sql>.*?)^```$(?:\n\n```\n(?P<answer>.*?)^```$)?", re.DOTALL | re.MULTILINE)
PSQL = ["psql", "-X", "-q", "-A", "-P", "footer=off", "-P", "pager=off", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]


def sections(path):
    """[(first line of a block, what comes before it)]"""
    if not path.is_file():
        return []
    parts = re.split(r"^-- ==== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def masked(text):
    """Rows of an answer, without blanks around cells, and without what is another in each run."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    head = rows[0] if rows else []
    for row in rows[1:]:
        for place, cell in enumerate(row):
            if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*", cell):
                row[place] = "an instant"
            elif place < len(head) and head[place].endswith("_seconds") and cell.isdigit():
                row[place] = "seconds"
    return rows


def run(before, block):
    """(whether it ran, what it said)"""
    block = re.sub(r"\$(\d+)", r":p\1", block)
    script = f"\\o /dev/null\n{before}\n\\o\n\\echo ====\n{block}"
    done = subprocess.run(PSQL, input=script, capture_output=True, encoding="utf-8", check=False)
    return done.returncode == 0, done.stdout.split("====\n", 1)[-1], done.stderr


def last_answer(said, lines):
    """So many lines at the end."""
    return "\n".join(said.strip().splitlines()[-lines:])


def main(file, prepared, answers):
    """Findings, and how many blocks there were."""
    text = Path(file).read_text(encoding="utf-8")
    waiting, count, left_out = sections(Path(prepared)), 0, 0
    with Path(answers).open("w", encoding="utf-8") as log:
        for block in BLOCK.finditer(text):
            place = f"{file}:{text.count(chr(10), 0, block.start('sql')) + 1}"
            count += 1
            if block["why"]:
                left_out += 1
                print(f"not run - {place}: {block['why']}")
                continue
            before = ""
            if waiting and waiting[0][0] == block["sql"].splitlines()[0]:
                before = waiting.pop(0)[1]
            ran, said, complaints = run(before, block["sql"])
            log.write(f"---- {place}\n{said}{complaints}")
            if not ran:
                print(f"{place}: fails: {' '.join(complaints.split())[:600]}")
            elif block["answer"] and masked(block["answer"]) != masked(last_answer(said, len(block["answer"].strip().splitlines()))):
                print(f"{place}: answers otherwise than the block below it says: {said.strip()}")
    for first, _ in waiting:
        print(f"{prepared}: no block of {file} begins, in this order, with: {first}")
    if text.count("\n```sql\n") != count:
        print(f"{file}: {text.count(chr(10) + '```sql' + chr(10))} blocks begin, {count} end")
    print(f"{count} blocks, {left_out} not run")


if __name__ == "__main__":
    main(*sys.argv[1:])
