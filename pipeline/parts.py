"""One part of a stage table, read from disk as it should be there, or a line that says which file is not.

Here belongs reading. What the tables hold is said in :mod:`pipeline.columns`, where they lie in
:mod:`pipeline.stages`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.columns import STAGE_TABLES, schema
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_part(file: Path, names: Sequence[str]) -> pa.Table:
    """Some columns of one file of a stage table, which is named after the folder that it lies in.

    Raises :class:`pipeline.sources.files.BadInput` where the file cannot be read, or lacks one of the columns, or has
    another type for it: somebody may have touched it, or an older version have written it.
    """
    try:
        table = pq.ParquetFile(file).read(columns=list(names))
    except (OSError, pa.ArrowException) as error:
        raise _unusable(file, " ".join(str(error).split())) from error
    declared = schema(STAGE_TABLES[file.parent.name])
    there = set(table.column_names)
    wrong = [name for name in names if name not in there or _kind(table.schema, name) != _kind(declared, name)]
    if wrong:
        raise _unusable(file, f"{', '.join(wrong)} is not there, or of another type")
    return table.select(list(names))


def _kind(layout: pa.Schema, name: str) -> str:
    """The type of a column by name; Arrow calls what stands in a list "item", Parquet "element"."""
    return str(layout.field(name).type).replace("list<item: ", "list<element: ")


def _unusable(file: Path, reason: str) -> BadInput:
    return BadInput(
        f"{str(file)!r} cannot be used ({reason}): materialize {file.parent.name} again, with those after it"
    )
