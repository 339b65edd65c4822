"""What is looked at in each cluster of near-duplicates: whether its size, its canonical document and its likeness fit.

Here belongs what the documents are asked about one another. How alike two texts are is counted here a second time, with
the shingles themselves and no hashes of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.corpus.folding import folded
from pipeline.corpus.shingles import SHINGLE
from pipeline.derived.values import each, hashable
from pipeline.script.tables import UNIT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.derived.values import Derived, Row


def of_clusters(rows: list[Row]) -> Derived:
    """The derived columns of `documents` that are about their clusters.

    That a cluster has a canonical document at all is another promise; where it has none, these hold.
    """
    by_id = {name: row for row in rows for name in hashable([row["id"]])}
    sizes = Counter(hashable(row["cluster_id"] for row in rows))
    members: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        for name in hashable([row["cluster_id"]]):
            members[name].append(row)

    def canonical(row: Row) -> Row:
        return by_id.get(row["cluster_id"], row)

    looks: dict[str, Callable[[Row], Any]] = {
        "derived_cluster_exists": lambda row: row["cluster_id"] in by_id,
        "derived_stands_for_itself": lambda row: row["cluster_id"] == row["id"],
        "derived_cluster_whole": lambda row: canonical(row)["cluster_id"] == row["cluster_id"],
        "derived_canonical_first": lambda row: _precedence(canonical(row)) <= _precedence(row),
        "derived_canonical_basis_fits": lambda row: row["canonical_basis"] == _basis(members[row["cluster_id"]]),
        "derived_similarity_fits": lambda row: row["similarity_0_to_1"] == _similarity(row, canonical(row)),
    }
    return {
        **{name: each(rows, look) for name, look in looks.items()},
        "derived_cluster_size": each(rows, lambda row: sizes[row["cluster_id"]], otherwise=None),
    }


def _precedence(row: Row) -> tuple[bool, str, str]:
    return row["date_published"] is None, str(row["date_published"]), row["raw_path"]


def _basis(cluster: list[Row]) -> str:
    """What makes the first of a cluster its canonical document, by their dates alone."""
    if len(cluster) == 1:
        return "alone"
    dates = [_precedence(one)[:2] for one in cluster]
    return "earliest_date" if dates.count(min(dates)) == 1 else "smallest_path"


def _similarity(row: Row, other: Row) -> float:
    if row is other or row["text"] == other["text"]:
        return 1.0
    one, two = _shingles(row["text"]), _shingles(other["text"])
    return len(one & two) / max(1, len(one | two))


def _shingles(text: str) -> set[bytes]:
    raw = folded(text).tobytes()
    return {raw[at : at + _SHINGLE_BYTES] for at in range(0, max(1, len(raw) - _SHINGLE_BYTES + 1), UNIT_BYTES)}


_SHINGLE_BYTES = SHINGLE * UNIT_BYTES
