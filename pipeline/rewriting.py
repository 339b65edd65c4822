"""The edits that a converter amounts to which only returns a new text.

Here belongs reading edits off two texts. What they are made into belongs in :mod:`pipeline.edits`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from pipeline.code_points import HAN_RUN, in_one_width, is_han, positions_within
from pipeline.edits import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.code_points import Int32s
    from pipeline.edits import Span


def rewriting(text: str, convert: Callable[[str], str], rule: str, *, unit: re.Pattern[str] = HAN_RUN) -> Layer:
    """The edits that an opaque converter amounts to.

    >>> def simplify(text: str) -> str:
    ...     return text.replace("業", "业").replace("發", "发")
    >>> list(rewriting("企業 發展，企業", simplify, "script.t2s"))
    [Edit(start=1, before='業', after='业', rule='script.t2s'), \
Edit(start=3, before='發', after='发', rule='script.t2s'), Edit(start=7, before='業', after='业', rule='script.t2s')]

    The text is converted whole, and once more unit by unit (runs of Han, joined by line feeds); where the units put
    together are not the whole, they are widened to lines, and then to the text. Within a unit, the difference is
    narrowed to what lies between the common beginning and the common end, so a unit of equal length keeps its
    positions.

    `convert` must leave line feeds where they are; `unit` must match none.
    """
    whole = convert(text)
    if whole == text:
        return Layer.of_columns(text, [], [], [], rule)
    for pattern in (unit, _LINE):
        spans = [match.span() for match in pattern.finditer(text)]
        units = [text[start:end] for start, end in spans]
        parts = convert("\n".join(units)).split("\n")
        if len(parts) == len(units) and _with_parts(text, spans, parts) == whole:
            break
    else:
        spans, units, parts = [(0, len(text))], [text], [whole]
    starts, lengths, afters = [], [], []
    for (start, _), before, after in zip(spans, units, parts, strict=True):
        if before != after:
            head, tail = _common_ends(before, after)
            starts.append(start + head)
            lengths.append(len(before) - head - tail)
            afters.append(after[head : len(after) - tail])
    return Layer.of_columns(text, starts, lengths, afters, rule)


_LINE = re.compile("[^\n]+")


def aligned_rewriting(text: str, whole: str, rule: str) -> Layer:
    """The edits of a converter that gives one code point for each, so that position i comes from position i.

    >>> layer = aligned_rewriting("企業發展，發達", "企业发展，发达", "script.t2s")
    >>> [(edit.start, edit.before, edit.after) for edit in layer]
    [(1, '業發', '业发'), (5, '發達', '发达')]

    The differences within one run of Han are one edit, from the first to the last.

    Raises ValueError where the two texts have not the same length.
    """
    (before, after), codec = in_one_width(text, whole)
    if len(before) != len(after):
        message = f"an aligned rewriting keeps the length: {len(before)} code points became {len(after)}"
        raise ValueError(message)
    places = np.flatnonzero(before != after)
    if not len(places):
        return Layer.of_columns(text, [], [], [], rule)
    run_of = np.cumsum(~is_han(before), dtype=np.int32).take(places)
    is_border = np.ones(len(places) + 1, np.bool_)
    np.not_equal(run_of[1:], run_of[:-1], out=is_border[1:-1])
    starts: Int32s = places[is_border[:-1]].astype(np.int32)
    ends: Int32s = places[is_border[1:]].astype(np.int32) + np.int32(1)
    lengths = ends - starts
    inside = positions_within(starts, lengths)
    return Layer(
        length=len(text),
        starts=starts,
        before_lengths=lengths,
        after_lengths=lengths,
        befores=before.take(inside).tobytes().decode(codec, "surrogatepass"),
        afters=after.take(inside).tobytes().decode(codec, "surrogatepass"),
        rule_codes=np.zeros(len(starts), np.int16),
        rules=(rule,),
        known=(text, whole),
    )


def _with_parts(text: str, spans: Sequence[Span], parts: Sequence[str]) -> str:
    pieces, last = [], 0
    for (start, end), part in zip(spans, parts, strict=True):
        pieces.append(text[last:start])
        pieces.append(part)
        last = end
    pieces.append(text[last:])
    return "".join(pieces)


def _common_ends(a: str, b: str) -> tuple[int, int]:
    """How many code points two different strings share at their beginning and, beyond that, at their end."""
    shorter = min(len(a), len(b))
    head = _shared(a, b, shorter)
    tail = _shared(a[::-1], b[::-1], shorter - head)
    return head, tail


def _shared(a: str, b: str, limit: int) -> int:
    """The length of the common beginning, by bisection over slices: no Python work for each character."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
