"""Figures laid out for a page: bars as rows of a table, histograms and timelines as columns side by side.

Here belong sizes and labels. The page draws them itself: they follow its colours by day and by night, their words can
be read aloud, and nothing has to be imported for them; for Dagster's pages, which show images alone,
:mod:`pipeline.plots` has matplotlib draw the same figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, assert_never

from pipeline.plots import Bars, Histogram, Timeline, amount
from pipeline.plots.words import TOLD, share, slot_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.plots import Figure

WIDTH, HEIGHT = 640, 130
"""Of a chart of columns, without its labels, in units of its own: the page scales it."""

LABELS = 8
"""About so many columns have their name below them."""

NUMBERED = 24
"""Of more columns than these, numbers would run into one another."""

_GAP = 0.15
"""Of a column's share of the width, this much is left free."""


class Bar(NamedTuple):
    """One bar of a table: `length` is in percent of the longest; `others` is how many names it stands for, if many."""

    name: str
    times: int
    share: str
    length: float
    tone: str
    others: int = 0


class Column(NamedTuple):
    """One column: its place and size, what it is and how often that occurs.

    `label` stands below it and `number` above; both are empty where there is no room for them.
    """

    x: float
    y: float
    width: float
    height: float
    name: str
    times: int
    label: str
    number: str


class Columns(NamedTuple):
    """A chart of columns; `values` has its main numbers, which a phrase says to who cannot see it."""

    columns: tuple[Column, ...]
    values: Mapping[str, str]


def laid_out(figure: Figure) -> tuple[Bar, ...] | Columns:
    """A figure of any kind, as bars or as columns."""
    match figure:
        case Bars():
            return bars(figure)
        case Histogram() | Timeline():
            return columns(figure)
        case _:
            assert_never(figure)


def bars(figure: Bars) -> tuple[Bar, ...]:
    """The bars of a figure, the longest first.

    >>> from pipeline.plots import Bars, Row
    >>> bars(Bars("", "encoding", "files", (Row("utf-8", 3), Row("gb18030", 1))))[1]
    Bar(name='gb18030', times=1, share='25%', length=33.33, tone='plain', others=0)
    """
    rows = figure.shown()
    longest = max((row.times for row in rows), default=1)
    beyond = sum(row.times > 0 for row in figure.rows) - len(rows)
    others = [*[0] * (len(rows) - 1), beyond + 1 if beyond else 0]
    return tuple(
        Bar(row.name, row.times, share(row.times, figure.total), round(100 * row.times / longest, 2), row.tone, many)
        for row, many in zip(rows, others, strict=False)
    )


def columns(figure: Histogram | Timeline) -> Columns:
    """The columns of a figure, in their order.

    >>> from pipeline.plots import Timeline
    >>> for column in columns(Timeline("", "publication", "documents", ((12 * 2018, 3), (12 * 2020, 1)))).columns:
    ...     print(column.name, column.times, column.height)
    2018 3 130.0
    2019 0 0.0
    2020 1 43.33
    """
    named = _named(figure)
    highest = max((times for _, times in named), default=0) or 1
    every = -(-len(named) // LABELS) or 1
    step = WIDTH / max(len(named), LABELS)
    found = []
    for number, (name, times) in enumerate(named):
        height = HEIGHT * times / highest
        found.append(
            Column(
                round(step * (number + _GAP / 2), 2),
                round(HEIGHT - height, 2),
                round(step * (1 - _GAP), 2),
                round(height, 2),
                name,
                times,
                label=name.partition("–")[0] if number % every == 0 else "",
                number=f"{times:,}" if len(named) <= NUMBERED and times else "",
            )
        )
    return Columns(tuple(found), _values(figure, named))


def _values(figure: Histogram | Timeline, named: Sequence[tuple[str, int]]) -> dict[str, str]:
    total = f"{figure.total:,}"
    if isinstance(figure, Histogram):
        sizes = {"least": figure.least, "median": figure.median, "greatest": figure.greatest}
        return {"total": total, **{name: f"{size:,}" for name, size in sizes.items()}}
    most = sorted((times, place) for place, (_, times) in enumerate(named) if times)[-TOLD:]
    places = sorted(place for _, place in most)
    return {"total": total, "told": ", ".join(f"{named[place][0]} {named[place][1]:,}" for place in places)}


def _named(figure: Histogram | Timeline) -> list[tuple[str, int]]:
    if isinstance(figure, Histogram):
        return [("0", figure.zeros)] * (figure.zeros > 0) + [
            (amount(one.low) if one.high == one.low + 1 else f"{amount(one.low)}–{amount(one.high - 1)}", one.times)
            for one in figure.bins
        ]
    slots = figure.slots()
    here = [(slot_name(slots, slot.first), slot.times) for slot in slots.slots]
    before = [(f"< {here[0][0]}", slots.before)] * (slots.before > 0) if here else []
    after = [(f"> {here[-1][0]}", slots.after)] * (slots.after > 0) if here else []
    return [*before, *here, *after]
