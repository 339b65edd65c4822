"""A class of characters, and the quick look whether a text has any of them.

Here belongs the look that most texts end at. What is done about a character belongs to the step that asks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline.code_points import code_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BASIC_PLANE, _MOST_CLASSES = 0x10000, 64


class CharacterClass:
    """The characters of the basic plane that a pattern matches; the pattern matches one character at a time.

    >>> CharacterClass("[āáǎà]").may_occur_in("亳(bó)州"), CharacterClass("[ōóǒò]").may_occur_in("亳(bó)州")
    (False, True)
    >>> CharacterClass("[()]").positions_in("亳(bó)州").tolist()
    [1, 4]

    All classes are looked for at once, in one table with a bit for each, and what was found in a text is remembered
    until another text is asked about: several steps ask about one text in turn. A pattern with many ranges costs ten
    nanoseconds for each character of a Chinese text, the table two, whatever the number of classes.

    A character beyond the basic plane counts as its two halves, U+D800 to U+DFFF. Positions are code points.
    """

    _patterns: ClassVar[list[str]] = []
    _table: ClassVar[NDArray[np.uint64] | None] = None
    _last: ClassVar[tuple[str, NDArray[np.uint64], int]] = ("", np.zeros(0, np.uint64), 0)

    def __init__(self, pattern: str) -> None:
        self._bit = 1 << len(CharacterClass._patterns)
        CharacterClass._patterns.append(pattern)
        CharacterClass._table = None
        CharacterClass._last = ("", np.zeros(0, np.uint64), 0)

    def may_occur_in(self, text: str) -> bool:
        """Whether a text has one of the characters."""
        asked, _, any_of = CharacterClass._last
        if asked is not text:
            _, _, any_of = CharacterClass._look_at(text)
        return bool(any_of & self._bit)

    def positions_in(self, text: str) -> NDArray[np.intp]:
        """Where a text has one of the characters."""
        asked, found, any_of = CharacterClass._last
        if asked is not text:
            _, found, any_of = CharacterClass._look_at(text)
        return np.flatnonzero((found & self._bit) != 0) if any_of & self._bit else _NOWHERE

    def stand_together_in(self, text: str, count: int) -> bool:
        """Whether so many of the characters, two or more, stand side by side in a text.

        >>> [CharacterClass("[À-ÿ]").stand_together_in("ÖÐ ÎÄ", count) for count in (2, 3)]
        [True, False]
        """
        places = self.positions_in(text)
        return bool((places[count - 1 :] - places[: 1 - count] == count - 1).any())

    def among(self, text: str, positions: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of some positions of a text hold one of the characters; the nearest one counts for one outside.

        >>> CharacterClass("[A-Z]").among("aBc", np.array([0, 1, 2])).tolist()
        [False, True, False]
        """
        asked, found, _ = CharacterClass._last
        if asked is not text:
            _, found, _ = CharacterClass._look_at(text)
        if not len(found):
            return np.zeros(len(positions), np.bool_)
        of_class: NDArray[np.bool_] = (found.take(positions, mode="clip") & self._bit) != 0
        return of_class

    @classmethod
    def _look_at(cls, text: str) -> tuple[str, NDArray[np.uint64], int]:
        if CharacterClass._table is None:
            CharacterClass._table = _table(CharacterClass._patterns)
        found = _classes(CharacterClass._table, code_points(text, narrow=True))
        seen = CharacterClass._last = (text, found, int(np.bitwise_or.reduce(found, initial=0)))
        return seen


_NOWHERE = np.zeros(0, np.intp)


def _classes(table: NDArray[np.uint64], points: NDArray[Any]) -> NDArray[np.uint64]:
    """The classes of each code point; one beyond the basic plane is in those of its halves."""
    if points.dtype == np.uint16:
        narrow: NDArray[np.uint64] = table.take(points)
        return narrow
    found: NDArray[np.uint64] = table.take(np.minimum(points, _BASIC_PLANE - 1))
    beyond = np.flatnonzero(points >= _BASIC_PLANE)
    above = points.take(beyond) - _BASIC_PLANE
    found[beyond] = table.take(0xD800 + (above >> 10)) | table.take(0xDC00 + (above & 0x3FF))
    return found


def _table(patterns: list[str]) -> NDArray[np.uint64]:
    if len(patterns) > _MOST_CLASSES:
        message = f"there are {len(patterns)} classes, the table holds {_MOST_CLASSES}: give it a second one"
        raise ValueError(message)
    table = np.zeros(_BASIC_PLANE, np.uint64)
    every = "".join(map(chr, range(_BASIC_PLANE)))
    for number, pattern in enumerate(patterns):
        for run in re.finditer(f"(?:{pattern})+", every):
            table[run.start() : run.end()] |= 1 << number
    return table


LINE_FEED = CharacterClass("\n")
"""Where the lines of a text end."""
