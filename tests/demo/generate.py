"""Writes an answer of GET /api/v1/models with invented models; the seed makes it another one each time.

usage: generate.py SEED COUNT
"""

import json
import random
import sys

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
NAMES = ["Ünï", "模型", "Модель", "O'Hara", 'so "called"', "back\\slash", "100 %s", "$1", "🚀", "plain"]


def price(chance: random.Random) -> str:
    return "0." + "0" * chance.randint(3, 7) + str(chance.randint(1, 10**12))


def model(chance: random.Random, number: int) -> dict:
    free = number % 4 == 0
    word = "".join(chance.choices(LETTERS, k=12))
    return {
        "id": f"{chance.choice(['acme', 'zenith', 'quill'])}/{word}-{number}" + (":free" if free else ""),
        "name": f"{chance.choice(NAMES)} {number}",
        "created": 1750000000 + number,
        "context_length": chance.choice([0, 8192, 131072, 10_000_000]),
        "pricing": {"prompt": "0", "completion": "0"}
        if free
        else {"prompt": price(chance), "completion": price(chance)},
    }


def main() -> None:
    seed, count = (int(argument) for argument in sys.argv[1:3])
    chance = random.Random(seed)
    models = [model(chance, number) for number in range(count)]
    chance.shuffle(models)
    json.dump({"data": models, "total_count": count, "links": {"next": None}}, sys.stdout, ensure_ascii=False)


main()
