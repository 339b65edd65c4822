"""Script conversion beside OpenCC in C++, on the Traditional documents of a folder: megabytes of UTF-8 a second.

    python benchmarks/script_conversion.py CORPUS [--exact]

Both engines get the same texts, already decoded, one document at a time, in one process each, bound to one core. The
convert stage is measured as a whole on all documents, with the edits that it leaves. The best of several rounds counts:
what disturbs a round makes it slower, never faster.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from corpus import files_of, stay_on_one_core

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ROUNDS = 5
OPENCC_WHEEL = "opencc==1.4.2"


def main() -> int:
    """Measure, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="a folder of documents, or a tar archive of one")
    parser.add_argument("--exact", action="store_true", help="compare every configuration with the package, too")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--texts", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    stay_on_one_core()
    if arguments.texts:
        print(json.dumps(_seconds_of_the_other(arguments.texts, arguments.rounds)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        return _measured(arguments.corpus, Path(scratch), rounds=arguments.rounds, exact=arguments.exact)


def _measured(corpus: Path, scratch: Path, *, rounds: int, exact: bool) -> int:
    from pipeline.recipe import STAGES
    from pipeline.script.conversion import converter
    from pipeline.script.identification import identify
    from pipeline.text import Text

    texts = list(_texts(corpus, scratch))
    traditional = [text for text in texts if identify(text).script.startswith("Hant")]
    print(f"{len(texts):,} documents, {_megabytes(texts):.1f} MB as UTF-8; {len(traditional):,} are Traditional")
    if not traditional:
        print(f"no Traditional document in {str(corpus)!r}: give a folder that has some", file=sys.stderr)
        return 2
    size = _megabytes(traditional)
    ours = size / _best(traditional, converter("t2s").convert, rounds)
    theirs = size / _seconds_in_scratch(traditional, scratch, rounds)
    stage = next(stage for stage in STAGES if stage.name == "convert")

    def cleaned(text: str) -> None:
        history = Text(text)
        for step in stage.steps:
            history = history.revise(step)

    print(f"t2s, zhengwen:            {ours:7.1f} MB/s")
    print(f"t2s, OpenCC in C++:       {theirs:7.1f} MB/s; zhengwen / OpenCC {ours / theirs:.2f}")
    print(f"convert stage, all:       {_megabytes(texts) / _best(texts, cleaned, rounds):7.1f} MB/s with its edits")
    print(f"convert stage, Hant only: {size / _best(traditional, cleaned, rounds):7.1f} MB/s with its edits")
    return _compared(texts) if exact else 0


def _compared(texts: Sequence[str]) -> int:
    """Convert every document in every configuration, with the package and with the tables; 1 where they differ."""
    import opencc

    from pipeline.script.conversion import converter
    from pipeline.script.package import configurations

    differing = 0
    for config in configurations():
        package, tables = opencc.OpenCC(config), converter(config)
        wrong = sum(package.convert(text) != tables.convert(text) for text in texts)
        differing += wrong
        print(f"{config:6} {len(texts) - wrong:,} of {len(texts):,} documents as the package has them")
    return 1 if differing else 0


def _texts(corpus: Path, scratch: Path) -> Iterable[str]:
    """The documents of a folder or an archive as the decode stage leaves them."""
    from pipeline.recipe import clean

    for file in files_of(corpus, scratch):
        text = clean(file.read_bytes(), through="decode").text
        if text:
            yield text


def _seconds_in_scratch(texts: Sequence[str], scratch: Path, rounds: int) -> float:
    """The seconds of OpenCC in C++, in an environment of its own."""
    environment = scratch / "environment"
    venv.create(environment, with_pip=True)
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", OPENCC_WHEEL], check=True)
    file = scratch / "texts.json"
    file.write_text(json.dumps(texts), "ascii")
    command = [str(python), __file__, "-", "--texts", str(file), "--rounds", str(rounds)]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environ)
    seconds: float = json.loads(done.stdout)
    return seconds


def _seconds_of_the_other(file: Path, rounds: int) -> float:
    import opencc

    if opencc.OpenCC.__module__ != "opencc":
        message = f"this is not OpenCC in C++: {opencc.__file__}"
        raise SystemExit(message)
    return _best(json.loads(file.read_text("ascii")), opencc.OpenCC("t2s").convert, rounds)


def _best(texts: Sequence[str], work: Callable[[str], object], rounds: int) -> float:
    """The processor's seconds of the best round over all texts."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - start)
    return best


def _megabytes(texts: Iterable[str]) -> float:
    return sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6


if __name__ == "__main__":
    sys.exit(main())
