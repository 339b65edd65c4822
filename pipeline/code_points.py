"""Code points as arrays: the text in numbers, classes of characters, and places in it.

Here belongs what is asked of every character of a text at once, without Python work for each. Edits are made of such
arrays in :mod:`pipeline.edits`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Int32s: TypeAlias = "NDArray[np.int32]"

HAN_RUN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
"""A run of Han: unified ideographs with their extensions, and the three marks 々〆〇 that stand among them."""


def units(text: str) -> NDArray[np.uint16]:
    """The UTF-16 units of a text, read-only; those of the text that was asked about last are remembered.

    >>> units("甲a\U00020000").tolist()
    [30002, 97, 55360, 56320]
    """
    if _Last.text is not text:
        _Last.text, _Last.units = text, np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    return _Last.units


class _Last:
    """The text that was asked about last, and its units: one step after the other asks about the same text."""

    text: ClassVar[str] = ""
    units: ClassVar[NDArray[np.uint16]] = np.zeros(0, np.uint16)


def in_one_width(*texts: str) -> tuple[list[NDArray[Any]], str]:
    """The code points of each text, two bytes wide where that is enough for all, and the codec that reads them."""
    narrow: list[NDArray[Any]] = list(map(units, texts))
    if sum(map(len, narrow)) == sum(map(len, texts)):
        return narrow, "utf-16-le"
    return list(map(code_points, texts)), "utf-32-le"


def code_points(text: str, *, narrow: bool = False) -> NDArray[Any]:
    """The code points of a text as an array, read-only; with `narrow`, two bytes wide where that is enough for all.

    >>> code_points("甲a").tolist()
    [30002, 97]
    """
    if narrow and len(found := units(text)) == len(text):
        return found
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def string(points: NDArray[np.uint32]) -> str:
    """The text of an array of code points."""
    return points.tobytes().decode("utf-32-le", "surrogatepass")


def positions_within(starts: Int32s, lengths: Int32s) -> Int32s:
    """Every position within the stretches, stretch by stretch."""
    ends = lengths.cumsum(dtype=np.int32)
    positions: Int32s = (starts - ends + lengths).repeat(lengths)
    positions += np.arange(len(positions), dtype=np.int32)
    return positions


def covered(length: int, starts: Int32s, lengths: Int32s) -> NDArray[np.bool_]:
    """Which positions of a text lie within the stretches; these are sorted and disjoint."""
    steps = np.zeros(length + 1, np.int8)
    ends = starts + lengths
    if not lengths.all():
        starts, ends = starts[lengths > 0], ends[lengths > 0]
    touching = starts[1:] == ends[:-1]
    steps[ends] = -1
    steps[starts] = 1
    steps[starts[1:][touching]] = 0
    return steps[:-1].cumsum(dtype=np.int8).view(np.bool_)


def is_han(points: NDArray[Any]) -> NDArray[np.bool_]:
    """Which code points :data:`HAN_RUN` matches."""
    table = _han_table()
    if points.dtype.itemsize == _NARROW:
        narrow: NDArray[np.bool_] = table.take(points)
        return narrow
    wide: NDArray[np.bool_] = table[np.minimum(points, len(table) - 1)] | (points >= _RARE_HAN)
    return wide


_NARROW = 2
"""Bytes of a code point where a text has none beyond the basic plane."""


_RARE_HAN = 0x20000


@functools.cache
def _han_table() -> NDArray[np.bool_]:
    table = np.zeros(0x10001, np.bool_)
    for run in HAN_RUN.finditer("".join(map(chr, range(0x10000)))):
        table[run.start() : run.end()] = True
    return table
