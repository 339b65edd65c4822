"""How long each part of the pipeline takes for an input, and whether that grows faster than the input does.

Here belongs the measuring. The inputs are built in `slow_inputs.py` and the files that it names; what else grows, such
as a container with its members, is built in `growing.py`.
"""

from __future__ import annotations

import gc
import hashlib
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import after_cleaning

from pipeline import recipe, tables
from pipeline.corpus.signals import measured
from pipeline.decoding import decode
from pipeline.detection.encoding import detect_encoding
from pipeline.document import Document, rebuild
from pipeline.sources.files import Input
from pipeline.text import Text, name_of
from pipeline.time_limit import time_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slow_inputs import Family

LARGEST_GROWTH: Final = 2.5
"""Twice the input may take so many times as long: two is linear, four is quadratic, and clocks are not exact."""

LEAST_SECONDS: Final = 0.05
"""What takes less is measured on a larger input."""

SLOWEST_BYTES_A_SECOND: Final = 20_000
"""So many bytes at the least go through everything in a second of processor time; what is slower is not waited for.

A machine that does other things meanwhile is twenty times as fast."""

_LONG_ENOUGH: Final = 1.0
"""Seconds that no clock makes out of nothing: what takes so long is measured once."""

_LEAST_PATIENCE: Final = 20.0
"""Seconds for an input that is small: some of what is done takes as long for every input."""


STAGES: Final = (*(stage.name for stage in recipe.STAGES), "what goes on around them")
"""The stages, and beside them: measuring and reading what was found, rebuilding, and all of `after_cleaning.py`."""

_STAGE_OF: Final = {name_of(step): stage.name for stage in recipe.STAGES for step in stage.steps} | dict.fromkeys(
    ("detect_encoding", "decode"), "decode"
)


def stage_of(part: str) -> str:
    """The one of :data:`STAGES` that a part belongs to.

    >>> stage_of("detect_encoding"), stage_of("resolve_conflicts"), stage_of("rebuild")
    ('decode', 'reconcile', 'what goes on around them')
    """
    return _STAGE_OF.get(part, STAGES[-1])


class Times(NamedTuple):
    """Seconds of processor time by part of the pipeline, and why the document was set aside, where it was."""

    seconds: dict[str, float]
    reason: str | None = None

    @property
    def is_unread(self) -> bool:
        """Whether it was set aside before anything but the detection had it: nothing was tried with it."""
        return set(self.seconds) == {"detect_encoding"}


def times(content: bytes) -> Times:
    """What each part of the pipeline takes for a document: steps by their names, and what goes on around them.

    >>> sorted(times("政策".encode()).seconds)[:3]
    ['break_paragraphs', 'compose', 'convert_script']

    They are those of :func:`pipeline.clean`, of a document in memory that is rebuilt, and of :mod:`after_cleaning`.
    Raises :class:`pipeline.time_limit.OutOfTime` where it takes too long by far, with a note that says in which part.
    """
    with time_limit(max(_LEAST_PATIENCE, len(content) / SLOWEST_BYTES_A_SECOND)):
        return _times(content)


