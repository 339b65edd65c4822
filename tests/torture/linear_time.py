"""How long each part of the pipeline takes for an input, and whether that grows faster than the input does.

Here belongs the measuring. The inputs are built in `slow_inputs.py`.
"""

from __future__ import annotations

import gc
import hashlib
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline import recipe, tables
from pipeline.corpus.signals import measured
from pipeline.decoding import decode
from pipeline.detection.encoding import detect_encoding
from pipeline.document import Document, rebuild
from pipeline.sources.files import Input
from pipeline.text import Text, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slow_inputs import Family

_ASSETS: Final = [stage.asset for stage in recipe.STAGES]

LARGEST_GROWTH: Final = 2.5
"""Twice the input may take so many times as long: two is linear, four is quadratic, and clocks are not exact."""

LEAST_SECONDS: Final = 0.05
"""What takes less is measured on a larger input."""


STAGES: Final = (*(stage.name for stage in recipe.STAGES), "what goes on around them")
"""The stages, and beside them: measuring and reading what was found, laying it out in tables, rebuilding."""

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
    reason: str | None


def times(content: bytes) -> Times:
    """What each part of the pipeline takes for a document: steps by their names, and what goes on around them.

    >>> sorted(times("政策".encode()).seconds)[:3]
    ['break_paragraphs', 'compose', 'convert_script']

    They are those of :func:`pipeline.clean` and of the tables of the stages.
    """
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
    with _timed(seconds, "lay out"):
        tables.laid_out([one], assets=_ASSETS)
    with _timed(seconds, "rebuild"):
        same = rebuild(document) == content
    assert same
    return Times(seconds, None)


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Add the processor time of what is done within; a part that runs twice is added up."""
    began = time.process_time()
    yield
    seconds[name] = seconds.get(name, 0.0) + time.process_time() - began


class Growth(NamedTuple):
    """How much longer one part takes for twice the input, and how long for the larger one, of so many bytes."""

    part: str
    family: str
    times: float
    seconds: float
    size: int


class Doubled(NamedTuple):
    """What came of doubling an input: parts that grow too fast, and how long each took for the largest, of `size`."""

    growths: list[Growth]
    size: int
    seconds: dict[str, float]

    def speeds(self) -> dict[str, float]:
        """Bytes a second by part, of those that took long enough to be measured."""
        return {part: self.size / taken for part, taken in self.seconds.items() if taken > LEAST_SECONDS / 10}


def doubled(family: Family, *, size: int, largest: int) -> Doubled:
    """The parts that take far longer for twice the input, again and again.

    An input is doubled up to `largest`, once some part takes long enough to be measured. What seems to grow too fast is
    measured again, the best of three, on twice the input: a clock that stood still for a moment is no finding.
    """
    before = times(family.of(size)).seconds
    found: list[Growth] = []
    while True:
        after = times(family.of(2 * size)).seconds
        for part in _suspects(before, after):
            found += _confirmed(family, part, 2 * size)
        size, before = 2 * size, after
        if found or size >= largest:
            break
    return Doubled(found, size, before)


def _suspects(before: dict[str, float], after: dict[str, float]) -> list[str]:
    return [
        part for part, seconds in before.items() if after.get(part, 0.0) > max(LEAST_SECONDS, LARGEST_GROWTH * seconds)
    ]


def _confirmed(family: Family, part: str, size: int) -> list[Growth]:
    """The growth of one part, where it is as large on the next two doublings."""
    growth = seconds = 0.0
    for _ in range(2):
        small, large = best(family.of(size), part), best(family.of(2 * size), part)
        growth, seconds, size = large / max(small, 1e-9), large, 2 * size
        if growth <= LARGEST_GROWTH or large < LEAST_SECONDS:
            return []
    return [Growth(part, family.name, growth, seconds, size)]


def best(content: bytes, part: str, *, tries: int = 3) -> float:
    """The shortest time that a part took for an input."""
    found = []
    for _ in range(tries):
        gc.collect()
        found.append(times(content).seconds.get(part, 0.0))
    return min(found)
