"""A class of characters, and the quick look whether a text has any of them.

Here belongs the look that most texts end at. What is done about a character belongs to the step that asks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CODEC, _UNIT, _UNIT_COUNT, _MOST_CLASSES = "utf-16-le", np.dtype("<u2"), 0x10000, 16


class CharacterClass:
    """The characters of the basic plane that a pattern matches; the pattern matches one character at a time.

    >>> CharacterClass("[āáǎà]").may_occur_in("亳(bó)州"), CharacterClass("[ōóǒò]").may_occur_in("亳(bó)州")
    (False, True)

    All classes are looked for at once, in one table with a bit for each, and what was found in a text is remembered
    until another text is asked about: several steps ask about one text in turn. A pattern with many ranges costs ten
    nanoseconds for each character of a Chinese text, the table two, whatever the number of classes.

    A character beyond the basic plane counts as its two halves, U+D800 to U+DFFF.
    """

    _patterns: ClassVar[list[str]] = []
    _table: ClassVar[NDArray[np.uint16] | None] = None
    _last: ClassVar[tuple[str, int]] = ("", 0)

    def __init__(self, pattern: str) -> None:
        self._bit = 1 << len(CharacterClass._patterns)
        CharacterClass._patterns.append(pattern)
        CharacterClass._table = None
        CharacterClass._last = ("", 0)

    def may_occur_in(self, text: str) -> bool:
        """Whether a text has one of the characters."""
        asked, found = CharacterClass._last
        if asked is not text:
            found = CharacterClass._found_in(text)
            CharacterClass._last = (text, found)
        return bool(found & self._bit)

    @classmethod
    def _found_in(cls, text: str) -> int:
        if CharacterClass._table is None:
            CharacterClass._table = _table(CharacterClass._patterns)
        units = np.frombuffer(text.encode(_CODEC, "surrogatepass"), _UNIT)
        return int(np.bitwise_or.reduce(CharacterClass._table.take(units), initial=0))


def _table(patterns: list[str]) -> NDArray[np.uint16]:
    if len(patterns) > _MOST_CLASSES:
        message = f"there are {len(patterns)} classes, the table holds {_MOST_CLASSES}: give it wider numbers"
        raise ValueError(message)
    table = np.zeros(_UNIT_COUNT, np.uint16)
    every = "".join(map(chr, range(_UNIT_COUNT)))
    for number, pattern in enumerate(patterns):
        for match in re.finditer(pattern, every):
            table[match.start()] |= 1 << number
    return table
