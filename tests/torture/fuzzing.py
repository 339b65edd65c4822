"""Hostile bytes by chance, by the coverage of the code, and built for slowness: what came of them.

Here belongs how long each is tried and what is counted. What has to hold is said in `targets.py`, what pieces there are
in `hostile_pieces.py`, what may be slow in `slow_inputs.py` and `pattern_inputs.py`.
"""

from __future__ import annotations

import importlib.util
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attempts import Attempts
from hostile_pieces import glued
from linear_time import STAGES, doubled, stage_of, times
from pattern_inputs import from_patterns
from slow_inputs import Family, encoded, families, placed
from targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REGRESSIONS = Path(__file__).resolve().parents[1] / "regressions"
"""Inputs that once broke a law, or nearly, a folder for each target."""


class _Form(NamedTuple):
    """How much is tried: seconds by chance and by coverage, and how many families, of how many bytes."""

    seconds_by_chance: float
    seconds_by_coverage: int
    families: int
    size: int
    largest: int
    huge: int


_SHORT = _Form(seconds_by_chance=8, seconds_by_coverage=4, families=12, size=1 << 16, largest=1 << 17, huge=0)
_LONG = _Form(
    seconds_by_chance=120, seconds_by_coverage=60, families=200, size=1 << 16, largest=1 << 18, huge=10_000_000
)
_BY_COVERAGE_SHORT = ("document", "conflicts", "containers")
"""In the short form these alone: each has a process of its own, which needs seconds to begin."""

_SEED = 20_240_305


def attempts(*, long: bool, scratch: Path) -> Iterator[Attempts]:
    """Kept regressions, glued bytes, bytes led by coverage, and inputs built for slowness."""
    form = _LONG if long else _SHORT
    seed = time.time_ns() % 1_000_000 if long else _SEED
    print(f"The seed is {seed}", file=sys.stderr)
    yield _again()
    yield _by_chance(form.seconds_by_chance, seed, scratch)
    targets = tuple(TARGETS) if long else _BY_COVERAGE_SHORT
    yield by_coverage(targets, form.seconds_by_coverage, seed, scratch)
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it
    every = [*families(), *placed(), *encoded(), *from_patterns(chance)]
    yield from _grows(chance.sample(every, form.families), form.size, form.largest)
    if form.huge:
        yield _huge(chance.sample(every, 8), form.huge)


def _again() -> Attempts:
    """Every kept regression again."""
    kept = [(file.parent.name, file.read_bytes()) for file in sorted(REGRESSIONS.glob("*/*"))]
    survived = sum(_holds(target, content) for target, content in kept)
    return Attempts("inputs that once broke it", len(kept), survived)


def _by_chance(seconds: float, seed: int, scratch: Path) -> Attempts:
    """Documents glued of hostile pieces, for each target in turn, until the time is over."""
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it
    tried = survived = 0
    slowest, which = 0.0, ""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for target in TARGETS:
            content = glued(chance.randbytes(chance.choice((4, 20, 60, 150))))
            if target == "containers":
                content = chance.randbytes(2) + content
            began = time.process_time()
            held = _holds(target, content, keep=scratch)
            taken = time.process_time() - began
            if taken > slowest:
                slowest, which = taken, f"{target}: {taken:.2f} s for {len(content):,} bytes"
            tried += 1
            survived += held
    return Attempts("bytes glued of hostile pieces", tried, survived, slowest=which)


def _holds(target: str, content: bytes, *, keep: Path | None = None) -> bool:
    """Whether a law holds for an input; one that breaks it is said, and written into a folder."""
    try:
        TARGETS[target](content)
    except Exception as error:  # noqa: BLE001  whatever it is, the law is broken
        print(f"{target}: {type(error).__name__}: {error}", file=sys.stderr)
        if keep is not None:
            _keep(keep, target, content)
        return False
    return True


def _keep(scratch: Path, target: str, content: bytes) -> None:
    """Show an input that broke a law: the scratch folder goes away."""
    (scratch / f"broke-{target}").write_bytes(content)
    print(f"{target} broke for {content!r}", file=sys.stderr)


