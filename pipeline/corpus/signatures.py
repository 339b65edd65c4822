"""The signature of a text: 128 bytes by which texts are found that may be near-duplicates, without reading them again.

Here belongs min-wise hashing (Broder 1997) with one permutation (Li, Owen and Zhang 2012), empty bins filled from the
others (Shrivastava 2017), in bands (Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3). A shared
band is a reason to compare two texts and none to join them: how alike they are is counted then, in
:mod:`pipeline.corpus.shingles`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from pipeline.corpus.folding import folded
from pipeline.corpus.shingles import mixed, shingles

if TYPE_CHECKING:
    from numpy.typing import NDArray

Signatures: TypeAlias = "NDArray[np.uint32]"
"""A row for each text, a column for each band."""

Signature: TypeAlias = bytes
"""The bands of one text, as they are stored."""

BANDS, ROWS = 32, 5
"""Of pairs that share 0.7 of their shingles, 1 in 360 has no band in common (0.7 to the 5th, in each of 32); of those
that share 0.8, 1 in 330,000. Of pairs that share a twentieth, as strangers of one genre do, 1 in 100,000 has one."""

SIGNATURE_BYTES = 4 * BANDS

_BINS = BANDS * ROWS
_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
_HALF = np.uint64(32)
_TURN = np.uint64(0x2545F4914F6CDD1D)
_BAND = np.dtype("<u4")
_NONE = -1


def signature(text: str) -> Signature | None:
    """The bands of a text, four bytes each; None where nothing of it counts.

    >>> len(signature("各区人民政府，市政府各委、办、局：")), signature("▲▲")
    (128, None)
    >>> signature("各區人民政府，市政府各委、辦、局：") == signature("各区人民政府,市政府各委、办、局:")
    True

    Each bin keeps the smallest hash of the shingles that fall into it; a band is five bins.
    """
    hashes = shingles(folded(text))
    if not len(hashes):
        return None
    smallest = np.full(_BINS, _EMPTY)
    np.minimum.at(smallest, ((hashes >> _HALF) * np.uint64(_BINS) >> _HALF).astype(np.intp), hashes)
    empty = np.flatnonzero(smallest == _EMPTY)
    if len(empty):
        donors = _donors()[empty]
        smallest[empty] = smallest[donors[np.arange(len(empty)), (smallest[donors] != _EMPTY).argmax(axis=1)]]
    bands = np.zeros(BANDS, np.uint64)
    for row in smallest.reshape(BANDS, ROWS).T:
        bands *= _TURN
        bands += row
    return (mixed(bands) >> _HALF).astype(_BAND).tobytes()


@functools.cache
def _donors() -> NDArray[np.intp]:
    """For each bin the order in which it asks the others for theirs when it is empty: the same for every text."""
    asked = mixed(np.arange(_BINS * _BINS, dtype=np.uint64)).reshape(_BINS, _BINS)
    return asked.argsort(axis=1, kind="stable")


def sharing(signatures: Signatures, among: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Those among some texts that have a band in common with another one, and the group of each of their bands.

    >>> signatures = np.array([[1, 7], [1, 8], [2, 8], [3, 9], [3, 9]], np.uint32)
    >>> rows, groups = sharing(signatures, np.arange(4))
    >>> rows.tolist(), groups.tolist()
    ([0, 1, 2], [[0, -1], [0, 1], [-1, 1]])

    Texts are rows of `signatures`. -1 is a band that no other text has. It takes one band at a time, so that beside the
    signatures no more than a few numbers for each text are held.
    """
    bands = range(signatures.shape[1])
    shares = np.zeros(len(among), np.bool_)
    for number in bands:
        band = signatures[among, number]
        order = band.argsort()
        same = np.flatnonzero(np.diff(band[order]) == 0)
        shares[order[same]] = True
        shares[order[same + 1]] = True
    rows = among[shares]
    groups = np.full((len(rows), len(bands)), _NONE, np.int32)
    known = 0
    for number in bands:
        _, value, sizes = np.unique(signatures[rows, number], return_inverse=True, return_counts=True)
        group = np.where(sizes > 1, np.cumsum(sizes > 1) - 1 + known, _NONE)
        groups[:, number] = group[value]
        known += int(np.count_nonzero(sizes > 1))
    return rows, groups
