"""The tables of a dataset as the data frames that expectations are run on.

Here belongs how Parquet becomes a frame. What is added to the published columns belongs in :mod:`pipeline.derived`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.sources.files import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd


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


def frame_of(table: pa.Table | None, derived: Mapping[str, list[Any]]) -> pd.DataFrame:
    """The published columns that pandas can look into, and beside them the derived ones."""
    import pandas as pd  # noqa: PLC0415  a second that only this needs

    frame = pd.DataFrame() if table is None else table.to_pandas(date_as_object=False, timestamp_as_object=False)
    return pd.concat([frame, pd.DataFrame(derived, index=frame.index if len(frame.columns) else None)], axis=1)
