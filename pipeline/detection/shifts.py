r"""Lines that a codec of two bytes reads without an error, and a byte off.

One byte is lost there, and a letter or a sign behind it took its place. Here belongs finding such lines, in one pass
over a file. Dividing them belongs in :mod:`pipeline.detection.alignment`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import numpy as np

from pipeline.character_class import CharacterClass
from pipeline.detection.likeness import weights_of_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_GAIN_OF_A_SHIFT = 4.0
"""So many characters of common Chinese have to read better a byte later: a lost byte, and one to be sure."""

LEAST_MEAN, MOST_BEFORE = 0.65, 0.2
"""The mean weight of the characters that come out, and of those that stood there. Running text has 0.75; lists of rare
characters, in the order of their codes or not, have less than 0.5 a byte later, where every byte is part of one."""

FARTHEST_END = 6
"""So many characters behind a stretch that reads better, at most, the codec falls into step again."""

_PAIR, _NEAR = 2, 4
_ASCII_END, _FIRST_TRAIL, _HIGH = 0x80, 0x40, 0x100
_NO_CHARACTER = -1.5  # as a character that is not assigned


def shifted_lines(data: bytes, text: str, encoding: str) -> list[int]:
    r"""Find the lines, by the byte where each starts, of a text that was read in full in a codec of two bytes.

    >>> lost = "第一条\n关于人工智能的工作要yz\n".encode("gbk").replace("人".encode("gbk"), b"\xc8")
    >>> lost.decode("gbk"), shifted_lines(lost, lost.decode("gbk"), "gb18030")
    ('第一条\n关于裙ぶ悄艿墓ぷ饕獃z\n', [7])

    Left alone: a text in which no two unusual characters stand together, one with characters above the first plane, and
    one in Big5 with characters that have a second code or share one; and where what comes out is no running text.
    """
    if not _has_two_unusual(text):
        return []
    units = np.frombuffer(text.encode("utf-16-le"), "<u2")
    widths = _widths(encoding).take(units)
    ends = np.cumsum(widths, dtype=np.int32)
    if len(units) <= 1 or ends[-1] != len(data) or not widths.all():
        return []
    # A byte off, a character is made of the last byte of one and the first byte of the next.
    pairs = np.ndarray((len(data) - 1,), ">u2", data, strides=(1,)).take(ends[:-1] - 1)
    after, before = _weights_of_pairs(encoding).take(pairs), _weights_of_characters().take(units[:-1])
    sums_before, sums_after = (np.concatenate(([0.0], np.cumsum(weights))) for weights in (before, after))
    sums = sums_after - sums_before
    # The best stretch that ends at a place (Kadane) begins where the sum up to there was the least so far.
    least = np.minimum.accumulate(sums)
    first = np.maximum.accumulate(np.where(sums == least, np.arange(len(sums)), 0))
    last = np.flatnonzero(sums - least >= LEAST_GAIN_OF_A_SHIFT)
    size = last - first[last]
    reads_well = sums_after[last] - sums_after[first[last]] >= LEAST_MEAN * size
    reads_well &= sums_before[last] - sums_before[first[last]] <= MOST_BEFORE * size
    # It falls into step again behind a character whose second byte is one of ASCII, or the line could not be read.
    takes_ascii = np.flatnonzero((widths == _PAIR) & (np.frombuffer(data, np.uint8).take(ends - 1) < _ASCII_END))
    behind = np.searchsorted(takes_ascii, last)
    is_ended = np.append(takes_ascii, len(units) + FARTHEST_END)[behind] - last < FARTHEST_END
    last = last[reads_well & is_ended]
    return sorted({data.rfind(b"\n", 0, end) + 1 for end in ends[last - 1].tolist()})


def _has_two_unusual(text: str) -> bool:
    """Whether two unusual characters stand near one another in a line."""
    places = _unusual().positions_in(text)
    is_near = places[1:] - places[:-1] <= _NEAR
    pairs = zip(places[:-1][is_near].tolist(), places[1:][is_near].tolist(), strict=True)
    return any("\n" not in text[first:second] for first, second in pairs)


@functools.cache
def _unusual() -> CharacterClass:
    """Find unusual characters: of those that are read a byte off, every second is one."""
    is_unusual = np.concatenate(([False], _weights_of_characters() < 0, [False]))
    borders = np.flatnonzero(is_unusual[:-1] != is_unusual[1:]).reshape(-1, 2).tolist()
    ranges = "".join(f"{re.escape(chr(first))}-{re.escape(chr(end - 1))}" for first, end in borders)
    return CharacterClass(f"[{ranges}]")


@functools.cache
def _widths(encoding: str) -> NDArray[np.uint8]:
    """Give the number of bytes of each character; halves of those above the first plane have none."""
    return np.array([len(chr(point).encode(encoding, "ignore")) for point in range(_HIGH * _HIGH)], np.uint8)


@functools.cache
def _weights_of_characters() -> NDArray[np.float32]:
    return weights_of_units(np.arange(_HIGH * _HIGH, dtype=np.uint32), "chinese").astype(np.float32)


@functools.cache
def _weights_of_pairs(encoding: str) -> NDArray[np.float32]:
    """Give the weight of each pair of bytes, by their number with the first byte above the second; ASCII has none."""
    weights = np.zeros(_HIGH * _HIGH, np.float32)
    weights[_ASCII_END * _HIGH :] = _NO_CHARACTER
    for lead in range(_ASCII_END, _HIGH):
        for trail in range(_FIRST_TRAIL, _HIGH):
            text = bytes((lead, trail)).decode(encoding, "replace")
            if len(text) == 1 and text < "\U00010000":
                weights[lead * _HIGH + trail] = _weights_of_characters()[ord(text)]
    return weights
