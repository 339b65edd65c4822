"""The split stage, step by step, on the documents of a folder: megabytes of UTF-8 a second, and where the time goes.

    python benchmarks/split_stage.py CORPUS

One document after the other, in one process bound to one core. For every document and step the best of several rounds
counts: what disturbs a round makes it slower, never faster. Beside it stands the least that could be done: taking each
text apart into lines, stripping them, and looking through it for two characters.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from pathlib import Path

ROUNDS = 5
_MARKS = re.compile("[。；]")


def main() -> int:
    """Measure, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder of documents")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = list(_converted(arguments.corpus))
    if not texts:
        print(f"no document in {str(arguments.corpus)!r} could be read: give a folder that has some", file=sys.stderr)
        return 2
    _measure(texts, arguments.rounds)
    return 0


def _converted(corpus: Path) -> list[str]:
    """The texts as the split stage gets them."""
    from pipeline import clean

    documents = (clean(file.read_bytes(), through="convert") for file in sorted(corpus.rglob("*")) if file.is_file())
    texts = (document.text for document in documents)
    return [text for text in texts if text]


def _measure(texts: list[str], rounds: int) -> None:
    from pipeline.recipe import STAGES
    from pipeline.text import Text, name_of

    steps = [(name_of(step), step) for step in STAGES[-1].steps]
    best: dict[tuple[int, str], float] = {}
    for _ in range(rounds):
        for number, text in enumerate(texts):
            _best(best, (number, "the least"), _least(text))
            history = Text(text)
            for name, step in steps:
                start = time.perf_counter()
                history = history.revise(step)
                _best(best, (number, name), time.perf_counter() - start)
    spent: dict[str, float] = {}
    for (_, name), seconds in best.items():
        spent[name] = spent.get(name, 0.0) + seconds
    least = spent.pop("the least")
    size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    total = sum(spent.values())
    print(f"{len(texts):,} documents, {size:.1f} MB as UTF-8")
    print(f"split stage: {size / total:.1f} MB/s, {total / len(texts) * 1e6:.0f} µs a document")
    print(f"the least that could be done: {size / least:.0f} MB/s, {least / total:.0%} of the time of the stage")
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {name:22} {seconds / total:6.1%} {seconds / len(texts) * 1e6:7.0f} µs a document")


def _least(text: str) -> float:
    start = time.perf_counter()
    lines = [line.strip() for line in text.split("\n")]
    numbers = {line: number for number, line in enumerate(lines)}
    found = sum(1 for _ in _MARKS.finditer(text))
    spent = time.perf_counter() - start
    return spent if numbers or found else 0.0


def _best(best: dict[tuple[int, str], float], key: tuple[int, str], seconds: float) -> None:
    best[key] = min(best.get(key, seconds), seconds)


if __name__ == "__main__":
    sys.exit(main())
