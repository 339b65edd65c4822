"""Rows of published tables that are sorted by the document they belong to, read along with the documents.

Here belongs how two sorted tables are read side by side, so that memory does not grow with either. What is done with
the rows belongs in :mod:`pipeline.rebuilding` and :mod:`pipeline.report`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""


class SortedRows:
    """A table that is sorted by its first column, read along with another one.

    `names` are the columns that are wanted, the one that it is sorted by first; `files` those of the table's files that
    are read, in their order. Raises :class:`pipeline.sources.files.BadInput` where the dataset has no such table.
    """

    def __init__(self, dataset: Path, name: str, names: Sequence[str], *, files: Sequence[Path] | None = None) -> None:
        self._key = names[0]
        files = files_of(dataset, name) if files is None else files
        self._batches = _batches(files, list(names))
        schema = pq.read_schema(files[0])
        self._held = pa.schema([schema.field(one) for one in names]).empty_table()

    def up_to(self, last: str | None) -> pa.Table:
        """The rows not given yet whose key is not behind `last`; all that are left for None."""
        held = [self._held]
        while last is None or not held[-1].num_rows or held[-1][self._key][-1].as_py() <= last:
            batch = next(self._batches, None)
            if batch is None:
                break
            held.append(pa.Table.from_batches([batch], self._held.schema))
        table = pa.concat_tables(held).combine_chunks()
        keys = table[self._key]
        count = table.num_rows if last is None else pc.sum(pc.less_equal(keys, last)).as_py() or 0
        self._held = table.slice(count)
        return table.slice(0, count)


def stretches(keys: pa.ChunkedArray[Any]) -> dict[str, tuple[int, int]]:
    """Where the rows of each key start, and how many there are, in a table sorted by it.

    >>> stretches(pa.chunked_array([["a", "a", "b"]]))
    {'a': (0, 2), 'b': (2, 1)}
    """
    found: dict[str, tuple[int, int]] = {}
    encoded = pc.run_end_encode(keys.combine_chunks())
    start = 0
    for key, end in zip(encoded.values.to_pylist(), encoded.run_ends.to_pylist(), strict=True):
        found[key] = (start, end - start)
        start = end
    return found


def files_of(dataset: Path, name: str) -> list[Path]:
    """The files of a published table, in their order.

    Raises :class:`pipeline.sources.files.BadInput` where there are none.
    """
    found = sorted((dataset / "data").glob(f"{name}-*.parquet"))
    if not found:
        message = f"the table {name} is missing in {str(dataset / 'data')!r}: build the dataset again"
        raise BadInput(message)
    return found


def _batches(files: Sequence[Path], names: list[str]) -> Iterator[pa.RecordBatch]:
    for file in files:
        yield from pq.ParquetFile(file).iter_batches(columns=names)
