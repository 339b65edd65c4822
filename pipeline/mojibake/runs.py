"""Runs inside a line that were misread, where the line is intact before and behind them.

Here belongs where such a run begins and ends. Lines that were misread as wholes are found in
:mod:`pipeline.mojibake.stretches`.
"""

from __future__ import annotations

import functools
import re
from itertools import accumulate, islice
from typing import TYPE_CHECKING

import numpy as np

from pipeline.detection.likeness import likeness_of_text, weights_of_units
from pipeline.mojibake.evidence import FEWEST, FORM, HINTS, LEAST_GAIN, LEAST_LIKENESS, Stretch
from pipeline.mojibake.readings import GB_AS_BIG5, GB_AS_HKSCS, LOST, UTF8_AS_GB, WrongReading, back, bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

READ_IN_RUNS = (UTF8_AS_GB, GB_AS_BIG5, GB_AS_HKSCS)
"""The wrong readings that are looked for inside a line. One run is enough: its gain counts as twice :data:`FORM`."""

MOST_RUNS, MOST_LINES = 20, 5_000
"""In a line, and lines of a text: that many are no longer runs in a text that is intact."""

_UTF8_IN_GB = re.compile(rb"(?:(?:[\xe2-\xef][\x80-\xbf]{2}){2}){2,32}")
"""Four characters of Chinese in UTF-8 and more, an even number: so many bytes are whole characters in GBK. Longer runs
are found in parts, so that none is read again and again from each of its bytes."""


def with_runs(whole: Iterable[Stretch], lines: Iterable[re.Match[str]], reading: WrongReading) -> list[Stretch]:
    r"""Add runs to the lines that were misread as wholes: in others that hint at it, or where a line is intact beside.

    >>> line = re.compile(".+").match("各区要抓好落实，甜迵蛂晙肮祭寞赫﹜肮祭膘扢")
    >>> [(run.before, run.after) for run in with_runs([], [line], GB_AS_BIG5)]
    [('甜迵蛂晙肮祭寞赫﹜肮祭膘扢', '并与住宅同步规划、同步建设')]
    """
    found = {stretch.start: stretch for stretch in whole}
    for line in islice(lines, MOST_LINES):
        stretch = found.get(line.start())
        if stretch is not None and reading is UTF8_AS_GB and LOST not in stretch.after:
            continue  # no line is UTF-8 by chance
        runs = list(_utf8_in_gb(line) if reading is UTF8_AS_GB else _gb_in_big5(line, reading))
        if stretch is None or (runs and _is_intact_beside(line, runs, reading)):
            found.pop(line.start(), None)
            found |= {run.start: run for run in runs}
    return list(found.values())


def _utf8_in_gb(line: re.Match[str]) -> Iterator[Stretch]:
    """Runs inside a line that is intact before and behind them: their form is evidence."""
    sizes = [len(bytes_of(character, "gb18030")) for character in line[0]]
    place = {offset: number for number, offset in enumerate(accumulate(sizes, initial=0))}
    content, at = bytes_of(line[0], "gb18030"), 0
    while (run := _UTF8_IN_GB.search(content, at)) is not None:
        first, last = place.get(run.start()), place.get(run.end())
        after = run[0].decode("utf-8", "replace")
        if first is None or last is None or LOST in after:
            at = run.start() + 1  # the second half of a character may look like a beginning, too
            continue
        at = run.end()
        if likeness_of_text(after, "chinese").value >= LEAST_LIKENESS:
            yield Stretch(line.start() + first, line[0][first:last], after, UTF8_AS_GB, 2 * FORM)


def _is_intact_beside(line: re.Match[str], runs: Iterable[Stretch], reading: WrongReading) -> bool:
    rest, at = "", 0
    for run in runs:
        rest += line[0][at : run.start - line.start()]
        at = run.start - line.start() + len(run.before)
    rest += line[0][at:]
    found = likeness_of_text(rest, "chinese")
    return not any(hint in rest for hint in HINTS[reading]) and found.value >= LEAST_LIKENESS + LEAST_GAIN / 2


def _gb_in_big5(line: re.Match[str], reading: WrongReading) -> Iterator[Stretch]:
    """Runs in which each character is one of GBK: where the sum of what each gains, read back, is the most (Kadane)."""
    units = np.frombuffer(line[0].encode("utf-16-le", "surrogatepass"), "<u2")
    if len(units) != len(line[0]):
        return
    gains = _gains(reading).take(units)
    for _ in range(MOST_RUNS):
        sums = np.concatenate(([0.0], np.cumsum(gains)))
        least = np.minimum.accumulate(sums)
        last = int(np.argmax(sums - least))
        first = int(np.argmin(sums[: last + 1]))
        if sums[last] - sums[first] < FORM:
            return
        before = line[0][first:last]
        after = back(before, reading)
        found = likeness_of_text(after, "chinese")
        if len(after) == len(before) > FEWEST and after.isprintable() and found.value >= LEAST_LIKENESS:
            yield Stretch(line.start() + first, before, after, reading, 2 * FORM)
        gains = gains.copy()
        gains[first:last] = -FORM


@functools.cache
def _gains(reading: WrongReading) -> NDArray[np.float64]:
    """Give what each character gains in weight where it is read back; one that has no bytes, or no two, loses."""
    weights = weights_of_units(np.arange(0x10000, dtype=np.uint32), "chinese")
    gains = np.full(0x10000, -float(FORM))
    gains[:0x80] = 0.0
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            raw = bytes((lead, trail))
            read, written = raw.decode(reading.read, "replace"), raw.decode(reading.written, "replace")
            if len(read) == len(written) == 1 and read != LOST and read < "\U00010000" and written < "\U00010000":
                gains[ord(read)] = weights[ord(written)] - weights[ord(read)]
    return gains
