"""What is read in a document for the tables beside `documents`: the documents it names, its targets, its issuers.

Here belongs what each reader is told of the document. What it reads belongs in the modules beside this one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.enrichment.issuers import read_issuers
from pipeline.enrichment.references import references
from pipeline.enrichment.targets import targets

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from pipeline.metadata.reading import Reader
    from pipeline.text import Finding

_YEAR = re.compile("(?:19|20)[0-9]{2}")


def read_enrichments(
    reader: Reader, columns: Mapping[str, Any], labelled: Mapping[str, Sequence[Finding]]
) -> dict[str, Sequence[Any]]:
    """The rows of each table for one document, whose columns and labelled values are known."""
    text, year = reader.history.value, year_of(columns)
    return {
        "references": references(text),
        "targets": targets(text, known_year=year),
        "issuers": read_issuers(reader, labelled, columns["doc_type"], year=year),
    }


def year_of(columns: Mapping[str, Any]) -> int | None:
    """The year in which a document was made, where something states it: its number, its date, else its publication.

    >>> year_of({"doc_number": "国发〔2017〕35号", "dates": [], "date_published": None})
    2017

    A page may publish a plan again years later, so what the document itself says comes first.
    """
    if columns["doc_number"] and (found := _YEAR.search(columns["doc_number"])):
        return int(found.group())
    own: list[int] = [row["date"].year for row in columns["dates"] if row["role"] == "document" and row["date"]]
    if own:
        return min(own)
    published: dt.date | None = columns["date_published"]
    return None if published is None else published.year
