"""Hostile bytes by chance, by the coverage of the code, and built for slowness: what came of them.

Here belongs how long each is tried and what is counted. What has to hold is said in `targets.py`, what pieces there are
in `hostile_pieces.py`, what may be slow in `slow_inputs.py`, `distinct_inputs.py`, `pattern_inputs.py`, `growing.py`.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import growing
from attempts import Attempts
from distinct_inputs import distinct
from hostile_pieces import glued
from linear_time import SLOWEST_BYTES_A_SECOND, STAGES, Growing, doubled, of_family, stage_of, times
from pattern_inputs import from_patterns
from slow_inputs import Family, encoded, families, placed
from targets import TARGETS

from pipeline.time_limit import time_limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linear_time import Doubled

REGRESSIONS = Path(__file__).resolve().parents[1] / "regressions"
"""Inputs that once broke a law, or nearly, a folder for each target."""


class _Form(NamedTuple):
    """How much is tried: seconds by chance and by coverage, and how many families, of how many bytes.

    Of `distinct` families and of containers that grow so many are tried, all where it is None; `families` are of the
    others.
    """

    seconds_by_chance: float
    seconds_by_coverage: int
    distinct: int | None
    families: int
    containers: int | None
    collections: int | None
    size: int
    largest: int
    huge: int


_SHORT = _Form(
    seconds_by_chance=6,
    seconds_by_coverage=3,
    distinct=4,
    families=6,
    containers=4,
    collections=1,
    size=1 << 15,
    largest=1 << 16,
    huge=0,
)
_LONG = _Form(
    seconds_by_chance=120,
    seconds_by_coverage=60,
    distinct=None,
    families=200,
    containers=None,
    collections=None,
    size=1 << 16,
    largest=1 << 17,
    huge=8,
)
_HUGE_BYTES = 10_000_000
_BY_COVERAGE_SHORT = ("document", "conflicts", "containers")
"""In the short form these alone: each has a process of its own, which needs seconds to begin."""

_LONGEST_LAW_SECONDS = 60
"""Of the processor's time: so long a small input may take before a law is taken for broken."""

_LEAST_SECONDS_HUNG = 1_800
"""After so many seconds of the clock what cannot be interrupted ends its process, and says where it hung."""


