"""One part of a table below output/stages, read from disk as it should be, or a line that says which file is not.

Here belongs reading, and what is said of a part beside its rows. What the tables hold is said in
:mod:`pipeline.columns`, where they lie in :mod:`pipeline.stages`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.checksums import digest
from pipeline.columns import JUDGED_DOCUMENTS, STAGE_TABLES, schema
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


SHARD = "shard"
"""The key below which a file of a stage table says what is about it alone, for the build that carries it over."""

_LAYOUTS = {**STAGE_TABLES, "judged_documents": JUDGED_DOCUMENTS}


def read_part(file: Path, names: Sequence[str]) -> pa.Table:
    """Some columns of one file of such a table, which is named after the folder that it lies in.

    Raises :class:`pipeline.sources.files.BadInput` where the file cannot be read, or lacks one of the columns, or has
    another type for it: somebody may have touched it, or an older version have written it.
    """
    try:
        # Shards are many and small: threads that wait for one another cost more than they save.
        table = pq.ParquetFile(file).read(columns=list(names), use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise _unusable(file, " ".join(str(error).split())) from error
    declared = schema(_LAYOUTS[file.parent.name])
    there = set(table.column_names)
    wrong = [name for name in names if name not in there or _kind(table.schema, name) != _kind(declared, name)]
    if wrong:
        raise _unusable(file, f"{', '.join(wrong)} is not there, or of another type")
    return table.select(list(names))


def metadata_of(file: Path) -> dict[str, str]:
    """What a file of a table says about how it was made: the same in all tables of one shard.

    Raises :class:`pipeline.sources.files.BadInput` where it cannot be read.
    """
    try:
        stored = pq.read_schema(file).metadata or {}
    except (OSError, pa.ArrowException) as error:
        message = f"{str(file)!r} cannot be read: materialize {file.parent.name} again, with those after it"
        raise BadInput(message) from error
    return {key.decode(): value.decode() for key, value in sorted(stored.items()) if key != SHARD.encode()}


def made_by(file: Path) -> str:
    """What code wrote a file of a stage table: its fingerprint, or, where the file does not say, what is in the file.

    Where something failed that need not fail again, a file does not say. Raises OSError or an error of Arrow where it
    cannot be read.
    """
    said = (pq.read_schema(file).metadata or {}).get(SHARD.encode(), b"{}")
    return json.loads(said).get("made_by") or digest(file)


def _kind(layout: pa.Schema, name: str) -> str:
    """The type of a column by name; Arrow calls what stands in a list "item", Parquet "element"."""
    return str(layout.field(name).type).replace("list<item: ", "list<element: ")


def _unusable(file: Path, reason: str) -> BadInput:
    return BadInput(
        f"{str(file)!r} cannot be used ({reason}): materialize {file.parent.name} again, with those after it"
    )