_TRIED = re.compile(rb"stat::number_of_executed_units:\s*(\d+)")
_SLOWEST = re.compile(rb"stat::slowest_unit_time_sec:\s*(\d+)")


def by_coverage(targets: Sequence[str], seconds: int, seed: int, scratch: Path) -> Attempts:
    """A coverage-guided search for each target, in a process of its own."""
    kind = "bytes led by the coverage of the code"
    if importlib.util.find_spec("atheris") is None:
        return Attempts(kind, 0, 0, not_run="atheris is not installed (requirements-fuzz.lock)")
    tried = broke = slowest = 0
    for target in targets:
        corpus = scratch / f"corpus-{target}"
        corpus.mkdir()
        for file in sorted((REGRESSIONS / target).glob("*")):
            (corpus / file.name).write_bytes(file.read_bytes())
        chance = random.Random(seed)  # noqa: S311  no secret hangs on it
        for number in range(40):
            (corpus / f"begin-{number}").write_bytes(glued(chance.randbytes(30)))
        ran = subprocess.run(
            [sys.executable, Path(__file__).with_name("coverage_guided.py"), target, str(seconds), str(seed), corpus],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        found = _TRIED.search(ran.stderr)
        tried += int(found[1]) if found else 1
        took = _SLOWEST.search(ran.stderr)
        slowest = max(slowest, int(took[1]) if took else 0)
        if ran.returncode:
            broke += 1
            for file in [file for name in ("crash-*", "timeout-*", "oom-*") for file in corpus.glob(name)]:
                _keep(scratch, target, file.read_bytes())
            print(ran.stderr.decode("utf-8", "replace")[-3000:], file=sys.stderr)
    return Attempts(kind, tried, tried - broke, slowest=f"less than {slowest + 1} s")


def _grows(chosen: Sequence[Family], size: int, largest: int) -> Iterator[Attempts]:
    """Inputs built for slowness, at sizes that double: no part may take far more than twice as long.

    A line for each stage says which input is the slowest there; one that a former stage sets aside is not tried in it.
    """
    tried: Counter[str] = Counter()
    slow: Counter[str] = Counter()
    slowest: dict[str, tuple[float, str]] = {}
    broken = 0
    for family in chosen:
        try:
            came = doubled(family, size=size, largest=largest)
        except Exception as error:  # noqa: BLE001  a step that stops, or bytes that are not had back
            print(f"{family.name}: {type(error).__name__}: {error}", file=sys.stderr)
            broken += 1
            continue
        for growth in came.growths:
            print(f"not linear: {growth}", file=sys.stderr)
        slow.update({stage_of(growth.part) for growth in came.growths})
        tried.update({stage_of(part) for part in came.seconds})
        for part, speed in came.speeds().items():
            said = speed, f"{part}: {speed / 1e6:.2f} MB/s ({family.name})"
            slowest[stage_of(part)] = min(said, slowest.get(stage_of(part), said))
    yield Attempts("inputs built for slowness, doubled", len(chosen), len(chosen) - broken)
    for stage in STAGES:
        which = slowest[stage][1] if stage in slowest else ""
        yield Attempts(f"of these, in {stage}", tried[stage], tried[stage] - slow[stage], slowest=which)


def _huge(chosen: Sequence[Family], size: int) -> Attempts:
    """A few of them at full size, through everything."""
    survived, slowest, which = 0, 0.0, ""
    for family in chosen:
        try:
            seconds = times(family.of(size)).seconds
        except Exception as error:  # noqa: BLE001  as above
            print(f"{family.name}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        survived += 1
        part = max(seconds, key=seconds.__getitem__)
        if seconds[part] > slowest:
            slowest, which = seconds[part], f"{part}: {seconds[part]:.0f} s ({family.name})"
    return Attempts(f"inputs of {size // 1_000_000} MB built for slowness", len(chosen), survived, slowest=which)
