"""Each stage by itself, on the documents of a folder: megabytes of raw bytes and documents a second, on one core.

    python benchmarks/stages.py CORPUS

One document after the other, in one process. For every document and stage the best of several rounds counts: what
disturbs a round makes it slower, never faster. Imports are not counted; a table that is read when it is first needed
is in the first round alone. Before anything is measured, some documents are rebuilt to their exact bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import files_of, stay_on_one_core

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 3
REBUILT = 50
"""One document in so many is rebuilt."""


def main() -> int:
    """Measure, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder of documents, or a tar archive of one")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="print the seconds of each stage, for another program")
    arguments = parser.parse_args()
    stay_on_one_core()
    with tempfile.TemporaryDirectory() as scratch:
        contents = [path.read_bytes() for path in files_of(arguments.corpus, Path(scratch))]
    _check(contents)
    seconds = _measured(contents, arguments.rounds)
    if arguments.json:
        print(json.dumps(seconds))
    else:
        print("\n".join(table(seconds, documents=len(contents), size=sum(map(len, contents)))))
    return 0


def table(seconds: dict[str, float], *, documents: int, size: int) -> list[str]:
    """What was measured, in Markdown."""
    total = sum(seconds.values())
    rows = [*seconds.items(), ("all of them", total)]
    return [
        "| stage | MB/s | documents/s | µs a document | share |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {name} | {size / 1e6 / spent:,.1f} | {documents / spent:,.0f} | {spent / documents * 1e6:,.0f} | "
            f"{spent / total:.0%} |"
            for name, spent in rows
        ),
    ]


def _check(contents: Sequence[bytes]) -> None:
    """What is measured must be the real thing: each document has its account, and gives its bytes back."""
    from pipeline import clean, rebuild

    some = contents[::REBUILT]
    documents = [clean(content) for content in some]
    if [rebuild(document) for document in documents] != list(some):
        message = "a document does not rebuild to its bytes: there is nothing to measure"
        raise SystemExit(message)
    if not sum(document.edit_count for document in documents):
        message = "no edit in any document: there is no account to measure"
        raise SystemExit(message)


def _measured(contents: Sequence[bytes], rounds: int) -> dict[str, float]:
    """The seconds of each stage over all documents."""
    from pipeline.decoding import decode
    from pipeline.detection.encoding import detect_encoding
    from pipeline.recipe import STAGES, read
    from pipeline.text import Text

    best: dict[tuple[str, int], float] = {}

    def until_now(stage: str, number: int, start: float) -> float:
        now = time.process_time()
        best[stage, number] = min(best.get((stage, number), now - start), now - start)
        return time.process_time()

    for _ in range(rounds):
        for number, content in enumerate(contents):
            now = time.process_time()
            hashlib.sha256(content).hexdigest()
            detection = detect_encoding(content)
            now = until_now("detect", number, now)
            if detection.reason is not None:
                continue
            history = Text(decode(content, detection.runs)[0])
            for stage in STAGES:
                for step in stage.steps:
                    history = history.revise(step)
                # The text and the number of edits are asked for, should they be made only when they are.
                _ = history.value, sum(len(done.layer) for done in history.revisions)
                now = until_now(stage.name, number, now)
            read(history)
            until_now("read metadata", number, now)
    spent: dict[str, float] = {}
    for (name, _), seconds in best.items():
        spent[name] = spent.get(name, 0.0) + seconds
    return spent


if __name__ == "__main__":
    sys.exit(main())
