"""The published documents in buckets: a file of each sorted table, with all rows of the same documents.

Here belongs which bucket a document is in, how rows get there, and what its files are like. What rows are made of
belongs in :mod:`pipeline.layout`, in which order things are done in :mod:`pipeline.staging`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline import columns
from pipeline.checksums import digest
from pipeline.describing.account import Account
from pipeline.json_lines import json_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.layout import Published

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

BUCKET_BYTES = 16 * 1024 * 1024
"""At most about so many raw bytes of published documents share a file of each table; they are sorted in memory."""

ROWS_IN_A_ROW_GROUP = 1_000_000
"""More than a bucket has, as a rule: each row group that ends within a file moves with every row before it."""

_SORTING = "sorting"

_LINES_AT_ONCE = 250
"""So many documents become lines together: the same memory serves again and again."""

PARQUET: dict[str, Any] = {
    "compression": "zstd",
    # Beside level 1, an eighth of the size for a twentieth of the time that the whole takes (docs/layout.md).
    "compression_level": 3,
    "version": "2.6",
    "write_statistics": True,
    "write_page_index": True,
    # A quarter of what is preset: some hundredths of the size, and half of what one document changes.
    "use_content_defined_chunking": {"min_chunk_size": 64 * 1024, "max_chunk_size": 256 * 1024},
}
"""How the Parquet files of a dataset are written."""

SORTED_BY = {name: keys for name, keys in columns.PRIMARY_KEYS.items() if name not in ("files", "quarantine")}
"""The tables that are sorted, each by these columns; the first one says in which bucket a row is."""

_POSITIONS = {"edits": ("seq", "start", "end", "out_start")}
"""The columns that grow along a document: what is stored is by how much, which takes half the bytes."""

_COUNTED = (
    *[("documents", column, counter) for column, counter in (("language", "languages"), ("script", "scripts"))],
    *[("documents", column, counter) for column, counter in (("doc_type", "doc_types"), ("rights_status", "rights"))],
    *(("edits", "rule", "rules"), ("conflicts", "rule", "decisions")),
)


def buckets_for(size: int) -> int:
    """How many buckets there are for so many raw bytes: a power of two, so that a few documents more rarely change it.

    >>> buckets_for(0), buckets_for(BUCKET_BYTES), buckets_for(5 * BUCKET_BYTES)
    (1, 1, 8)
    """
    return 1 << max(0, -(-size // BUCKET_BYTES) - 1).bit_length()


def bucket_of(ids: Any, buckets: int) -> NDArray[np.int64]:  # noqa: ANN401  an array of Arrow
    """The bucket of each document: ids begin hashes, so that buckets of equal width are about equally full.

    >>> bucket_of(pa.array(["00" * 16, "ff" * 16]), 4).tolist()
    [0, 3]
    """
    return np.array([int(one[:8], 16) * buckets >> 32 for one in ids.to_pylist()], np.int64)


def files_of_bucket(number: int) -> list[str]:
    """The files that a bucket may have in a dataset, which is one of each kind but for the open copies."""
    names = [f"data/{name}-{number:05}.parquet" for name in SORTED_BY]
    return [*names, f"jsonl/documents-{number:05}.jsonl", f"open/documents-{number:05}.parquet"]


class Bucket(NamedTuple):
    """What is to be written: a bucket of the dataset in `staging`, whose rows :func:`scatter` put in folders there.

    The rows are taken folder by folder, by the names of the folders.

    Of `former`, a dataset with as many buckets, the rows of the documents `kept` are taken as they are.
    """

    staging: Path
    number: int
    metadata: Mapping[str, str]
    former: Path | None = None
    kept: Sequence[str] = ()


class Written(NamedTuple):
    """The files of a bucket with their digests, and what its rows add to the figures."""

    number: int
    digests: Mapping[str, str]
    account: Account


# ------------------------------------------------------------------------------------------------ into buckets


def sorting_folder(staging: Path, number: int) -> Path:
    """One of the folders where rows wait for their buckets: each process that scatters some has one of its own."""
    return staging / _SORTING / f"{number:05}"


def scatter(rows: Published, folder: Path, *, buckets: int) -> None:
    """Append each row, in a :func:`sorting_folder`, to those that wait for its bucket; `rows` stand by document."""
    for name, (key, *_) in SORTED_BY.items():
        table = getattr(rows, name)
        ids, ends = _runs(table[key])
        numbers = bucket_of(ids, buckets)
        lasts = np.flatnonzero(np.diff(numbers, append=buckets))
        start = 0
        for number, end in zip(numbers[lasts].tolist(), ends[lasts].tolist(), strict=True):
            with (
                (folder / _waiting(name, number)).open("ab") as file,
                pa.ipc.new_stream(file, table.schema) as stream,
            ):
                stream.write_table(table.slice(start, end - start))
            start = end


def _waiting(name: str, number: int) -> str:
    return f"{name}-{number:05}.arrow"


def _came(staging: Path, name: str, number: int) -> Iterator[pa.RecordBatch]:
    """The rows that wait for a bucket, in place."""
    for file in sorted((staging / _SORTING).glob(f"*/{_waiting(name, number)}")):
        stored = pa.memory_map(str(file))
        while stored.tell() < stored.size():
            yield from pa.ipc.open_stream(stored)


def _runs(keys: pa.ChunkedArray[Any]) -> tuple[pa.Array[Any], NDArray[np.int64]]:
    """The documents in a column of rows that stand together by document, and where the rows of each end."""
    encoded: Any = pc.run_end_encode(keys.combine_chunks(), run_end_type=pa.int64())
    return encoded.values, encoded.run_ends.to_numpy()


# ------------------------------------------------------------------------------------------------ onto disk


def write_bucket(bucket: Bucket) -> Written:
    """Write a bucket's file of each table with its rows sorted, and the JSON lines of its documents."""
    dataset, account = bucket.staging / "dataset", Account()
    for name in SORTED_BY:
        table = _sorted_rows(bucket, name)
        _write(dataset / "data" / f"{name}-{bucket.number:05}.parquet", name, table, bucket.metadata)
        _count(account, name, table)
        if name == "documents":
            sums = {f"jsonl/documents-{bucket.number:05}.jsonl": _write_lines(bucket, table)}
            rows = table.filter(pc.is_in(table["rights_status"], pa.array(columns.OPEN_RIGHTS)))
            if rows.num_rows:  # who may use only these need not load, store or pass on the others
                file = dataset / "open" / f"documents-{bucket.number:05}.parquet"
                _write(file, name, rows, bucket.metadata)
    for path in files_of_bucket(bucket.number):
        if path not in sums and (dataset / path).exists():
            sums[path] = digest(dataset / path)
    return Written(bucket.number, sums, account)


