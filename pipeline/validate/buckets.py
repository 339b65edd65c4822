"""The files of a dataset, part by part: the rows of a document lie in the files of one number in all sorted tables.

Here belongs which files make up a bucket, and how any of them is read. `files` and `quarantine` are in no bucket; they
come in the order of `raw_path`, so many rows at a time. What is made of them belongs in the modules beside this one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.columns import TABLES
from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

IN_ORDER = ("files", "quarantine")
"""The tables that are in no bucket."""

SORTED = tuple(name for name in TABLES if name not in IN_ORDER)
"""The tables of a bucket, each sorted by its document."""

ROWS_AT_ONCE = 50_000
"""So many rows of a table that is in no bucket are looked at together."""

_NUMBER = re.compile("-([0-9]+)[.]")


class Bucket(NamedTuple):
    """What a bucket holds: its tables, its JSON lines, and its documents that are open; None where none is."""

    tables: dict[str, pa.Table]
    json_lines: list[bytes]
    copies: pa.Table | None


class Dataset:
    """The files of a dataset and the columns that they have together.

    Raises :class:`pipeline.sources.files.BadInput` where a table has no file, or one that cannot be read.
    """

    def __init__(self, dataset: Path) -> None:
        self.folder = dataset
        self._files = {name: sorted((dataset / "data").glob(f"{name}-*.parquet")) for name in TABLES}
        for name, files in self._files.items():
            if not files:
                message = (
                    f"{dataset}: no data/{name}-*.parquet there; name an output folder or a dataset made by `build`"
                )
                raise BadInput(message)
        self.schemas = {name: self._schema(name) for name in TABLES}
        beside = [*(dataset / "jsonl").glob("documents-*.jsonl"), *(dataset / "open").glob("documents-*.parquet")]
        files = [file for name in SORTED for file in self._files[name]]
        self.numbers = sorted({_number(file) for file in (*files, *beside)})
        """The numbers of the buckets."""

    def files_of(self, number: int) -> list[Path]:
        """Every file of a bucket, sorted by path."""
        data = [file for name in SORTED for file in self._files[name] if _number(file) == number]
        beside = [
            *(self.folder / "jsonl").glob("documents-*.jsonl"),
            *(self.folder / "open").glob("documents-*.parquet"),
        ]
        return sorted([*data, *(file for file in beside if _number(file) == number)])

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        return sum(pq.read_metadata(file).num_rows for file in self._files[name])

    def bucket(self, number: int | None) -> Bucket:
        """All of a bucket; a table without a file in it has no rows there, and no table has any in the bucket None."""
        if number is None:
            return Bucket({name: self.schemas[name].empty_table() for name in SORTED}, [], None)
        tables = {name: self.sorted_part(name, number) for name in SORTED}
        lines = self.folder / "jsonl" / f"documents-{number:05}.jsonl"
        copies = self.folder / "open" / f"documents-{number:05}.parquet"
        return Bucket(
            tables,
            lines.read_bytes().splitlines(keepends=True) if lines.is_file() else [],
            self._read(copies) if copies.is_file() else None,
        )

    def sorted_part(self, name: str, number: int, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a sorted table in a bucket; of `columns`, those that are there."""
        files = [file for file in self._files[name] if _number(file) == number]
        parts = [self._read(file, columns) for file in files]
        if columns is not None:
            return pa.concat_tables(parts, promote_options="permissive") if parts else pa.table({})
        whole = self.schemas[name].empty_table()
        # What is missing in a file becomes null, what another one has besides is there.
        fits = len(parts) == 1 and parts[0].schema.equals(whole.schema)
        return parts[0] if fits else pa.concat_tables([whole, *parts], promote_options="permissive")

    def parts_in_order(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a table that is in no bucket, so many at a time."""
        whole = self.schemas[name]
        for file in self._files[name]:
            try:
                opened = pq.ParquetFile(file)
                chosen = None if columns is None else [one for one in columns if one in opened.schema_arrow.names]
                for batch in opened.iter_batches(batch_size=ROWS_AT_ONCE, columns=chosen):
                    table = pa.Table.from_batches([batch])
                    if columns is None and not table.schema.equals(whole):
                        table = pa.concat_tables([whole.empty_table(), table], promote_options="permissive")
                    yield table
            except (OSError, pa.ArrowException) as error:
                raise self._unreadable(file, error) from error

    def json_line_count(self) -> int:
        """How many JSON lines there are; one need not end in a line end."""
        count = 0
        for file in (self.folder / "jsonl").glob("documents-*.jsonl"):
            last = b"\n"
            with file.open("rb") as content:
                while block := content.read(1 << 20):
                    count += block.count(b"\n")
                    last = block
            count += not last.endswith(b"\n")
        return count

    def _schema(self, name: str) -> pa.Schema:
        files = self._files[name]
        try:
            return pa.unify_schemas([pq.read_schema(file) for file in files], promote_options="permissive")
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(files[0], error) from error

    def _read(self, file: Path, columns: Sequence[str] | None = None) -> pa.Table:
        try:
            opened = pq.ParquetFile(file)
            chosen = None if columns is None else [one for one in columns if one in opened.schema_arrow.names]
            return opened.read(columns=chosen)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(file, error) from error

    def _unreadable(self, file: Path, error: Exception) -> BadInput:
        reason = " ".join(str(error).split())
        name = f"{file.name.rpartition('-')[0]}-*.parquet"
        return BadInput(f"{file.parent}/{name} cannot be read: {reason}; build the dataset again")


def _number(file: Path) -> int:
    found: Any = _NUMBER.search(file.name)
    return int(found[1])
