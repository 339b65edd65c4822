"""Processes that die or hang at their batch, and two builds that want the same output folder.

Here belongs what goes wrong between processes.
"""

from __future__ import annotations

import random
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

from attempts import Attempts
from engine_functions import Deed, note
from killed_builds import Build, Known, collection, digests, put

from pipeline.engines import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

SECONDS = 0.5
"""So long a batch may take here."""


def attempts(wanted: Mapping[str, Known], scratch: Path, *, long: bool) -> Iterator[Attempts]:
    """Batches of which some kill who does them once, some always, and some hang; and builds beside one another."""
    yield _batches(scratch / "deeds", 200 if long else 12)
    if long:
        yield _side_by_side(wanted, scratch)


def _batches(folder: Path, count: int) -> Attempts:
    """Every batch has its result, in its place, those that cannot be done the one of who rescued them."""
    folder.mkdir()
    chance = random.Random(3)  # noqa: S311  chance that can be repeated, and no secret
    kinds: list[tuple[str, ...]] = [(), ("once",), ("always",), ("hang",)]
    deeds = [Deed(folder, number, kinds[number % 4] if number < 8 else chance.choice(kinds)) for number in range(count)]
    rescued = {deed.number for deed in deeds if deed.deadly in (("always",), ("hang",))}

    def rescue(deed: Deed, survives: Callable[[Deed], bool]) -> Deed:
        return deed if survives(deed) else deed._replace(number=-deed.number, deadly=())

    started = time.monotonic()
    with closing(local.run(note, deeds, workers=2, rescue=rescue, seconds=lambda _: SECONDS)) as results:
        found = list(results)
    wanted = [-number if number in rescued else number for number in range(count)]
    held = sum(one == other for one, other in zip(found, wanted, strict=True))
    took = (time.monotonic() - started) / count
    return Attempts("batches whose process dies or hangs", count, held, slowest=f"a batch: {took:.1f} s on the whole")


def _side_by_side(wanted: Mapping[str, Known], scratch: Path, times: int = 3) -> Attempts:
    """Of two builds on one output, the one that comes second ends with a line and exit code 2; the other goes on."""
    held = 0
    raw, output = put(scratch / "beside-raw", collection("a")), scratch / "beside"
    for _ in range(times):
        first = Build(raw, output)
        while not (output / "stages").is_dir() and first.process.poll() is None:
            time.sleep(0.01)
        said = first.said.rename(first.said.with_suffix(".first"))
        second = Build(raw, output)
        codes = second.ended(), first.ended()
        line = (second.said if codes[0] else said).read_text("utf-8", "replace").splitlines()[-1]
        good = sorted(codes) == [0, 2] and "another run is at work" in line
        if not good or digests(output / "dataset") != wanted["a"].dataset:
            sys.stderr.write(f"two builds: exit codes {codes}: {line}; {said.read_text('utf-8', 'replace')[-300:]}\n")
            continue
        held += 1
    return Attempts("two builds on one output", times, held)
