"""What is looked at in each file that was given in: whether it became what its row says.

Here belongs what is said of the table `files`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.derived.values import each, hashable, values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.derived.values import Derived, Row, Tables

NO_BYTES = frozenset({"too_large", "unreadable", "unsafe_path"})
"""Reasons for which a file is set aside without its bytes having been read; in an archive none is unpacked further than
the limit."""


def of_files(rows: list[Row], documents: list[Row], tables: Tables) -> Derived:
    """The derived columns of `files`."""
    by_path = {path: row for row in documents for path in hashable([row["raw_path"]])}
    ids = set(hashable(row["id"] for row in documents))
    set_aside = zip(values(tables["quarantine"], "raw_path"), values(tables["quarantine"], "reason"), strict=True)
    reasons = dict(hashable(set_aside))

    def is_document(row: Row) -> bool:
        document = by_path.get(row["raw_path"])
        if row["status"] != "published":
            return document is None and row["doc_id"] is None
        return document is not None and document["id"] == row["doc_id"] == row["raw_sha256"][:32]

    looks: dict[str, Callable[[Row], Any]] = {
        "derived_published_is_document": is_document,
        "derived_quarantined_is_listed": lambda row: (row["status"] == "quarantined") == (row["raw_path"] in reasons),
        "derived_duplicate_has_original": lambda row: (
            row["duplicate_of"] in ids if row["status"] == "duplicate" else row["duplicate_of"] is None
        ),
        "derived_duplicate_basis_fits": lambda row: row["duplicate_basis"] == _basis(row),
        "derived_hashed": lambda row: (
            (row["raw_sha256"] is not None and row["bytes"] is not None) or reasons.get(row["raw_path"]) in NO_BYTES
        ),
        "derived_runs_cover": lambda row: row["status"] == "quarantined" or _cover(row["runs"], row["bytes"]),
        "derived_steps_held": lambda row: reasons.get(row["raw_path"]) != "step_failed",
        "derived_encoding_stated": lambda row: row["status"] == "quarantined" or bool(row["encoding"]),
    }
    return {name: each(rows, look) for name, look in looks.items()}


def _basis(row: Row) -> str | None:
    """What is the same in a file and the one that it duplicates; an `id` is the beginning of a hash of bytes."""
    if row["duplicate_of"] is None:
        return None
    return "same_bytes" if row["raw_sha256"].startswith(row["duplicate_of"]) else "same_text"


def _cover(runs: Sequence[Row], size: int) -> bool:
    """True where the runs of codecs follow one another from the first byte to the last."""
    at = 0
    for run in runs:
        if run["start_byte"] != at or run["end_byte"] <= at:
            return False
        at = run["end_byte"]
    return at == size
