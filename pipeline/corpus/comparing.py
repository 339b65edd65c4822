"""Whether two documents that may be alike are: how many shingles they share, and whether anything tells them apart.

Here belongs the decision about a pair. Which pairs are looked at is decided in :mod:`pipeline.corpus.near`, what counts
as evidence in :mod:`pipeline.corpus.names`, :mod:`pipeline.corpus.titles` and :mod:`pipeline.corpus.figures`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.corpus.figures import figures_differ, places
from pipeline.corpus.names import called_differently, numbered_differently
from pipeline.corpus.shingles import jaccard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.corpus.folded_texts import FoldedTexts
    from pipeline.corpus.names import Name

THRESHOLD = 0.7
"""What the dataset promises of `cluster_id`: the share of shingles that near-duplicates have in common, at least."""

REMEMBERED = 250
"""So many texts' figures are kept in memory: a leader is compared again and again."""


class Pairs:
    """Pairs of documents, by their numbers among `texts`; `names` has the name of each.

    The cluster of a leader is called what the leader is called, and where that says nothing, what the first of its
    members is called that does: two notices do not meet in the cluster of a copy that has lost its number.
    """

    def __init__(self, texts: FoldedTexts, names: Sequence[Name]) -> None:
        self._texts = texts
        self._names = list(names)
        self._places = lru_cache(REMEMBERED)(lambda number: places(texts.text(number)))

    def similarity(self, member: int, leader: int) -> float:
        """The Jaccard similarity of a document and a leader, from the threshold to 1; 0 where it is less.

        Also 0 where they are told apart by their numbers, titles or figures, however alike they are.
        """
        if numbered_differently(self._names[member], self._names[leader]):
            return 0.0
        one, other = self._texts.shingles(member), self._texts.shingles(leader)
        # What the shorter text has not, the two cannot share.
        if min(len(one), len(other)) < THRESHOLD * max(len(one), len(other)):
            return 0.0
        similarity = jaccard(one, other)
        return 0.0 if similarity < THRESHOLD or self._are_apart(member, leader) else similarity

    def join(self, member: int, leader: int) -> None:
        """Let the cluster have the name of a document that has joined it, where it lacks one."""
        self._names[leader] = self._names[leader].completed(self._names[member])

    def _are_apart(self, member: int, leader: int) -> bool:
        texts = self._texts.text(member), self._texts.text(leader)
        return called_differently(self._names[member], self._names[leader], texts) or figures_differ(
            self._places(member), self._places(leader)
        )
