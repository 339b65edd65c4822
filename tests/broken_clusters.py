"""What can be wrong with clusters of near-duplicates, and which expectations are to say so.

Here belongs every damage to what `documents` says of its clusters; those to the other columns are in
``broken_tables.py``, which has these as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from breaking_tables import LESSON, NEWS, PLAN, change, several, with_text

from pipeline.corpus.folding import folded
from pipeline.corpus.shingles import distinct, jaccard, shingles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from breaking_tables import Damage
    from sound_dataset import Row, Rows

    Damages: TypeAlias = Mapping[str, tuple[Damage, set[str]]]

NOBODY = "0" * 32


def _a_near_duplicate(rows: Rows) -> None:
    """Two documents with nearly one text, in one cluster, as it should be: the smaller path stands for both."""
    with_text(rows["documents"][LESSON]["text"] + "\nEverybody reads it twice.")(rows)
    _join(rows["documents"][LESSON], rows["documents"][NEWS])


def _the_later_stands_for_both(rows: Rows) -> None:
    _a_near_duplicate(rows)
    _join(rows["documents"][NEWS], rows["documents"][LESSON])


def _a_chain(rows: Rows) -> None:
    """A document whose canonical document has another one."""
    _a_near_duplicate(rows)
    _join(rows["documents"][NEWS], rows["documents"][PLAN], canonical_basis="earliest_date")
    rows["documents"][LESSON] |= {"cluster_size": 1, "canonical_basis": "alone"}


def _join(row: Row, canonical: Row, *, canonical_basis: str = "smallest_path") -> None:
    both = {"cluster_id": canonical["id"], "cluster_size": 2, "canonical_basis": canonical_basis}
    canonical |= {**both, "similarity_0_to_1": 1.0}
    similarity = jaccard(*(distinct(shingles(folded(one["text"]))) for one in (row, canonical)))
    row |= {**both, "similarity_0_to_1": similarity}


DAMAGES_OF_CLUSTERS: Damages = {
    "a cluster of nobody": (
        change("documents", NEWS, cluster_id=NOBODY),
        {"documents.cluster_exists", "documents.near_duplicates_few"},
    ),
    "a near-duplicate": (_a_near_duplicate, {"documents.near_duplicates_few"}),
    "a canonical document that has another one": (
        _a_chain,
        {"documents.cluster_whole", "documents.near_duplicates_few", "documents.similarity_in_range"},
    ),
    "a cluster that says it is larger": (change("documents", NEWS, cluster_size=7), {"documents.cluster_size_fits"}),
    "a later path that stands for an earlier one": (
        _the_later_stands_for_both,
        {"documents.canonical_first", "documents.near_duplicates_few"},
    ),
    "an accident that is called a date": (
        several(_a_near_duplicate, change("documents", LESSON, canonical_basis="earliest_date")),
        {"documents.canonical_basis_fits", "documents.near_duplicates_few"},
    ),
    "a document that is less like itself": (
        change("documents", NEWS, similarity_0_to_1=0.9),
        {"documents.similarity_fits"},
    ),
    "a document that is hardly like the canonical one": (
        change("documents", NEWS, similarity_0_to_1=0.5),
        {"documents.similarity_in_range", "documents.similarity_fits"},
    ),
}
"""Each damage with the expectations that fail, and no other does."""
