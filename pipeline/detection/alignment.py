r"""Where each character begins, in lines that a codec cannot read to the end.

GB and Big5 write a character in two bytes that look alike, and UTF-16 in two that are not marked at all: behind a byte
that was lost or added, all the rest is read a byte off. Here belongs finding the bytes that are part of no character,
and runs of a second codec inside a line. Which codecs a file has at all is found elsewhere in this package.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.decoding import REPLACEMENT, Run, decode, decode_strictly
from pipeline.detection.likeness import Likeness, likeness_of_text, weights_of_units
from pipeline.detection.shifts import shifted_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COST_OF_BAD, COST_OF_SWITCH = 3.0, 3.0
"""What a byte without a character, and going on in another codec, take from a reading, in characters of common Chinese:
so many that follow have to read better."""

LEAST_GAIN_OF_A_LINE = 1.0
"""Where a mark and a name stand behind a lost byte, one reading of the rest of a line may be as good as another."""

MOST_BYTES = 262_144
"""So much of a file is looked at, in lines that cannot be read; nothing is divided behind."""

MOST_BAD = 0.2
"""Of the characters of a line: one that has more is in another codec, or no text."""

FEWEST_IN_A_RUN = 4
"""So many Han has a run of another codec inside a line; fewer are chance."""

_ASCII_END = 0x80


class Piece(NamedTuple):
    """A stretch of bytes in one codec, which is either text or part of no character."""

    start: int
    end: int
    encoding: str
    is_bad: bool = False


def aligned(content: bytes, runs: Iterable[Run], others: Sequence[str] = ()) -> tuple[Run, ...]:
    r"""Divide runs where a character begins that would be read a byte off, and where a line goes on in another codec.

    >>> lost = "关于人工智能的规定".encode("gbk").replace("人".encode("gbk"), b"\xc8")
    >>> runs = aligned(lost, [Run(0, 17, "gb18030")])
    >>> decode(lost, "gb18030")[0], decode(lost, runs)[0]
    ('关于裙ぶ悄艿墓娑\ufffd', '关于\ufffd工智能的规定')

    `others` are codecs that a stretch inside a line may be in. Left alone: lines that their codec reads, if they do not
    read by far better a byte later; lines of which little is text in any codec.
    """
    pieces = _Pieces()
    room = MOST_BYTES
    for start, end, encoding in runs:
        at = start
        for first, last in _lines_in_doubt(content, start, end, encoding):
            if last - first > room:
                continue
            room -= last - first
            if at < first:
                pieces.add(Piece(at, first, encoding))
            for piece in _divided(content[first:last], encoding, others):
                pieces.add(piece._replace(start=piece.start + first, end=piece.end + first))
            at = last
        if at < end:
            pieces.add(Piece(at, end, encoding))
    return tuple(Run(piece.start, piece.end, piece.encoding) for piece in pieces.found)


@dataclass(slots=True)
class _Pieces:
    """Pieces of a file in their order; text that goes on in the same codec is one."""

    found: list[Piece] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        last = self.found[-1] if self.found else None
        if last is not None and last.encoding == piece.encoding and last.is_bad == piece.is_bad:
            self.found[-1] = last._replace(end=piece.end)
        else:
            self.found.append(piece)


def _lines_in_doubt(content: bytes, start: int, end: int, encoding: str) -> list[tuple[int, int]]:
    """Find the lines of a run that its codec cannot read, and those that it may read a byte off."""
    if encoding not in _WIDTHS:
        return []
    text = decode_strictly(content[start:end], encoding)
    if text is not None:
        return [] if encoding == "utf-8" else _shifted(content, start, end, text, encoding)
    unread: list[tuple[int, int]] = []
    stretches: list[tuple[int, int]] = []  # of lines that can be read
    for first, last in _lines(content, start, end):
        if decode_strictly(content[first:last], encoding) is None:
            unread.append((first, last))
        elif stretches and stretches[-1][1] == first:
            stretches[-1] = (stretches[-1][0], last)
        else:
            stretches.append((first, last))
    return sorted(
        [*unread, *(line for first, last in stretches for line in _lines_in_doubt(content, first, last, encoding))]
    )


def _shifted(content: bytes, start: int, end: int, text: str, encoding: str) -> list[tuple[int, int]]:
    starts = [start + offset for offset in shifted_lines(content[start:end], text, encoding)]
    return [(first, (content.find(b"\n", first, end) + 1) or end) for first in starts]


def _lines(content: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        found = (content.find(b"\n", start, end) + 1) or end
        yield start, found
        start = found


def _divided(line: bytes, encoding: str, others: Sequence[str]) -> list[Piece]:
    """Divide a line in the way that reads best; where what its codec makes of it is hardly worse, not at all."""
    whole = [Piece(0, len(line), encoding)]
    plain = line.decode(encoding, "replace")
    if encoding == "utf-8" and plain.count(REPLACEMENT) < FEWEST_IN_A_RUN:
        return whole  # UTF-8 falls into step by itself, and too few bytes are bad to be a run of another codec
    paths = [_best_path(line, codecs) for codecs in [(encoding,), *((encoding, one) for one in others)]]
    found = max((path for path in paths if _is_believed(line, path, encoding)), key=lambda path: path.value)
    pieces = [piece._replace(encoding=encoding) if piece.is_bad else piece for piece in found.pieces]
    text, _ = decode(line, [(piece.start, piece.end, piece.encoding) for piece in pieces])
    if found.value < _value(plain) + LEAST_GAIN_OF_A_LINE or text.count(REPLACEMENT) > MOST_BAD * len(text):
        return whole
    return pieces


def _is_believed(line: bytes, path: _Path, encoding: str) -> bool:
    """Whether all stretches in another codec than the line's are long enough, and look enough like text."""
    others = (piece for piece in path.pieces if piece.encoding != encoding and not piece.is_bad)
    texts = (line[piece.start : piece.end].decode(piece.encoding) for piece in others)
    return all(found.accepted and found.characters >= FEWEST_IN_A_RUN for found in map(_likeness, texts))


