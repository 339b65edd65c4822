"""What a plot shows, in words: for who cannot see it, and for the labels in it.

Here belongs how numbers are written. Names that came from outside are made safe for one line of plain text; whoever
puts them into HTML or Markdown escapes them there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from pipeline.plots.kinds import Bars, Histogram, Timeline
from pipeline.visible import visible

if TYPE_CHECKING:
    from pipeline.plots.kinds import Figure, Slots

NAME_CHARACTERS = 36
HEAD, TAIL = 25, 10
"""A longer name is cut in its middle: its beginning and its end say more."""

TOLD = 8
"""So many values are told; to hear more than these takes longer than to open the table."""

_UNDRAWABLE = re.compile("[^ -~\xa1-\xac\xae-\u024f–—…≥≤×↵→]")
"""What is not Latin, or is no character that stands on its own: fonts differ in what else they have."""

_BYTES = ("B", "kB", "MB", "GB", "TB", "PB", "EB")


def plain(text: str) -> str:
    r"""The text on one line, in characters that every font has.

    >>> plain("数据\x1b[1m.txt")
    '\\u6570\\u636e\\x1b[1m.txt'
    """
    return _UNDRAWABLE.sub(lambda found: found[0].encode("ascii", "backslashreplace").decode(), visible(text))


def short(name: str) -> str:
    """A name from outside as it is shown.

    >>> short("." + "x" * 300 + ".txt")
    '.xxxxxxxxxxxxxxxxxxxxxxxx…xxxxxx.txt'
    """
    if not name.strip():
        return "(blank)"
    # What is cut off anyway is not looked at: a name may be very long.
    name = plain(name if len(name) <= NAME_CHARACTERS else f"{name[:HEAD]}…{name[-TAIL:]}")
    return name if len(name) <= NAME_CHARACTERS else f"{name[:HEAD]}…{name[-TAIL:]}"


def amount(value: float, unit: str = "") -> str:
    """A quantity with its unit; bytes in decimal multiples.

    >>> amount(1_234_567, "characters"), amount(5_200, "bytes"), amount(1, "characters"), amount(999_950, "bytes")
    ('1,234,567 characters', '5.2 kB', '1 character', '1 MB')
    """
    if unit != "bytes":
        return " ".join(filter(None, (f"{value:,.0f}", unit.removesuffix("s") if value == 1 else unit)))
    power = 0
    while float(f"{value:.3g}") >= 1000 and power < len(_BYTES) - 1:  # noqa: PLR2004  per cent  one kilobyte
        value, power = value / 1000, power + 1
    return f"{float(f'{value:.3g}'):g} {_BYTES[power]}"


def share(count: int, total: int) -> str:
    """A share in whole percent, which is 0 or 100 only where it is exactly that.

    >>> share(1, 1000), share(999, 1000), share(1, 2)
    ('<1%', '>99%', '50%')
    """
    percent = 100 * count / total
    return "<1%" if 0 < percent < 1 else ">99%" if 99 < percent < 100 else f"{percent:.0f}%"  # noqa: PLR2004  per cent


def month_name(number: int) -> str:
    """A month by its number.

    >>> month_name(12 * 2018)
    '2018-01'
    """
    return f"{number // 12:04}-{number % 12 + 1:02}"


def slot_name(slots: Slots, first: int) -> str:
    """What a bar of a timeline is called."""
    if slots.unit == "month":
        return month_name(first)
    return str(first) if slots.width == 1 else f"{first}–{first + slots.width - 1}"


def in_words(figure: Figure) -> str:
    """The message of a plot and its main numbers, as plain text on one line."""
    match figure:
        case Bars():
            rows = figure.shown()
            told = [f"{short(row.name)} {row.times:,}" for row in rows[:TOLD]]
            rest = sum(row.times for row in rows[TOLD:])
            names = ", ".join([*told, f"all others {rest:,}"] if rest else told)
            kind, said = "Bar chart", f"{_capital(figure.unit)} by {figure.category}: {names}"
        case Histogram():
            kind = "Histogram on a logarithmic scale"
            said = (
                f"{_capital(figure.quantity)} of {amount(figure.total, figure.counted)}: "
                f"least {amount(figure.least, figure.unit)}, median {amount(figure.median, figure.unit)}, "
                f"greatest {amount(figure.greatest, figure.unit)}"
            )
        case Timeline():
            slots = figure.slots()
            filled = [slot for slot in slots.slots if slot.times]
            most = sorted(filled, key=lambda slot: (-slot.times, slot.first))[:TOLD]
            told = [f"{slot_name(slots, slot.first)} {slot.times:,}" for slot in sorted(most)]
            beyond = figure.total - sum(slot.times for slot in most)
            names = ", ".join([*told, f"at other times {beyond:,}"] if beyond else told)
            kind, said = f"Bar chart by {slots.unit}", f"{_capital(figure.counted)} by {figure.event}: {names}"
        case _:
            assert_never(figure)
    return f"{kind}. {plain(figure.title)}. {said}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
