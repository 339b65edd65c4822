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
from pipeline.derived.scripts import of_scripts
from pipeline.derived.sections import of_sections
from pipeline.derived.values import rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from pipeline.derived.values import Derived, Tables

__all__ = ["CHINA", "as_number", "derive"]


def derive(tables: Tables, *, json_lines: Iterable[str] = (), copies: pa.Table | None = None) -> dict[str, Derived]:
    """The derived columns of each table, row for row.

    `json_lines` are those of the documents, `copies` the documents that stand in the configuration `open` once more.

    >>> import pyarrow as pa
    >>> from pipeline.columns import TABLES
    >>> sorted({"columns", *TABLES}) == sorted(derive({name: pa.table({}) for name in TABLES}))
    True

    A column that is missing counts as one full of nulls: that it is missing is for another check to say.
    """
    documents, files = rows(tables["documents"], "documents"), rows(tables["files"], "files")
    copied = [] if copies is None else rows(copies, "documents")
    return {
        "columns": of_columns(tables),
        "documents": of_documents(documents, files, tables, json_lines=json_lines, copied=copied),
        "sections": of_sections(tables),
        "edits": of_edits(tables),
        "conflicts": of_conflicts(tables),
        "scripts": of_scripts(tables),
        "references": of_references(tables),
        "targets": of_targets(tables),
        "issuers": of_issuers(tables),
        "files": of_files(files, documents, tables),
        "quarantine": of_quarantine(tables),
    }
