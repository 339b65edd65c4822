"""Which documents are the same or nearly so, and which one of them stands for all.

Here belongs what needs the whole collection and nothing but its light columns: hashes, dates, names, signatures. Texts
are asked for where these cannot decide, each once. What makes two texts the same text is decided before, by cleaning
them; how alike two are, in :mod:`pipeline.corpus.comparing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipeline.corpus.comparing import Pairs
from pipeline.corpus.folded_texts import FoldedTexts
from pipeline.corpus.near import gathered
from pipeline.corpus.same import NOT_ACCEPTED, originals_of
from pipeline.corpus.signatures import sharing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.corpus.inputs import Array, Inputs, Read, Rows

pc: Any = pyarrow.compute

DUPLICATE_BASES = ("same_bytes", "same_text")
FILE_STATUSES = ("duplicate", "published", "quarantined")
CANONICAL_BASES = ("alone", "earliest_date", "smallest_path")
_ALONE, _EARLIEST_DATE, _SMALLEST_PATH = range(3)

_NO_DATE = np.iinfo(np.int32).max
_ROWS_AT_ONCE = 4_096


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


class Standings:
    """What becomes of each input, held as a few numbers for each; made by :func:`standings`."""

    def __init__(self, inputs: Inputs, originals: Rows, leaders: Rows, similarities: NDArray[np.float64]) -> None:
        # Offsets of 64 bits: the hashes of a large collection may be more than 2 GB.
        self._ids = _whole(pc.utf8_slice_codeunits(inputs.raw_sha256.cast(pa.large_string()), 0, 32))
        self._originals, self._leaders = originals, leaders
        self._similarities = similarities
        published = originals == np.arange(len(originals))
        self._sizes = np.bincount(leaders[published], minlength=len(originals)).astype(np.int32)
        self._bases = _bases(inputs, leaders, self._sizes, published)

    def __len__(self) -> int:
        return len(self._originals)

    def __iter__(self) -> Iterator[Standing]:
        for start in range(0, len(self), _ROWS_AT_ONCE):
            for row in self.rows(start, start + _ROWS_AT_ONCE).to_pylist():
                yield Standing(**row)

    def rows(self, first: int, last: int) -> pa.Table:
        """What becomes of some inputs, in a column for each field of :class:`Standing`."""
        here = np.arange(first, min(last, len(self)))
        accepted = self._originals[here] != NOT_ACCEPTED
        originals = np.where(accepted, self._originals[here], here)
        leaders = self._leaders[originals]
        published, duplicate = accepted & (originals == here), accepted & (originals != here)
        same_bytes = pc.equal(self._ids_of(here), self._ids_of(originals))
        columns = {
            "status": _named(FILE_STATUSES, np.select([duplicate, published], [0, 1], 2)),
            "duplicate_of": _where(duplicate, self._ids_of(originals)),
            "duplicate_basis": _where(duplicate, pc.if_else(same_bytes, *DUPLICATE_BASES)),
            "cluster_id": _where(accepted, self._ids_of(leaders)),
            "cluster_size": _where(published, pa.array(self._sizes[leaders])),
            "canonical_basis": _where(published, _named(CANONICAL_BASES, self._bases[leaders])),
            "similarity_0_to_1": _where(published, pa.array(self._similarities[here])),
        }
        return pa.table(columns)

    def _ids_of(self, rows: Rows) -> Array:
        return self._ids.take(pa.array(rows)).cast(pa.string())


def _where(these: NDArray[np.bool_], values: Array) -> Array:
    """The values of some rows; null in all others."""
    return pc.if_else(pa.array(these), values, pa.scalar(None, values.type))


def _named(names: Sequence[str], codes: NDArray[np.integer[Any]]) -> Array:
    rows: Array = pa.array(codes.astype(np.int8))
    return pa.array(names, pa.string()).take(rows)


def _whole(column: Array) -> Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


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
