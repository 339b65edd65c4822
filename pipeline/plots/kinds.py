"""The kinds of plot, and the numbers that each one shows.

Here belongs what a figure is before it is drawn or told: what is left of a long tail, which months make a bar. Colours,
pixels and fonts belong in :mod:`pipeline.plots.drawing`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = 16
"""So many bars are told apart at a glance; what is left is one bar more."""

MONTHS = 24
"""Where all dates lie within so many months, each month has a bar."""

SLOTS = 80
"""A timeline has at most about so many bars: with more, single years could not be told apart."""

STRAGGLERS = 0.01
"""Such a share of the dates on either side may lie beyond the timeline, in a bar of its own."""

Tone: TypeAlias = Literal["plain", "warn", "rest"]
"""How a bar is coloured: as the subject, as what deserves a look, or as what is not the subject."""


class Row(NamedTuple):
    """One category and how often it occurs."""

    name: str
    times: int
    tone: Tone = "plain"


class Bars(NamedTuple):
    """Categories by how often they occur.

    `title` is the message, without a full stop; `category` says what the names are, `unit` what is counted.
    """

    title: str
    category: str
    unit: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(row.times for row in self.rows)

    def shown(self) -> tuple[Row, ...]:
        """The bars that are drawn: the longest first, and what is left in one.

        >>> rows = tuple(Row(f"rule {n:02}", n) for n in range(60))
        >>> shown = Bars("", "rule", "edits", rows).shown()
        >>> shown[0], shown[-1]
        (Row(name='rule 59', times=59, tone='plain'), Row(name='others (43)', times=946, tone='rest'))

        Categories that do not occur have no bar.
        """
        rows = sorted((row for row in self.rows if row.times), key=lambda row: (-row.times, row.name))
        if len(rows) <= ROWS + 1:
            return tuple(rows)
        tail = rows[ROWS:]
        return (*rows[:ROWS], Row(f"others ({len(tail):,})", sum(row.times for row in tail), "rest"))


class Bin(NamedTuple):
    """How many values are at least `low` and less than `high`."""

    low: int
    high: int
    times: int


class Histogram(NamedTuple):
    """How sizes are spread, in bins whose width grows with the size.

    The bins are consecutive and begin above 0; `zeros` are counted beside them. `quantity` and `unit` say what is
    measured ("length", "characters"), `counted` what has that size ("texts"). `median` is of all, the zeros too.
    """

    title: str
    quantity: str
    unit: str
    counted: str
    bins: tuple[Bin, ...]
    zeros: int
    least: int
    median: int
    greatest: int

    @property
    def total(self) -> int:
        """How many were counted."""
        return self.zeros + sum(one.times for one in self.bins)


class Slot(NamedTuple):
    """One bar of a timeline: `first` is the number of its first year, or of its month counted from year 0."""

    first: int
    times: int


class Slots(NamedTuple):
    """The bars of a timeline, each `width` years or months wide, without a gap; and how many dates lie beyond them."""

    unit: Literal["year", "month"]
    width: int
    slots: tuple[Slot, ...]
    before: int
    after: int


class Timeline(NamedTuple):
    """When something happened. `months` are numbers of months, 12 * year + month - 1, each with a count."""

    title: str
    event: str
    counted: str
    months: tuple[tuple[int, int], ...]

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(count for _, count in self.months)

    def slots(self) -> Slots:
        """The bars that are drawn: months where the dates lie close together, years otherwise, decades for centuries.

        >>> Timeline("", "publication", "documents", ((12 * 2018, 3), (12 * 2020 + 5, 1))).slots().slots
        (Slot(first=2018, times=3), Slot(first=2019, times=0), Slot(first=2020, times=1))

        A few dates that lie far from all others are counted beside the bars, so that these stay legible.
        """
        counts = [(month, count) for month, count in sorted(self.months) if count]
        if not counts:
            return Slots("year", 1, (), 0, 0)
        if counts[-1][0] - counts[0][0] < MONTHS:
            return _slots("month", counts, counts)
        by_year = groupby(counts, key=lambda item: item[0] // 12)
        years = [(year, sum(count for _, count in group)) for year, group in by_year]
        return _slots("year", years, years if _span(years) <= SLOTS else _without_stragglers(years))


def _slots(
    unit: Literal["year", "month"], counts: Sequence[tuple[int, int]], inner: Sequence[tuple[int, int]]
) -> Slots:
    """The bars from the first of `inner` to its last, which are some of `counts`."""
    width = next(
        step * 10**power for power in range(8) for step in (1, 2, 5) if _span(inner) <= step * 10**power * SLOTS
    )
    first, last = inner[0][0] // width, inner[-1][0] // width
    grouped = {slot: sum(n for _, n in group) for slot, group in groupby(counts, key=lambda item: item[0] // width)}
    return Slots(
        unit,
        width,
        tuple(Slot(slot * width, grouped.get(slot, 0)) for slot in range(first, last + 1)),
        before=sum(count for slot, count in grouped.items() if slot < first),
        after=sum(count for slot, count in grouped.items() if slot > last),
    )


def _span(counts: Sequence[tuple[int, int]]) -> int:
    return counts[-1][0] - counts[0][0] + 1


def _without_stragglers(years: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The years without the first and the last few dates, but with those of them that lie near the others."""
    few = STRAGGLERS * sum(count for _, count in years)
    first, last = 0, len(years) - 1
    spare = few
    while (spare := spare - years[first][1]) >= 0:
        first += 1
    spare = few
    while (spare := spare - years[last][1]) >= 0:
        last -= 1
    while last + 1 < len(years) and years[last + 1][0] - years[first][0] < SLOTS:
        last += 1
    while first > 0 and years[last][0] - years[first - 1][0] < SLOTS:
        first -= 1
    return years[first : last + 1]


Figure: TypeAlias = Bars | Histogram | Timeline
"""What can be drawn and told."""
