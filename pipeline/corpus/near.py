"""Near-duplicates: which documents stand for others that are nearly the same.

Here belongs how clusters are made of documents that are in order of precedence and may be alike. What makes two
documents alike is asked of :mod:`pipeline.corpus.comparing`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_COMPARED = 64
"""A document is compared with so many leaders at most, those first that share most bands with it: of a thousand notices
of one template its own copy is among them, and the rest need not all be read."""

FULLEST = 1_000
"""So many leaders of a group are remembered."""


class Comparing(Protocol):
    """What is asked about two documents."""

    def similarity(self, member: int, leader: int) -> float:
        """How alike a document and the leader of a cluster are; 0 where they do not belong together."""

    def join(self, member: int, leader: int) -> None:
        """Take note that a document has joined the cluster."""


def gathered(
    groups: NDArray[np.int32], precedence: NDArray[np.intp], comparing: Comparing
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The leader of each document, which is itself where it leads or stands alone, and how alike the two are.

    >>> class Equal:
    ...     def similarity(self, member, leader): return float(member % 2 == leader % 2)
    ...     def join(self, member, leader): pass
    >>> leaders, similarities = gathered(np.zeros((4, 1), np.int32), np.array([3, 1, 2, 0]), Equal())
    >>> leaders.tolist(), similarities.tolist()
    ([2, 3, 2, 3], [1.0, 1.0, 1.0, 1.0])

    `groups` says for each band of a document in which group it is, and -1 where it is in none. In the order of
    `precedence`, the smallest first, each joins the leader that it is most like, or becomes one. So a leader comes
    before all of its cluster, and each of these is like the leader itself, not like a neighbour that is like another
    one: of versions a, b and c, of which only a and c are not alike, c is left to itself. However the documents are
    numbered, the clusters are the same.
    """
    count = len(groups)
    leaders, similarities = np.arange(count), np.ones(count, np.float64)
    known = _Known(groups)
    for member in np.argsort(precedence).tolist():
        shared = Counter(known.leaders(member))
        # Leaders that share as many bands stay in the order in which they became leaders: a sort changes no ties.
        likeliest = sorted(sorted(shared, key=precedence.__getitem__), key=shared.__getitem__, reverse=True)
        found = [(comparing.similarity(member, leader), leader) for leader in likeliest[:MOST_COMPARED]]
        similarity, leader = max(found, key=lambda pair: (pair[0], -precedence[pair[1]]), default=(0.0, member))
        if similarity:
            leaders[member], similarities[member] = leader, similarity
            comparing.join(member, leader)
        else:
            known.add(member)
    return leaders, similarities


class _Known:
    """The leaders of each group so far, in a stretch of one array that has a place for each member of the group."""

    def __init__(self, groups: NDArray[np.int32]) -> None:
        self._groups = groups
        sizes = np.bincount(groups[groups >= 0])
        self._starts = np.cumsum(sizes) - sizes
        self._counts = np.zeros(len(sizes), np.int32)
        self._leaders = np.empty(sizes.sum(), np.int32)

    def leaders(self, member: int) -> list[int]:
        """The leaders in the groups of a document, each as often as they have a group in common."""
        mine = self._mine(member)
        mine = mine[self._counts[mine] > 0]
        starts, counts = self._starts[mine].tolist(), self._counts[mine].tolist()
        found = [self._leaders[start : start + count] for start, count in zip(starts, counts, strict=True)]
        return np.concatenate(found).tolist() if found else []

    def add(self, leader: int) -> None:
        """Add a leader to its groups, but for those that are full."""
        mine = self._mine(leader)
        mine = mine[self._counts[mine] < FULLEST]
        self._leaders[self._starts[mine] + self._counts[mine]] = leader
        self._counts[mine] += 1

    def _mine(self, member: int) -> NDArray[np.int32]:
        groups: NDArray[np.int32] = self._groups[member]
        return groups[groups >= 0]
