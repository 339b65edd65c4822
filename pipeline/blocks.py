"""The lines of a text as blocks with positions, and the shadow on which patterns are matched.

Here belongs what several steps of the split stage need to look at a flattened page. What a line means belongs in the
steps.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import ClassVar, NamedTuple, overload

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
    """The blocks of a text, found when they are asked for, from either end.

    Most steps look at the head and the tail of a page, and few pages have anything for them in between: the text is
    taken apart when somebody asks for a block there, for the number of blocks, or for one by its offset.
    """

    last: ClassVar[Blocks]
    """The blocks of the text that was asked about last: one step after the other asks about the same text."""

    __slots__ = ("_above", "_below", "_first", "_last", "_whole", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._first: list[Block] = []
        self._last: list[Block] = []  # the last one first
        self._above = 0  # where the lines begin that nobody has asked for from the first one on
        self._below = len(text)  # and where those end that nobody has asked for from the last one on
        self._whole: _Lines | None = None

    def __len__(self) -> int:
        """How many lines hold anything."""
        return len(self._apart.numbers)

    def __bool__(self) -> bool:
        """Whether a line holds anything."""
        return self.reaches(0)

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Block]: ...
    def __getitem__(self, index: int | slice) -> Block | Sequence[Block]:
        """One block, or several."""
        if not isinstance(index, slice):
            if 0 <= index < len(self._first):
                return self._first[index]
            if not -_NEAR_AN_END <= index < _NEAR_AN_END:
                return self._made(self._apart.numbers[index])
            return self._from_first(index + 1)[index] if index >= 0 else self._from_last(-index)[-index - 1]
        start, stop = index.start or 0, index.stop
        if start >= 0 and stop is not None and 0 <= stop <= _NEAR_AN_END:
            return self._from_first(stop)[start:stop]
        if -_NEAR_AN_END <= start < 0 and stop is None:
            return self._from_last(-start)[-start - 1 :: -1]
        return [self._made(number) for number in self._apart.numbers[index]]

    def __iter__(self) -> Iterator[Block]:
        """Every block, in order."""
        return map(self._made, self._apart.numbers)

    def upwards(self, most: int) -> Iterator[Block]:
        """The last blocks from the last one up, each found when it is asked for."""
        for count in range(1, most + 1):
            found = self._from_last(count)
            if len(found) < count:
                return
            yield found[count - 1]

    def reaches(self, index: int) -> bool:
        """Whether there are more blocks than `index`: to ask so does not take the text apart."""
        if index < len(self._first):
            return True
        return len(self._from_first(index + 1)) > index if index < _NEAR_AN_END else index < len(self)

    def index_at(self, offset: int) -> int:
        r"""Which block's line an offset of the text is in; the one behind it, where that line is blank.

        >>> blocks("甲\n\n乙丙").index_at(4)
        1
        """
        _, stops, numbers = self._apart
        # As many line feeds stand before a line's end as lines do.
        line = bisect_left(range(len(stops)), offset, key=lambda number: stops[number] + number)
        return bisect_left(numbers, line)

    @property
    def lines(self) -> list[str]:
        """The line of every block, with the white space around it."""
        lines, _, numbers = self._apart
        return lines if len(lines) == len(numbers) else [lines[number] for number in numbers]

    def _from_first(self, count: int) -> list[Block]:
        """The first blocks: so many, if there are."""
        text, first, start = self.text, self._first, self._above
        looks = 0
        while len(first) < count and start <= len(text):
            looks += 1
            if looks > _MOST_LOOKS:  # hardly a line holds anything
                self._above = start
                return [self._made(number) for number in self._apart.numbers[:count]]
            lines = text[start:].split("\n", _AT_ONCE)
            for line in lines[:_AT_ONCE]:  # what is behind these is the rest of the text
                end = start + len(line)
                if kept := line.strip():
                    begin = start if len(kept) == len(line) else end - len(line.lstrip())
                    first.append(_new(Block, (begin, begin + len(kept), kept, start, end)))
                start = end + 1
        self._above = start
        return first

    def _from_last(self, count: int) -> list[Block]:
        """The last blocks, the last one first: so many, if there are."""
        text, last, end = self.text, self._last, self._below
        looks = 0
        while len(last) < count and end >= 0:
            looks += 1
            if looks > _MOST_LOOKS:
                self._below = end
                return [self._made(number) for number in self._apart.numbers[: -count - 1 : -1]]
            lines = text[:end].rsplit("\n", _AT_ONCE)
            for line in lines[: -_AT_ONCE - 1 : -1]:  # what is before these is the rest of the text
                start = end - len(line)
                if kept := line.strip():
                    begin = start if len(kept) == len(line) else end - len(line.lstrip())
                    last.append(_new(Block, (begin, begin + len(kept), kept, start, end)))
                end = start - 1
        self._below = end
        return last

    @property
    def _apart(self) -> _Lines:
        if self._whole is None:
            lines = self.text.split("\n")
            numbers = [number for number, line in enumerate(lines) if line and not line.isspace()]
            self._whole = _Lines(lines, list(accumulate(map(len, lines))), numbers)
        return self._whole

    def _made(self, number: int) -> Block:
        lines, stops, _ = self._apart
        end = stops[number] + number  # as many line feeds stand before it
        return _block(lines[number], lines[number].strip(), end - len(lines[number]), end)


class _Lines(NamedTuple):
    """A text taken apart: its lines, how many code points they have up to each, which ones hold anything."""

    lines: list[str]
    stops: list[int]
    numbers: list[int]


_AT_ONCE = 16
"""Lines that are looked for together: a head of fifteen blocks."""

_MOST_LOOKS = 12
"""So often a few lines more are taken off an end before the whole text is taken apart: each time copies the rest."""

_NEAR_AN_END = 64
"""From so many blocks on it is quicker to take the whole text apart."""

_new: Callable[[type[Block], tuple[int, int, str, int, int]], Block] = tuple.__new__
"""A block from its values, in half the time that its own constructor takes."""


def _block(line: str, kept: str, line_start: int, line_end: int) -> Block:
    start = line_start if len(kept) == len(line) else line_end - len(line.lstrip())
    return _new(Block, (start, start + len(kept), kept, line_start, line_end))


def blocks(text: str) -> Blocks:
    r"""The lines of a text that hold more than white space.

    >>> [(block.start, block.text) for block in blocks("甲\n\n　　乙 \n")]
    [(0, '甲'), (5, '乙')]

    Offsets are code points of `text`; `line_end` does not count the line feed.
    """
    known = Blocks.last
    if known.text is not text:
        known = Blocks.last = Blocks(text)
    return known


Blocks.last = Blocks("")


def line_at(text: str, offset: int) -> Block:
    r"""The line that an offset of the text is in; it holds something there.

    >>> line_at("甲\n　乙丙", 3)
    Block(start=3, end=5, text='乙丙', line_start=2, line_end=5)
    """
    start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
    if end < 0:
        end = len(text)
    line = text[start:end]
    return _block(line, line.strip(), start, end)


def line_above(text: str, block: Block) -> Block | None:
    """The line above a block that holds something."""
    end = block.line_start - 1
    while end >= 0:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end]
        if kept := line.strip():
            return _block(line, kept, start, end)
        end = start - 1
    return None


def line_below(text: str, block: Block) -> Block | None:
    r"""The line below a block that holds something.

    >>> text = "甲\n\n乙"
    >>> line_below(text, line_at(text, 0)) == line_at(text, 3)
    True
    """
    start = block.line_end + 1
    while start <= len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        line = text[start:end]
        if kept := line.strip():
            return _block(line, kept, start, end)
        start = end + 1
    return None


def lines_with(text: str, word: str) -> Iterator[Block]:
    r"""The lines that hold a word.

    >>> [block.text for block in lines_with("甲图\n乙\n　图一", "图")]
    ['甲图', '图一']
    """
    at = text.find(word)
    while at >= 0:
        block = line_at(text, at)
        yield block
        at = text.find(word, block.line_end)


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
