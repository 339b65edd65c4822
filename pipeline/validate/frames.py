"""The tables of a dataset as the data frames that expectations are run on.

Here belongs how Parquet becomes a frame, and what a type is called there. What is added to the published columns
belongs in :mod:`pipeline.derived`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from pipeline.derived.values import Derived


def read_table(dataset: Path, name: str) -> pa.Table:
    """A whole table of the dataset.

    Raises :class:`pipeline.sources.files.BadInput` where it has no file, or one that cannot be read.
    """
    files = sorted((dataset / "data").glob(f"{name}-*.parquet"))
    if not files:
        message = f"{dataset}: no data/{name}-*.parquet there; name an output folder or a dataset made by `build`"
        raise BadInput(message)
    try:
        shards = [pq.ParquetFile(file).read() for file in files]
        # A shard with other columns shows in the whole: what is missing becomes null, what is new stays.
        return pa.concat_tables(shards, promote_options="permissive") if len(shards) > 1 else shards[0]
    except (OSError, pa.ArrowException) as error:
        reason = " ".join(str(error).split())
        message = f"{files[0].parent}/{name}-*.parquet cannot be read: {reason}; build the dataset again"
        raise BadInput(message) from error


def accounted(tables: Mapping[str, pa.Table]) -> int:
    """How many inputs the tables tell the fate of: published, set aside, or duplicates."""
    files = tables["files"]
    statuses = files.column("status").to_pylist() if "status" in files.column_names else []
    return len(tables["documents"]) + len(tables["quarantine"]) + statuses.count("duplicate")


def json_lines(dataset: Path) -> Iterator[str]:
    """The JSON lines of the documents, in the order of their files; none where there are no such files."""
    for file in sorted((dataset / "jsonl").glob("documents-*.jsonl")):
        # What is no UTF-8 is no line that fits its row, and no reason to stop.
        with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            yield from lines


def open_copies(dataset: Path) -> pa.Table | None:
    """The documents that stand in `open` once more; None where there are no such files.

    Raises :class:`pipeline.sources.files.BadInput` where one of them cannot be read.
    """
    files = sorted((dataset / "open").glob("documents-*.parquet"))
    try:
        shards = [pq.ParquetFile(file).read() for file in files]
        return pa.concat_tables(shards, promote_options="permissive") if shards else None
    except (OSError, pa.ArrowException) as error:
        reason = " ".join(str(error).split())
        message = f"{dataset}/open/documents-*.parquet cannot be read: {reason}; build the dataset again"
        raise BadInput(message) from error


TYPE_NAMES: dict[pa.DataType, str] = {
    pa.string(): "str",
    pa.bool_(): "bool",
    pa.int8(): "int8",
    pa.int16(): "int16",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.float32(): "float32",
    pa.float64(): "float64",
    pa.date32(): "datetime64",
    pa.timestamp("us", "UTC"): "Timestamp",
}
"""What Great Expectations calls the types of columns with one value a row, as :func:`frame_of` makes them.

It takes a day for a time without a zone, and one unit of time for another: `columns` compares Arrow's own types.
"""


def frame_of(table: pa.Table | None, derived: Derived) -> pd.DataFrame:
    """The published columns that pandas can look into, and beside them the derived ones.

    Numbers and truths keep their type where some are null: by itself, pandas would make them all floats or objects.
    """
    import pandas as pd  # noqa: PLC0415  a second that only this needs

    nullable = {
        pa.bool_(): pd.BooleanDtype(),
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float32(): pd.Float32Dtype(),
        pa.float64(): pd.Float64Dtype(),
        # Objects are told apart by their values, and a column of nulls has none.
        pa.binary(): pd.ArrowDtype(pa.binary()),
        pa.null(): pd.ArrowDtype(pa.null()),
    }
    columns = {
        name: values.to_pandas(types_mapper=nullable.get) if isinstance(values, pa.Array) else values
        for name, values in derived.items()
    }
    frame = (
        pd.DataFrame()
        if table is None
        else table.to_pandas(types_mapper=nullable.get, date_as_object=False, timestamp_as_object=False)
    )
    return pd.concat([frame, pd.DataFrame(columns, index=frame.index if len(frame.columns) else None)], axis=1)
