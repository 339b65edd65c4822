"""Which documents are the same, and which one of them stands for all.

Here belongs what needs the whole collection and nothing but its light columns: hashes, dates, names. Near-duplicates
will join clusters here; what makes two texts the same text is decided before, by cleaning them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class Candidate(NamedTuple):
    """The light columns of one input; `id`, hashes and date are None where it was not read or not cleaned."""

    raw_path: str
    id: str | None
    raw_sha256: str | None
    text_sha256: str | None
    date_published: date | None
    accepted: bool


class Standing(NamedTuple):
    """What becomes of one input: `status` is published, duplicate or quarantined.

    `duplicate_of` is the `id` of the canonical document, for a duplicate; `cluster_id` that of the cluster's canonical
    document, which is the document's own where it is published; both None where the input is quarantined.
    """

    status: str
    duplicate_of: str | None = None
    cluster_id: str | None = None


EMPTY_TEXT_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of no bytes: nothing is a duplicate of nothing."""

QUARANTINED = Standing("quarantined")


def standings(candidates: Iterable[Candidate]) -> list[Standing]:
    """What becomes of each input, in their order.

    >>> from datetime import date
    >>> for standing in standings([
    ...     Candidate("a.txt", "1a", "1a…", "7f…", None, accepted=True),
    ...     Candidate("b.txt", "2b", "2b…", "7f…", date(2021, 6, 9), accepted=True),
    ...     Candidate("c.txt", None, None, None, None, accepted=False),
    ... ]):
    ...     print(*standing)
    duplicate 2b 2b
    published None 2b
    quarantined None None

    Two accepted inputs are the same where their bytes or their cleaned texts are; an empty text is the same as none.
    The canonical one has the earliest `date_published` (none is later than any), then the smallest `raw_path`. Inputs
    that were set aside are neither duplicates nor do they have any.
    """
    rows = list(candidates)
    keys = _keys(rows)
    canonical: dict[str, Candidate] = {}
    for row, key in zip(rows, keys, strict=True):
        if key is not None and (key not in canonical or _earliness(row) < _earliness(canonical[key])):
            canonical[key] = row
    return [_standing(row, None if key is None else canonical[key]) for row, key in zip(rows, keys, strict=True)]


def _standing(row: Candidate, canonical: Candidate | None) -> Standing:
    if canonical is None:
        return QUARANTINED
    if canonical is row:
        return Standing("published", None, row.id)
    return Standing("duplicate", canonical.id, canonical.id)


def _keys(rows: list[Candidate]) -> list[str | None]:
    """A key for each row, equal where rows are the same document; None where the row was not accepted."""
    key_of_bytes: dict[str, str] = {}
    key_of_text: dict[str, str] = {}
    keys: list[str | None] = []
    for row in rows:
        if not row.accepted or row.raw_sha256 is None or row.text_sha256 is None:
            keys.append(None)
            continue
        key = key_of_bytes.setdefault(row.raw_sha256, row.raw_sha256)
        # Same bytes give the same text, so the key of the bytes is the key of the text or its first.
        if row.text_sha256 != EMPTY_TEXT_SHA256:
            key = key_of_bytes[row.raw_sha256] = key_of_text.setdefault(row.text_sha256, key)
        keys.append(key)
    return keys


def _earliness(row: Candidate) -> tuple[bool, str, str]:
    return row.date_published is None, str(row.date_published), row.raw_path