def parquet_writer(file: Path, name: str, metadata: Mapping[str, str]) -> pq.ParquetWriter:
    """What writes a file of a table of a dataset."""
    schema = columns.schema(columns.TABLES[name]).with_metadata(dict(metadata))
    keys: Any = [(key, "ascending") for key in SORTED_BY.get(name, ())]
    order = pq.SortingColumn.from_ordering(schema, keys) if keys else None
    encoding = dict.fromkeys(_POSITIONS.get(name, ()), "DELTA_BINARY_PACKED")
    return pq.ParquetWriter(
        file,
        schema,
        **PARQUET,
        use_dictionary=_repetitive(schema),
        column_encoding=encoding,
        sorting_columns=order,
    )


def _write(file: Path, name: str, table: pa.Table, metadata: Mapping[str, str]) -> None:
    with parquet_writer(file, name, metadata) as writer:
        if table.num_rows:  # a row group without rows is an error to some readers
            writer.write_table(table.replace_schema_metadata(dict(metadata)), row_group_size=ROWS_IN_A_ROW_GROUP)


def _repetitive(schema: pa.Schema) -> Any:  # noqa: ANN401  a list of names, which the stubs do not know
    """The columns in which few values recur: only there does Parquet's dictionary encoding pay."""
    names = {column.name for table in columns.TABLES.values() for column in table if column.vocabulary}
    names |= {"doc_id", "encoding", "encoding_method", "moved_to", "rule", "rule_version", "source", "step", "style"}
    return [field.name for field in schema if field.name in names and field.type == pa.string()]


