"""What is looked at in each file that was given in: whether it became what its row says.

Here belongs what is said of the table `files`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.derived.values import each, rows, strings
from pipeline.derived.whole import among, hashed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from pipeline.derived.values import Derived, Row
    from pipeline.derived.whole import Whole


def of_files(files: pa.Table, whole: Whole) -> Derived:
    """The derived columns of `files`."""
    path, doc_id, original = strings(files, "raw_path"), strings(files, "doc_id"), strings(files, "duplicate_of")
    named = hashed(path)
    # What the other tables say of each row, beside it.
    asked = {
        "at_place": among(hashed(path, doc_id), whole.places),
        "at_path": among(named, whole.paths),
        "original_there": among(hashed(original), whole.documents),
        "listed": among(named, whole.quarantined),
        "unread": among(named, whole.unread),
        "step_failed": among(named, whole.step_failed),
        "ended": among(named, whole.ended),
    }
    answers = zip(*(found.tolist() for found in asked.values()), strict=True)
    found = [
        row | dict(zip(asked, answer, strict=True))
        for row, answer in zip(rows(files, "files", _COLUMNS), answers, strict=True)
    ]
    looks: dict[str, Callable[[Row], Any]] = {
        "derived_published_is_document": lambda row: (
            row["at_place"] and row["doc_id"] == row["raw_sha256"][:32]
            if row["status"] == "published"
            else not row["at_path"] and row["doc_id"] is None
        ),
        "derived_quarantined_is_listed": lambda row: (row["status"] == "quarantined") == row["listed"],
        "derived_duplicate_has_original": lambda row: (
            row["original_there"] if row["status"] == "duplicate" else row["duplicate_of"] is None
        ),
        "derived_duplicate_basis_fits": lambda row: row["duplicate_basis"] == _basis(row),
        "derived_hashed": lambda row: (row["raw_sha256"] is not None and row["bytes"] is not None) or row["unread"],
        "derived_runs_cover": lambda row: row["status"] == "quarantined" or _cover(row["runs"], row["bytes"]),
        "derived_steps_held": lambda row: not row["step_failed"],
        "derived_came_to_an_end": lambda row: not row["ended"],
        "derived_encoding_stated": lambda row: row["status"] == "quarantined" or bool(row["encoding"]),
    }
    return {name: each(found, look) for name, look in looks.items()}


_COLUMNS = (
    "raw_path",
    "raw_sha256",
    "bytes",
    "status",
    "doc_id",
    "duplicate_of",
    "duplicate_basis",
    "encoding",
    "runs",
)


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
