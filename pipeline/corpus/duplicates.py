"""Which documents are the same or nearly so, and which one of them stands for all.

Here belongs what needs the whole collection and nothing but its light columns: hashes, dates, names, signatures. Texts
are asked for where these cannot decide, each once. What makes two texts the same text is decided before, by cleaning
them; how alike two are, in :mod:`pipeline.corpus.comparing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipeline.corpus.comparing import Pairs
from pipeline.corpus.folded_texts import FoldedTexts
from pipeline.corpus.near import gathered
from pipeline.corpus.same import NOT_ACCEPTED, originals_of
from pipeline.corpus.signatures import sharing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.corpus.inputs import Inputs, Read, Rows

pc: Any = pyarrow.compute

DUPLICATE_BASES = ("same_bytes", "same_text")
CANONICAL_BASES = ("alone", "earliest_date", "smallest_path")
_ALONE, _EARLIEST_DATE, _SMALLEST_PATH = range(3)

_NO_DATE = np.iinfo(np.int32).max


class Standing(NamedTuple):
    """What becomes of one input: `status` is published, duplicate or quarantined.

    `duplicate_of` is, for a duplicate, the `id` of the published document that is the same, and `duplicate_basis` what
    is the same. `cluster_id` is the `id` of the document that stands for all that are nearly the same, itself included;
    it is None where the input is quarantined. The rest is of published documents: how many of them the cluster has,
    what made that one stand for them, and how alike this one is to it.
    """

    status: str
    duplicate_of: str | None = None
    duplicate_basis: str | None = None
    cluster_id: str | None = None
    cluster_size: int | None = None
    canonical_basis: str | None = None
    similarity_0_to_1: float | None = None


QUARANTINED = Standing("quarantined")


class Standings(Sequence[Standing]):
    """What becomes of each input, held as a few numbers for each; made by :func:`standings`."""

    def __init__(self, inputs: Inputs, originals: Rows, leaders: Rows, similarities: NDArray[np.float64]) -> None:
        self._hashes, self._originals, self._leaders = inputs.raw_sha256, originals, leaders
        self._similarities = similarities
        self.are_published = originals == np.arange(len(originals))
        self._sizes = np.bincount(leaders[self.are_published], minlength=len(originals)).astype(np.int32)
        self._bases = _bases(inputs, leaders, self._sizes, self.are_published)

    def __len__(self) -> int:
        return len(self._originals)

    @overload
    def __getitem__(self, at: int) -> Standing: ...
    @overload
    def __getitem__(self, at: slice) -> list[Standing]: ...
    def __getitem__(self, at: int | slice) -> Standing | list[Standing]:
        if isinstance(at, slice):
            return [self._standing(row) for row in range(*at.indices(len(self)))]
        return self._standing(range(len(self))[at])

    def _standing(self, row: int) -> Standing:
        original = int(self._originals[row])
        if original == NOT_ACCEPTED:
            return QUARANTINED
        leader = int(self._leaders[original])
        if original != row:
            basis = "same_bytes" if self._hashes[row] == self._hashes[original] else "same_text"
            return Standing("duplicate", self._id(original), basis, self._id(leader))
        return Standing(
            "published",
            cluster_id=self._id(leader),
            cluster_size=int(self._sizes[leader]),
            canonical_basis=CANONICAL_BASES[self._bases[leader]],
            similarity_0_to_1=float(self._similarities[row]),
        )

    def _id(self, row: int) -> str:
        return str(self._hashes[row])[:32]


def standings(inputs: Inputs, read: Read, *, folder: Path | None = None) -> Standings:
    """What becomes of each input.

    Two accepted inputs are the same where :mod:`pipeline.corpus.same` says so, and nearly the same where
    :mod:`pipeline.corpus.comparing` does. The one with the earliest `date_published` (none is later than any), then the
    smallest `raw_path`, stands for the others. Inputs that were set aside are neither duplicates nor do they have any.
    In whatever order inputs come, the same becomes of each.

    `read` gives texts; those that look alike are kept in `folder` meanwhile, in a file without a name.
    """
    precedence = _precedence(inputs)
    originals, names = originals_of(inputs, precedence, read)
    leaders, similarities = np.arange(len(originals)), np.ones(len(originals), np.float64)
    rows, groups = sharing(inputs.signatures, np.flatnonzero((originals == leaders) & inputs.has_signature))
    with FoldedTexts(folder) as texts:
        for text in read(rows.tolist()):
            texts.append(text)
        pairs = Pairs(texts, [names.get(row) or inputs.name(row) for row in rows.tolist()])
        found, similarities[rows] = gathered(groups, precedence[rows], pairs)
    leaders[rows] = rows[found]
    return Standings(inputs, originals, leaders, similarities)


def _precedence(inputs: Inputs) -> Rows:
    """The place of each input among all, the earliest date first, then the smallest path."""
    table = pa.table({"date": inputs.date_published, "path": inputs.raw_path})
    # Arrow puts nulls last: no date is later than any.
    order = np.asarray(pc.sort_indices(table, sort_keys=[("date", "ascending"), ("path", "ascending")]))
    precedence = np.empty(len(order), np.intp)
    precedence[order] = np.arange(len(order))
    return precedence


def _bases(inputs: Inputs, leaders: Rows, sizes: NDArray[np.int32], published: NDArray[np.bool_]) -> NDArray[np.int8]:
    """What made each leader stand for its cluster, by its row; each published document has its leader's."""
    dates = np.asarray(pc.fill_null(inputs.date_published.cast(pa.int32()), _NO_DATE))
    as_early = published & (leaders != np.arange(len(leaders))) & (dates == dates[leaders])
    bases = np.where(sizes > 1, _EARLIEST_DATE, _ALONE).astype(np.int8)
    bases[leaders[as_early]] = _SMALLEST_PATH
    return bases