def _sorted_rows(bucket: Bucket, name: str) -> pa.Table:
    """The rows of a bucket for one table, by document; within a document they stand in their order already."""
    key = SORTED_BY[name][0]
    schema = columns.schema(columns.TABLES[name])
    tables = [pa.Table.from_batches(_came(bucket.staging, name, bucket.number), schema)]
    if bucket.former is not None and bucket.kept:
        file = bucket.former / "data" / f"{name}-{bucket.number:05}.parquet"
        stored = pq.ParquetFile(file).read().cast(schema)
        tables.append(stored.filter(pc.is_in(stored[key], pa.array(bucket.kept, pa.string()))))
    table = pa.concat_tables(tables)
    if not table.num_rows:
        return table
    ids, ends = _runs(table[key])
    order = np.asarray(pc.sort_indices(ids))
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))[order]
    lengths = np.diff(ends, prepend=0)[order]
    before = np.cumsum(lengths) - lengths
    places = np.repeat(starts - before, lengths) + np.arange(table.num_rows)
    return table.take(places).combine_chunks()


def _write_lines(bucket: Bucket, documents: pa.Table) -> str:
    """Write the documents as JSON lines; the digest of the file."""
    hashed = hashlib.sha256()
    known = _former_lines(bucket)
    with (bucket.staging / "dataset" / "jsonl" / f"documents-{bucket.number:05}.jsonl").open("wb") as file:
        for start in range(0, documents.num_rows, _LINES_AT_ONCE):
            for lines in _lines(documents.slice(start, _LINES_AT_ONCE), known):
                file.write(lines)
                hashed.update(lines)
    return hashed.hexdigest()


def _lines(documents: pa.Table, known: Mapping[str, memoryview]) -> Iterator[bytes | memoryview]:
    """Some documents as JSON lines, those that are not known made anew."""
    if not known:
        _, offsets, content = json_lines(documents).buffers()
        yield memoryview(content)[: int(np.frombuffer(offsets, np.int64)[documents.num_rows])]
        return
    fresh = documents.filter(pc.invert(pc.is_in(documents["id"], pa.array(list(known), pa.string()))))
    made = iter(json_lines(fresh).to_pylist())
    for name in map(str, documents["id"].to_pylist()):
        yield known[name] if name in known else next(made).encode()


def _former_lines(bucket: Bucket) -> dict[str, memoryview]:
    """The lines of the documents that are kept, by document."""
    if bucket.former is None or not bucket.kept:
        return {}
    file = bucket.former / "data" / f"documents-{bucket.number:05}.parquet"
    ids = pq.ParquetFile(file).read(columns=["id"])["id"].to_pylist()
    content = (bucket.former / "jsonl" / f"documents-{bucket.number:05}.jsonl").read_bytes()
    ends = (np.flatnonzero(np.frombuffer(content, np.uint8) == ord("\n")) + 1).tolist()
    kept, view = frozenset(bucket.kept), memoryview(content)
    lines = zip(ids, [0, *ends], ends, strict=False)
    return {name: view[start:end] for name, start, end in lines if name in kept}


# ------------------------------------------------------------------------------------------------ figures


def _count(account: Account, name: str, table: pa.Table) -> None:
    """Add the figures of a table's rows."""
    account.rows[name] += table.num_rows
    for of_table, column, counter in _COUNTED:
        if of_table == name:
            getattr(account, counter).update(counted(table[column]))
    if name == "documents":
        stands_for_itself = pc.equal(table["cluster_id"], table["id"])
        leads = table.filter(pc.and_(stands_for_itself, pc.greater(table["cluster_size"], 1)))
        account.choices.update(counted(leads["canonical_basis"]))
        account.near_duplicates += table.num_rows - (pc.sum(stands_for_itself).as_py() or 0)
        account.flags.update(counted(pc.list_flatten(table["quality_flags"])))
        account.characters += pc.sum(table["char_count"]).as_py() or 0


def counted(values: Any) -> dict[str, int]:  # noqa: ANN401  an Arrow array
    """How often each value occurs.

    >>> counted(pa.array(["a", None, "a"]))
    {'a': 2, 'unknown': 1}
    """
    return {one["values"] or "unknown": one["counts"] for one in pc.value_counts(values).to_pylist()}