def attempts(*, long: bool, scratch: Path, seed: int) -> Iterator[Attempts]:
    """Kept regressions, glued bytes, bytes led by coverage, and inputs built for slowness."""
    form = _LONG if long else _SHORT
    yield _again()
    yield _by_chance(form.seconds_by_chance, seed, scratch)
    targets = tuple(TARGETS) if long else _BY_COVERAGE_SHORT
    yield by_coverage(targets, form.seconds_by_coverage, seed, scratch)
    several, others = chosen(seed, form.distinct, form.families)
    yield from grows([*several, *others], form.size, form.largest)
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it
    containers, alike = list(growing.containers()), list(growing.alike())
    some = chance.sample(containers, form.containers or len(containers))
    yield _grow("containers of many members, doubled", some, form.size // 2, form.largest // 2)
    some = chance.sample(alike, form.collections or len(alike))
    yield _grow("collections of documents that are alike, doubled", some, 500, 1_000)
    if form.huge:
        yield huge(chance.sample([*several, *others], len(several) + len(others)), form.huge, _HUGE_BYTES)


def chosen(seed: int, several: int | None, others: int) -> tuple[list[Family], list[Family]]:
    """So many families of distinct things, all for None, and so many of the others, by a seed.

    >>> few, others = chosen(1, 2, 3)
    >>> len(few), len(others), few == chosen(2, 2, 3)[0]
    (2, 3, False)
    """
    chance = random.Random(seed)  # noqa: S311  no secret hangs on it
    every = [*families(), *placed(), *encoded(), *from_patterns(chance)]
    distinct_ones = list(distinct())
    return chance.sample(distinct_ones, len(distinct_ones) if several is None else several), chance.sample(
        every, others
    )


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
        with time_limit(_LONGEST_LAW_SECONDS):
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


def grows(tried: Sequence[Family], size: int, largest: int) -> Iterator[Attempts]:
    """Inputs built for slowness, at sizes that double: no part may take far more than twice as long.

    A line for each stage says which input is the slowest there; one that a former stage sets aside is not tried in it.
    """
    tries: Counter[str] = Counter()
    slow: Counter[str] = Counter()
    slowest: dict[str, tuple[float, str]] = {}
    survived = unread = 0
    for family in tried:
        came = _doubled(of_family(family), size, largest)
        if came is None:
            continue
        unread += came.last.is_unread
        survived += not came.last.is_unread
        slow.update({stage_of(growth.part) for growth in came.growths})
        tries.update({stage_of(part) for part in came.last.seconds})
        for part, speed in came.speeds().items():
            said = speed, f"{part}: {speed / 1e6:.2f} MB/s ({family.name})"
            slowest[stage_of(part)] = min(said, slowest.get(stage_of(part), said))
    yield Attempts(f"inputs built for slowness, doubled{_besides(unread)}", len(tried) - unread, survived)
    for stage in STAGES:
        which = slowest[stage][1] if stage in slowest else ""
        if tries[stage]:
            yield Attempts(f"of these, in {stage}", tries[stage], tries[stage] - slow[stage], slowest=which)


def _besides(unread: int) -> str:
    """How many were no text to begin with: nothing was tried with them."""
    return f" ({unread} more were set aside unread)" if unread else ""


def _doubled(one: Growing, size: int, largest: int) -> Doubled | None:
    """What came of doubling; None where an input broke something, or took so long that nobody waits for it."""
    with _none_hangs():
        try:
            came = doubled(one, size=size, largest=largest)
        except Exception as error:  # noqa: BLE001  a step that stops, bytes that are not had back, time that is over
            _say(one.name, error)
            return None
    for growth in came.growths:
        print(f"not linear: {growth}", file=sys.stderr)
    return came


def _grow(kind: str, tried: Sequence[Growing], size: int, largest: int) -> Attempts:
    """The same of what is no document."""
    survived, slowest, which = 0, 0.0, ""
    for one in tried:
        came = _doubled(one, size, largest)
        survived += came is not None and not came.growths
        for part, seconds in [] if came is None else came.last.seconds.items():
            if seconds > slowest:
                slowest, which = seconds, f"{part}: {seconds:.2f} s ({one.name})"
    return Attempts(kind, len(tried), survived, slowest=which)


def huge(waiting: Sequence[Family], wanted: int, size: int) -> Attempts:
    """So many of them at full size, through everything, none of them more slowly than it may be.

    One that is set aside at its detection is not tried, and another one is in its place.
    """
    tried = survived = unread = 0
    slowest, which = 0.0, ""
    for family in waiting:
        if tried == wanted:
            break
        tried += 1
        with _none_hangs(size):
            try:
                came = times(family.of(size))
            except Exception as error:  # noqa: BLE001  as above
                _say(family.name, error)
                continue
        if came.is_unread:
            tried, unread = tried - 1, unread + 1
            continue
        survived += 1
        part = max(came.seconds, key=came.seconds.__getitem__)
        if came.seconds[part] > slowest:
            slowest, which = came.seconds[part], f"{part}: {came.seconds[part]:.0f} s ({family.name})"
    kind = f"inputs of {size // 1_000_000} MB built for slowness{_besides(unread)}"
    return Attempts(kind, tried, survived, slowest=which)


def _say(name: str, error: Exception) -> None:
    where = "".join(f", {note}" for note in getattr(error, "__notes__", []))
    print(f"{name}: {type(error).__name__}: {error}{where}", file=sys.stderr)


@contextmanager
def _none_hangs(size: int = 0) -> Iterator[None]:
    """End this process where a library hangs in what is done here: the limit of processor time cannot interrupt it."""
    faulthandler.dump_traceback_later(max(_LEAST_SECONDS_HUNG, 4 * size / SLOWEST_BYTES_A_SECOND), exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
