"""A three-way merge by line.

Here belongs which lines of two sides stay when both are compared with what they had in common. What is merged, and how
the result is laid out as edits, belongs in :mod:`pipeline.conflicts.deciding`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Merged: TypeAlias = list[tuple[int | None, int | None]]
"""The lines of a merge, in order: each as its index in ours and in theirs, None where that side does not have it."""


class _Hunk(NamedTuple):
    """Lines of the base, and what a side has in their place; both end-exclusive."""

    first: int
    end: int
    side_first: int
    side_end: int


def three_way(base: list[str], ours: list[str], theirs: list[str]) -> Merged | None:
    """Merge two changes of a base line by line; None where both changed the same line differently.

    Changes of neighbouring lines merge: what git refuses for safety in code is the ordinary case in a text. Of two
    additions at one place nobody knows which comes first, so they do not merge.
    """
    in_ours, in_theirs = _matched(base, ours), _matched(base, theirs)
    left, right = _hunks(in_ours, len(ours)), _hunks(in_theirs, len(theirs))
    merged: Merged = []
    at = i = j = 0
    while i < len(left) or j < len(right):
        a, b = left[i] if i < len(left) else None, right[j] if j < len(right) else None
        same = a is not None and b is not None and _same_change(a, b, ours, theirs)
        if a is not None and b is not None and not same and _collide(a, b):
            return None
        first = min(hunk for hunk in (a, b) if hunk is not None)
        merged.extend((in_ours[line], in_theirs[line]) for line in range(at, first.first))
        if same and a is not None and b is not None:
            merged.extend(zip(range(a.side_first, a.side_end), range(b.side_first, b.side_end), strict=True))
        elif a is not None and (b is None or a[:2] < b[:2]):
            merged.extend((line, None) for line in range(a.side_first, a.side_end))
            first = a
        elif b is not None:
            merged.extend((None, line) for line in range(b.side_first, b.side_end))
            first = b
        i += first is a or same
        j += first is b or same
        at = first.end
    merged.extend((in_ours[line], in_theirs[line]) for line in range(at, len(base)))
    return merged


def _same_change(a: _Hunk, b: _Hunk, ours: list[str], theirs: list[str]) -> bool:
    return a[:2] == b[:2] and ours[a.side_first : a.side_end] == theirs[b.side_first : b.side_end]


def _collide(a: _Hunk, b: _Hunk) -> bool:
    """Whether two changes are of the same lines, or their order is not determined."""
    if a[:2] == b[:2] or (a.first < b.end and b.first < a.end):
        return True
    touching = a.end == b.first or b.end == a.first
    return touching and any(
        one.first == one.end and other.side_end - other.side_first > other.end - other.first
        for one, other in ((a, b), (b, a))
    )


def _hunks(matched: Sequence[int | None], side_length: int) -> list[_Hunk]:
    """What a side changed, given which of its lines stands for each line of the base."""
    hunks = []
    first = side_first = 0
    for line, side_line in (*((i, j) for i, j in enumerate(matched) if j is not None), (len(matched), side_length)):
        if line > first or side_line > side_first:
            hunks.append(_Hunk(first, line, side_first, side_line))
        first, side_first = line + 1, side_line + 1
    return hunks


def _matched(base: list[str], side: list[str]) -> list[int | None]:
    """For each line of the base, which line of the side it is; None where the side does not have it.

    Lines that are unique in both are the anchors, as in a patience diff, and the matches grow from them: n log n for
    whatever is compared. Lines that occur twice, far from an anchor, count as changed; then there is no clean merge.
    """
    matched: list[int | None] = [None] * len(base)
    times_base, times_side = Counter(base), Counter(side)
    where = {line: index for index, line in enumerate(side)}
    unique = [(i, where[line]) for i, line in enumerate(base) if times_base[line] == 1 == times_side[line]]
    anchors = [(-1, -1), *_increasing(unique), (len(base), len(side))]
    for (i, j), (next_i, next_j) in pairwise(anchors):
        if i >= 0:
            matched[i] = j
        ahead = 1
        while i + ahead < next_i and j + ahead < next_j and base[i + ahead] == side[j + ahead]:
            matched[i + ahead] = j + ahead
            ahead += 1
        back = 1
        while next_i - back >= i + ahead and next_j - back >= j + ahead and base[next_i - back] == side[next_j - back]:
            matched[next_i - back] = next_j - back
            back += 1
    return matched


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second numbers rise, too."""
    tops: list[int] = []
    holders: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        length = bisect_left(tops, second)
        tops[length : length + 1] = [second]
        holders[length : length + 1] = [index]
        before.append(holders[length - 1] if length else -1)
    chain: list[tuple[int, int]] = []
    at = holders[-1] if holders else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]
