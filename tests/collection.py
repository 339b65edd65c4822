"""Small collections, made of what decides what becomes of their documents.

Here belongs how a few texts with dates and names become the columns that the decision is given.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.corpus.duplicates import Standing, standings
from pipeline.corpus.inputs import Inputs
from pipeline.corpus.signatures import BANDS, SIGNATURE_BYTES, signature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pipeline import Document


class Entry(NamedTuple):
    """One input: its path, its cleaned text (None where it was set aside), its bytes, and what the document states."""

    path: str
    text: str | None
    content: str = ""
    published: date | None = None
    number: str | None = None
    title: str | None = None
    signed_on: str | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes; where none are given, those of this file alone."""
        return hashlib.sha256((self.content or self.path).encode()).hexdigest()

    @property
    def id(self) -> str:
        """What the document is called."""
        return self.sha256[:32]


def entry(path: str, document: Document) -> Entry:
    """A cleaned document as an entry."""
    fields = document.fields
    title = fields.get("title") if fields.get("title_status") == "stated" else None
    signed = (one["edtf"] for one in fields.get("dates", ()) if one["basis"] == "signature")
    return Entry(
        path,
        document.text,
        document.raw_sha256,
        fields.get("date_published"),
        fields.get("doc_number"),
        title,
        next(signed, None),
    )


def became(entries: Sequence[Entry]) -> Mapping[str, Standing]:
    """What becomes of each entry, by its path."""
    signatures = [None if one.text is None else signature(one.text) for one in entries]
    raw = b"".join(one or bytes(SIGNATURE_BYTES) for one in signatures)
    inputs = Inputs(
        raw_path=pa.array([one.path for one in entries], pa.string()),
        raw_sha256=pa.array([one.sha256 for one in entries], pa.string()),
        text_sha256=pa.array([_digest(one.text) for one in entries], pa.string()),
        date_published=pa.array([one.published for one in entries], pa.date32()),
        accepted=np.array([one.text is not None for one in entries], np.bool_),
        doc_number=pa.array([one.number for one in entries], pa.string()),
        title=pa.array([one.title for one in entries], pa.string()),
        signed_on=pa.array([one.signed_on for one in entries], pa.string()),
        signatures=np.frombuffer(raw, "<u4").reshape(-1, BANDS),
        has_signature=np.array([one is not None for one in signatures], np.bool_),
    )
    found = standings(inputs, lambda rows: (entries[row].text or "" for row in rows))
    return {one.path: standing for one, standing in zip(entries, found, strict=True)}


def clusters(entries: Sequence[Entry]) -> Mapping[str, str | None]:
    """The path of the document that stands for each entry's cluster, by the entry's path."""
    path_of = {one.id: one.path for one in sorted(entries, reverse=True)}
    return {path: path_of.get(standing.cluster_id or "") for path, standing in became(entries).items()}


def _digest(text: str | None) -> str | None:
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()
