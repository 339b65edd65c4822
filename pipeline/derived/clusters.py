"""What is looked at in each cluster of near-duplicates: whether its size, its canonical document and its likeness fit.

Here belongs what the documents are asked about one another. How alike two texts are is counted here a second time, with
other numbers for the shingles. Only documents that share a cluster are looked at one by one.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.corpus.folding import folded
from pipeline.corpus.shingles import SHINGLE
from pipeline.derived.values import each, floats, is_true, pc, rows, strings

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pyarrow as pa

    from pipeline.derived.values import Derived, Row
    from pipeline.derived.whole import Whole


def of_clusters(documents: pa.Table, whole: Whole) -> Derived:
    """The derived columns of `documents` that are about their clusters.

    That a cluster has a canonical document at all is another promise; where it has none, these hold.
    """
    clusters = whole.clusters
    alone = clusters.alone(documents)
    shared = np.flatnonzero(~alone)
    some = documents.take(shared)
    found = rows(some, "documents", ("date_published", "similarity_0_to_1"))
    for name in ("id", "cluster_id", "raw_path", "canonical_basis", "text"):
        for row, value in zip(found, strings(some, name).to_pylist(), strict=True):
            row[name] = value
    texts = {row["id"]: row["text"] for row in found}
    shingles = functools.lru_cache(maxsize=16)(_shingles)

    def canonical(row: Row) -> Row:
        return clusters.by_id.get(row["cluster_id"], row)

    def similarity(row: Row) -> float:
        there = canonical(row)["id"]
        text = row["text"]
        other = texts[there] if there in texts else whole.text_of(there)
        if there == row["id"] or text == other:
            return 1.0
        return _jaccard(shingles(text), shingles(other))

    looks: dict[str, Callable[[Row], Any]] = {
        "derived_cluster_exists": lambda row: row["cluster_id"] in clusters.by_id,
        "derived_stands_for_itself": lambda row: row["cluster_id"] == row["id"],
        "derived_cluster_whole": lambda row: canonical(row)["cluster_id"] == row["cluster_id"],
        "derived_canonical_first": lambda row: _precedence(canonical(row)) <= _precedence(row),
        "derived_canonical_basis_fits": lambda row: (
            row["canonical_basis"] == _basis(clusters.members[row["cluster_id"]])
        ),
        "derived_similarity_fits": lambda row: row["similarity_0_to_1"] == similarity(row),
    }
    # What a document that is alone is asked has one answer each.
    kept = {name: np.ones(len(alone), np.bool_) for name in looks}
    kept["derived_canonical_basis_fits"] = is_true(pc.equal(strings(documents, "canonical_basis"), "alone"))
    kept["derived_similarity_fits"] = is_true(pc.equal(floats(documents, "similarity_0_to_1"), np.float32(1)))
    for name, look in looks.items():
        kept[name][shared] = [bool(one) for one in each(found, look)]
    sizes = np.ones(len(alone), np.int64)
    sizes[shared] = [len(clusters.members.get(row["cluster_id"], ())) for row in found]
    return {**kept, "derived_cluster_size": sizes}


def _precedence(row: Row) -> tuple[bool, str, str]:
    return row["date_published"] is None, str(row["date_published"]), row["raw_path"]


def _basis(cluster: list[Row]) -> str:
    """What makes the first of a cluster its canonical document, by their dates alone."""
    if len(cluster) == 1:
        return "alone"
    dates = [_precedence(one)[:2] for one in cluster]
    return "earliest_date" if dates.count(min(dates)) == 1 else "smallest_path"


def _shingles(text: str) -> npt.NDArray[np.uint64]:
    """A number for each different shingle, sorted; two that differ share one less than once in 10^14 pairs."""
    units = folded(text).astype(np.uint64)
    if len(units) < SHINGLE:
        units = np.pad(units, (0, SHINGLE - len(units)))
    return np.unique(np.lib.stride_tricks.sliding_window_view(units, SHINGLE) @ _FACTORS)


def _jaccard(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> float:
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


_FACTORS = np.random.default_rng(SHINGLE).integers(0, 2**64, SHINGLE, np.uint64) | np.uint64(1)