def _value(text: str) -> float:
    bad = text.count(REPLACEMENT)
    found = _likeness(text.replace(REPLACEMENT, ""))
    return found.value * found.characters - COST_OF_BAD * bad


def _likeness(text: str) -> Likeness:
    return likeness_of_text(text, "chinese")


class _Path(NamedTuple):
    value: float
    pieces: list[Piece]


class _Step(NamedTuple):
    """The last step to a place in a codec: how good the way is, where it came from, and whether that is a character."""

    value: float
    start: int
    codec: int
    is_bad: bool


def _best_path(line: bytes, codecs: Sequence[str]) -> _Path:
    """Find the best way through a line, byte by byte, with characters of one codec or another (Viterbi, 1967)."""
    size = len(line)
    first, nowhere = (_Step(value, 0, 0, is_bad=False) for value in (0.0, float("-inf")))
    ways = [[first, *[nowhere] * size] for _ in codecs]
    for at in range(size):
        best = max(range(len(codecs)), key=lambda number: ways[number][at].value)
        for number, codec in enumerate(codecs):
            way, before = ways[number], number
            value = way[at].value
            if ways[best][at].value - COST_OF_SWITCH > value:
                value, before = ways[best][at].value - COST_OF_SWITCH, best
            for width, weight, is_bad in _next(line, at, codec):
                if value + weight > way[at + width].value:
                    way[at + width] = _Step(value + weight, at, before, is_bad)
    return _backwards(ways, codecs)


def _backwards(ways: list[list[_Step]], codecs: Sequence[str]) -> _Path:
    at = len(ways[0]) - 1
    number = max(range(len(codecs)), key=lambda number: ways[number][at].value)
    value = ways[number][at].value
    steps: list[Piece] = []
    while at:
        step = ways[number][at]
        steps.append(Piece(step.start, at, codecs[number], step.is_bad))
        at, number = step.start, step.codec
    pieces = _Pieces()
    for piece in reversed(steps):
        pieces.add(piece)
    return _Path(value, pieces.found)


def _next(line: bytes, at: int, codec: str) -> Iterator[tuple[int, float, bool]]:
    """Yield what may begin at a byte, with its width and weight: a character, and bytes without one."""
    if line[at] < _ASCII_END:
        yield 1, 0.0, False
        return
    for width in _WIDTHS[codec]:
        if at + width > len(line):
            continue
        weight = _weight(line[at : at + width], codec)
        if weight is not None:
            yield width, weight, False
            break
    yield _bad_width(line, at, codec), -COST_OF_BAD, True


_WIDTHS = {"gb18030": (2, 4), "cp950": (2,), "big5hkscs": (2,), "utf-8": (3, 2, 4)}


@functools.lru_cache(maxsize=1 << 16)
def _weight(raw: bytes, codec: str) -> float | None:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return None
    return likeness_of_text(text, "chinese").value if len(text) == 1 else None


def _bad_width(line: bytes, at: int, codec: str) -> int:
    """In UTF-8 the beginning of a character that is cut is one loss; in other codecs, each byte is."""
    if codec != "utf-8":
        return 1
    try:
        line[at : at + 4].decode(codec)
    except UnicodeDecodeError as error:
        return error.end if error.start == 0 else 1
    return 1


# ------------------------------------------------------------------------------------------------------------- UTF-16


def aligned_units(content: bytes, run: Run) -> tuple[Run, ...]:
    r"""Divide a run of UTF-16 with an odd number of bytes at the byte that is part of no character.

    >>> lost = "关于人工智能的规定".encode("utf-16-le")
    >>> lost = lost[:5] + lost[6:]
    >>> decode(lost, aligned_units(lost, Run(0, 17, "utf-16-le")))[0]
    '关于�工智能的规定'

    A file that is cut short has its odd byte at the end, and then the run stays whole. One byte is looked for: where
    three are gone, at three places, the file is read up to the first of them.
    """
    start, end, encoding = run
    if encoding not in {"utf-16-le", "utf-16-be"} or (end - start) % 2 == 0 or end - start < FEWEST_IN_A_RUN:
        return (run,)
    order = "<u2" if encoding == "utf-16-le" else ">u2"
    even, odd = (
        weights_of_units(np.frombuffer(content[start + offset : end - 1 + offset], order), "wide")
        for offset in range(2)
    )
    before = np.concatenate(([0.0], np.cumsum(even)))
    behind = np.concatenate((np.cumsum(odd[::-1])[::-1], [0.0]))
    at = int(np.argmax(before + behind))
    if before[at] + behind[at] < before[-1] + COST_OF_BAD:
        return (run,)
    borders = [start, start + 2 * at, start + 2 * at + 1, end]
    return tuple(Run(first, last, encoding) for first, last in pairwise(borders) if first < last)
