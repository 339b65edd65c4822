"""How alike two folded texts are: the shingles that they share, of all that either has.

Here belongs the measure, and nothing that decides by it. What the texts are folded to belongs in
:mod:`pipeline.corpus.folding`; which texts are compared at all, in :mod:`pipeline.corpus.signatures`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.script.tables import Units

Hashes: TypeAlias = "NDArray[np.uint64]"

SHINGLE = 5
"""Characters of a shingle: what the dataset promises of `cluster_id`. A Chinese word has two characters, mostly."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
"""Odd numbers with well-spread bits, those of SplitMix64 (Steele, Lea and Flood 2014)."""

_HALF = np.uint64(32)
_SHIFT = np.uint64(29)


def shingles(units: Units) -> Hashes:
    """A hash for each shingle of a folded text, in the order of the text; a shorter text is one shingle, none has none.

    >>> from pipeline.corpus.folding import folded
    >>> found = shingles(folded("提高认识，提高认识，"))
    >>> len(found), bool(found[0] == found[5]), len(shingles(folded("算力"))), len(shingles(folded("")))
    (6, True, 1, 0)

    Two different shingles have the same hash once in 18 million million million pairs.
    """
    if 0 < len(units) < SHINGLE:
        units = np.concatenate((units, np.zeros(SHINGLE - len(units), units.dtype)))
    count = max(0, len(units) - SHINGLE + 1)
    found: Hashes = units[:count].astype(np.uint64)
    for place in range(1, SHINGLE):
        found *= _MULTIPLIER
        found += units[place : place + count]
    return mixed(found)


def mixed(hashes: Hashes) -> Hashes:
    """The numbers with their bits stirred, in place, so that each part of them is as good as another."""
    hashes ^= hashes >> _HALF
    hashes *= _MIXER
    hashes ^= hashes >> _SHIFT
    hashes *= _MULTIPLIER
    hashes ^= hashes >> _HALF
    return hashes


def distinct(hashes: Hashes) -> Hashes:
    """Each of the hashes once, sorted."""
    ordered = np.sort(hashes)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def jaccard(one: Hashes, other: Hashes) -> float:
    """The share of the shingles of either text that both have, from 0 to 1; each argument as :func:`distinct` gives it.

    >>> one, other = (np.array(hashes, np.uint64) for hashes in ([1, 2, 3], [2, 3, 4]))
    >>> jaccard(one, other)
    0.5

    Two texts without shingles share nothing: 0.
    """
    # Two sorted runs are merged by a stable sort; any other begins anew, which takes twenty times as long.
    both = np.sort(np.concatenate((one, other)), kind="stable")
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / max(1, len(both) - shared)