def _times(content: bytes) -> Times:
    seconds: dict[str, float] = {}
    detection = None
    with _timed(seconds, "detect_encoding"):
        detection = detect_encoding(content)
    if detection.reason is not None:
        return Times(seconds, detection.reason)
    with _timed(seconds, "decode"):
        text, decoding = decode(content, detection.runs)
    history = Text(text)
    depths: dict[str, int] = {}
    counts: dict[str, int] = {}
    for stage in recipe.STAGES:
        for step in stage.steps:
            with _timed(seconds, name_of(step)):
                history = history.revise(step)
        for finding in history.findings:
            if finding.kind == "set_aside":
                return Times(seconds, finding.value)
        depths[stage.name] = len(history.revisions)
        counts[stage.name] = len(history.findings)
    with _timed(seconds, "measure"):
        signals = measured(history.value)
    with _timed(seconds, "read"):
        readings = recipe.read(history, signals=signals)
    digest = hashlib.sha256(content).hexdigest()
    document = Document(
        "a.txt", digest, len(content), decoding, history, depths, finding_counts=counts, read=lambda _: readings
    )
    with _timed(seconds, "record"):
        one = tables.record(Input("a.txt", Path("a.txt"), len(content), digest), document)
    with _timed(seconds, "rebuild"):
        same = rebuild(document) == content
    assert same
    if not history.value:
        return Times(seconds, "empty_body")
    with tempfile.TemporaryDirectory(prefix="zhengwen-") as folder:
        after_cleaning.published(one, Path(folder), partial(_timed, seconds))
    return Times(seconds)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the processor time of what is done within; a part that runs twice is added up."""
    began = time.process_time()
    try:
        yield
    except Exception as error:
        error.add_note(f"in {name}")
        raise
    seconds[name] = seconds.get(name, 0.0) + time.process_time() - began


class Growth(NamedTuple):
    """How much longer one part takes for twice the input, and how long for the larger one, of so many bytes."""

    part: str
    family: str
    times: float
    seconds: float
    size: int


class Doubled(NamedTuple):
    """What came of doubling an input: parts that grow too fast, and how long each took for the largest, of `size`.

    `before` is how long each took for half of that.
    """

    growths: list[Growth]
    size: int
    before: dict[str, float]
    last: Times

    def speeds(self) -> dict[str, float]:
        """Bytes a second by part, of those that took long enough to be measured.

        They are those of the second half: what takes as long for every input, as to write a file does, is no speed.
        """
        took = {part: taken - self.before.get(part, 0.0) for part, taken in self.last.seconds.items()}
        return {part: self.size / 2 / taken for part, taken in took.items() if taken > LEAST_SECONDS / 5}


class Growing(NamedTuple):
    """Something of any size, and how long the parts of the pipeline take for it."""

    name: str
    times: Callable[[int], Times]


def of_family(family: Family) -> Growing:
    """A document of a family."""
    return Growing(family.name, lambda size: times(family.of(size)))


def doubled(growing: Growing, *, size: int, largest: int) -> Doubled:
    """The parts that take far longer for twice the input, again and again.

    An input is doubled up to `largest`, once some part takes long enough to be measured. What seems to grow too fast is
    measured again, the best of three, on twice the input: a clock that stood still for a moment is no finding.
    """
    before = growing.times(size).seconds
    found: list[Growth] = []
    while True:
        after = growing.times(2 * size)
        for part in _suspects(before, after.seconds):
            found += _confirmed(growing, part, 2 * size)
        size *= 2
        if found or size >= largest or after.is_unread:
            return Doubled(found, size, before, after)
        before = after.seconds


def _suspects(before: dict[str, float], after: dict[str, float]) -> list[str]:
    return [
        part for part, seconds in before.items() if after.get(part, 0.0) > max(LEAST_SECONDS, LARGEST_GROWTH * seconds)
    ]


def _confirmed(growing: Growing, part: str, size: int) -> list[Growth]:
    """The growth of one part, where it is as large on the next three doublings, or on one that took long.

    On two, a machine that does other things has seemed to prove it of a part that is linear.
    """
    growth = seconds = 0.0
    for _ in range(3):
        small, large = _best(growing, size, part), _best(growing, 2 * size, part)
        growth, seconds, size = large / max(small, 1e-9), large, 2 * size
        if growth <= LARGEST_GROWTH or large < LEAST_SECONDS:
            return []
        if large > _LONG_ENOUGH:
            break
    return [Growth(part, growing.name, growth, seconds, size)]


def _best(growing: Growing, size: int, part: str, *, tries: int = 3) -> float:
    """The shortest time that a part took for an input."""
    found: list[float] = []
    while len(found) < tries and not (found and found[-1] > _LONG_ENOUGH):
        gc.collect()
        found.append(growing.times(size).seconds.get(part, 0.0))
    return min(found)
