"""What the checks look at beside the published columns: values worked out again, and promises that span tables.

Great Expectations sees flat columns of one table. Here belongs what it could not see otherwise: hashes and counts made
a second time from the text itself, lists looked into, rows looked up in another table. What is expected of them belongs
in ``expectations/``, running it in :mod:`pipeline.validate`. A value of the wrong kind is a promise that is not kept,
never an error: these functions are given what somebody may have damaged. Each table has a module; `documents` and
`files`, of which there are few rows with lists in them, are looked at row by row, the others whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.derived.columns import of_columns
from pipeline.derived.conflicts import of_conflicts
from pipeline.derived.documents import CHINA, as_number, of_documents
from pipeline.derived.edits import of_edits
from pipeline.derived.enrichments import of_issuers, of_references, of_targets
from pipeline.derived.files import of_files
from pipeline.derived.quarantine import of_quarantine
from pipeline.derived.scripts import of_scripts, raw_lengths
from pipeline.derived.sections import of_sections
from pipeline.derived.whole import Whole, whole_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from pipeline.derived.values import Derived, Tables

__all__ = ["CHINA", "Whole", "as_number", "derive", "of_columns", "of_files", "of_quarantine", "whole_of"]


def derive(
    tables: Tables,
    *,
    json_lines: Iterable[bytes | str] = (),
    copies: pa.Table | None = None,
    whole: Whole | None = None,
) -> dict[str, Derived]:
    """The derived columns of each table, row for row.

    `tables` are those of a bucket: the rows of each document stand in all of them. `json_lines` are those of the
    documents, `copies` the documents that stand in the configuration `open` once more. `whole` is what the rest of the
    dataset is asked; without it, the tables are a dataset.

    >>> import pyarrow as pa
    >>> from pipeline.columns import TABLES
    >>> sorted({"columns", *TABLES}) == sorted(derive({name: pa.table({}) for name in TABLES}))
    True

    A column that is missing counts as one full of nulls: that it is missing is for another check to say. `files` and
    `quarantine` are in no bucket; where a dataset has many, they are looked at by themselves.
    """
    if whole is None:
        whole = whole_of(lambda: [tables["documents"]], [tables["files"]], [tables["quarantine"]])
    lines = [line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line for line in json_lines]
    lengths = raw_lengths(tables)
    return {
        "columns": of_columns(tables),
        "documents": of_documents(tables, whole, json_lines=lines, copied=copies),
        "sections": of_sections(tables),
        "edits": of_edits(tables),
        "conflicts": of_conflicts(tables),
        "scripts": of_scripts(tables, lengths),
        "references": of_references(tables),
        "targets": of_targets(tables),
        "issuers": of_issuers(tables, lengths),
        "files": of_files(tables["files"], whole),
        "quarantine": of_quarantine(tables["quarantine"], whole),
    }
