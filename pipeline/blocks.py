"""The lines of a text as blocks with positions, and the shadow on which patterns are matched.

Here belongs what several steps of the split stage need to look at a flattened page. What a line means belongs in the
steps.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, overload

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SHADOW = {**_WIDE, 0x3000: 0x20, 0xA0: 0x20, 0x2002: 0x20, 0x2003: 0x20, 0x2009: 0x20, 0x09: 0x20}
"""Full-width ASCII and every space to plain ASCII, one code point to one code point: offsets stay."""

HEAD_BLOCKS = 15
TAIL_BLOCKS = 12
"""How many lines that hold anything count as the head and the tail of a page: the longest header block of gov.cn has
ten labelled lines below a path and a title, the longest tail seen in the wild eleven."""


class Block(NamedTuple):
    """A line that holds something: where it starts and ends without surrounding white space, and its text there."""

    start: int
    end: int
    text: str
    line_start: int
    line_end: int

    @property
    def shadow(self) -> str:
        """The text with the width of marks and spaces folded; offsets stay."""
        return shadow(self.text)


@functools.lru_cache(maxsize=512)
def shadow(line: str) -> str:
    """A line with the width of marks and spaces folded; kept for a while, because several steps look at the same lines.

    >>> shadow("来源：新华社　（记者）")
    '来源:新华社 (记者)'
    """
    return line.translate(SHADOW)


class Blocks(Sequence[Block]):
    """The blocks of a text, made when they are asked for: most steps look at the head and the tail of a page only."""

    __slots__ = ("_known", "_lines", "_numbers", "_slices", "_stops", "_stripped", "_text")

    def __init__(self, text: str) -> None:
        self._known: dict[int, Block] = {}
        self._slices: dict[tuple[int | None, int | None, int | None], tuple[Block, ...]] = {}
        self._text = text
        self._lines = text.split("\n")
        self._stops = list(accumulate(map(len, self._lines)))
        self._stripped = list(map(str.strip, self._lines))
        self._numbers = [number for number, line in enumerate(self._stripped) if line]

    def __len__(self) -> int:
        """How many lines hold anything."""
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Block, ...]: ...
    def __getitem__(self, index: int | slice) -> Block | tuple[Block, ...]:
        """One block, or several; several are kept, because the steps ask for the same ones."""
        if not isinstance(index, slice):
            return self._made(self._numbers[index])
        asked = index.start, index.stop, index.step
        found = self._slices.get(asked)
        if found is None:
            found = self._slices[asked] = tuple(map(self._made, self._numbers[index]))
        return found

    def __iter__(self) -> Iterator[Block]:
        """Every block, in order."""
        return map(self._made, self._numbers)

    def index_at(self, offset: int) -> int:
        r"""Which block's line an offset of the text is in; the one behind it, where that line is blank.

        >>> blocks("甲\n\n乙丙").index_at(4)
        1
        """
        # As many line feeds stand before a line's end as lines do.
        line = bisect_left(range(len(self._stops)), offset, key=lambda number: self._stops[number] + number)
        return bisect_left(self._numbers, line)

    def indexes_of(self, words: Iterable[str]) -> set[int]:
        r"""Which blocks' lines hold one of these words.

        >>> blocks("甲图\n乙\n摄影").indexes_of(("图", "摄"))
        {0, 2}
        """
        found = set()
        for word in words:
            at = self._text.find(word)
            while at >= 0:
                index = self.index_at(at)
                found.add(index)
                at = self._text.find(word, self._made(self._numbers[index]).line_end)
        return found

    def length(self, index: int) -> int:
        """The length of a block's line, with the white space around it, in code points."""
        return len(self._lines[self._numbers[index]])

    def _made(self, number: int) -> Block:
        block = self._known.get(number)
        if block is None:
            line, kept = self._lines[number], self._stripped[number]
            end = self._stops[number] + number  # as many line feeds stand before it
            start = line_start = end - len(line)
            if len(kept) < len(line):
                start += len(line) - len(line.lstrip())
            block = self._known[number] = Block(start, start + len(kept), kept, line_start, end)
        return block


@functools.lru_cache(maxsize=4)
def blocks(text: str) -> Blocks:
    r"""The lines of a text that hold more than white space.

    >>> [(block.start, block.text) for block in blocks("甲\n\n　　乙 \n")]
    [(0, '甲'), (5, '乙')]

    Offsets are code points of `text`; `line_end` does not count the line feed.
    """
    return Blocks(text)


def head(every: Sequence[Block]) -> Sequence[Block]:
    """The first lines of a page, where its header stands."""
    return every[:HEAD_BLOCKS]


def tail(every: Sequence[Block]) -> Sequence[Block]:
    """The last lines of a page, where its footer stands."""
    return every[-TAIL_BLOCKS:]


def whole_line(text: str, block: Block) -> tuple[int, int]:
    r"""The span of a block's line with one line feed: what is cut when the line goes.

    >>> text = "甲\n乙"
    >>> [whole_line(text, block) for block in blocks(text)]
    [(0, 2), (2, 3)]
    """
    return block.line_start, min(block.line_end + 1, len(text))
