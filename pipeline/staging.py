"""From the stage tables on disk to a complete dataset in output/.staging, not yet published.

Here belongs the order in which shards are read, rows sorted and files written. Which documents are published is decided
before, in :mod:`pipeline.judging`, what a published row is made of in :mod:`pipeline.layout`, what the card says in
:mod:`pipeline.describing.card`. Nothing here reads a clock: the same stage tables give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline import columns
from pipeline.checksums import digest, write_checksums
from pipeline.columns import schema
from pipeline.describing.about import UNSTATED, About
from pipeline.describing.account import Account
from pipeline.describing.writing import describe
from pipeline.judging import not_made_together
from pipeline.layout import REDACTIONS, Published, needed_columns, published_rows
from pipeline.ledger import JUDGED, stage_tables_digest
from pipeline.options import COLLECTION
from pipeline.parts import metadata_of, read_part
from pipeline.publish import DATASET_DIGEST_FILE, recover
from pipeline.sources.files import BadInput
from pipeline.tables import PARQUET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from numpy.typing import NDArray

    from pipeline.stages import Progress

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

BUCKET_BYTES = 32 * 1024 * 1024
"""So many raw bytes of published documents share a file of each table; they are sorted by `id` in memory."""

DOCUMENTS_IN_A_ROW_GROUP = 1_000
ROWS_IN_A_ROW_GROUP = 100_000
ROWS_IN_A_FILE = 500_000
"""Of `files` and `quarantine`, which are written in the order of `raw_path`, as they come."""

SORTED_BY = {
    "documents": ("id",),
    "sections": ("doc_id", "index"),
    "edits": ("doc_id", "seq"),
    "conflicts": ("doc_id", "conflict_index"),
    "scripts": ("doc_id", "stretch_index"),
    "references": ("doc_id", "reference_index"),
    "targets": ("doc_id", "target_index"),
    "issuers": ("doc_id", "issuer_index"),
}
"""The tables that are sorted, each by these columns; the first one says in which bucket a row is."""

REDACTIONS_FILE = "redactions.parquet"


class Staged(NamedTuple):
    """A dataset that is written and not yet published: `path` is output/.staging; `account` has the figures."""

    path: Path
    account: Account

    @property
    def dataset(self) -> Path:
        """The dataset's folder."""
        return self.path / "dataset"

    @property
    def redactions(self) -> Path:
        """The table of the masked characters, which is no part of the dataset."""
        return self.path / "private" / REDACTIONS_FILE


def stage_dataset(
    output: Path, *, source: str = COLLECTION.preset, about: About = UNSTATED, progress: Progress | None = None
) -> Staged:
    """Write the dataset that the stage tables in `output` amount to into output/.staging; SHA256SUMS comes last.

    `source` is the name of the collection, `about` what its people state about it. Which documents are published is
    read in stages/judged_documents. Documents are sorted by `id`, files by `raw_path`.

    Raises :class:`pipeline.sources.files.BadInput` where a table is missing, or they were not made together.
    """
    recover(output)
    shards = _shards(output / "stages")
    metadata = _metadata(shards[0])
    inputs, buckets = _amounts(shards)
    staging = output / ".staging"
    shutil.rmtree(staging, ignore_errors=True)
    for folder in ("dataset/data", "dataset/jsonl", "dataset/open", "private", "sorting"):
        (staging / folder).mkdir(parents=True)
    (staging / "private").chmod(0o700)
    data = staging / "dataset" / "data"
    account = Account(source=source, metadata=metadata)
    redactions, done = [], 0
    with (
        _Scatter(staging / "sorting", buckets) as scatter,
        _InOrder(data, "files", metadata) as files,
        _InOrder(data, "quarantine", metadata) as quarantine,
    ):
        for shard in shards:
            stages = {asset: read_part(shard[asset], needed_columns(asset)) for asset in columns.STAGE_TABLES}
            rows = published_rows(
                stages,
                read_part(shard[JUDGED], schema(columns.JUDGED_DOCUMENTS).names),
                source=source,
                rule_version=metadata["recipe_fingerprint"][:12],
            )
            scatter.write(rows)
            files.write(rows.files)
            quarantine.write(rows.quarantine)
            redactions.append(rows.redactions)
            _count(account, rows)
            done += rows.files.num_rows
            if progress is not None:
                progress(done, inputs)
    for number in range(buckets):
        _write_bucket(staging, number, metadata)
    shutil.rmtree(staging / "sorting")
    describe(staging / "dataset", account, about)
    write_checksums(staging / "dataset")
    _write_private(staging, redactions, metadata)
    return Staged(staging, account)


# ------------------------------------------------------------------------------------------------ what the stages left


def _shards(stages: Path) -> list[dict[str, Path]]:
    """The files of each shard by asset, checked to belong together; `judged_documents` is one of them."""
    found = {asset: sorted((stages / asset).glob("part-*.parquet")) for asset in (*columns.STAGE_TABLES, JUDGED)}
    for asset, files in found.items():
        if not files:
            what, remedy = ("stage table", "build") if asset in columns.STAGE_TABLES else ("table", "judge")
            every = "run all stages again" if asset in columns.STAGE_TABLES else f"materialize {asset}"
            message = f"the {what} {asset} is missing in {str(stages)!r}: {every} (python -m pipeline {remedy})"
            raise BadInput(message)
    judged = found.pop(JUDGED)
    same_length = len({len(files) for files in found.values()}) == 1
    shards = [dict(zip(found, files, strict=True)) for files in zip(*found.values(), strict=same_length)]
    # The recipe, and the inputs of the shard in their order, stand in the metadata of each file.
    if not same_length or any(len({str(metadata_of(file)) for file in shard.values()}) > 1 for shard in shards):
        raise not_made_together(stages)
    if len(judged) != len(shards) or any(
        metadata_of(file).get("stage_tables") != stage_tables_digest(shard["split_documents"])
        for file, shard in zip(judged, shards, strict=True)
    ):
        message = (
            f"the table {JUDGED} in {str(stages)!r} was made of other stage tables than those that are there now: "
            f"materialize {JUDGED} again (python -m pipeline judge)"
        )
        raise BadInput(message)
    return [{**shard, JUDGED: file} for file, shard in zip(judged, shards, strict=True)]


def _metadata(shard: Mapping[str, Path]) -> dict[str, str]:
    """What every file of the dataset says about how it was made: recipe, judgement, and the options of both."""
    metadata, judging = metadata_of(shard["split_documents"]), metadata_of(shard[JUDGED])
    options = [json.loads(found) for found in (metadata["options"], judging.pop("judging_options"))]
    del metadata["inputs"], judging["stage_tables"]
    return {**metadata, **judging, "options": json.dumps({**options[0], **options[1]}, sort_keys=True)}


def _amounts(shards: Sequence[Mapping[str, Path]]) -> tuple[int, int]:
    """How many inputs there are, and how many buckets the published ones need."""
    inputs = size = 0
    for shard in shards:
        published = pc.equal(read_part(shard[JUDGED], ["status"])["status"], "published")
        sizes = read_part(shard["decoded_documents"], ["bytes"])["bytes"]
        inputs += len(sizes)
        size += pc.sum(sizes.filter(published)).as_py() or 0
    return inputs, max(1, -(-size // BUCKET_BYTES))


# ------------------------------------------------------------------------------------------------ files of the dataset


class _Scatter:
    """Rows on their way into buckets by the first digits of their document's id, each bucket a file on disk."""

    def __init__(self, folder: Path, buckets: int) -> None:
        self._folder, self._buckets = folder, buckets
        self._writers: dict[tuple[str, int], pa.RecordBatchStreamWriter] = {}

    def __enter__(self) -> Self:
        for name in SORTED_BY:
            schema = columns.schema(columns.TABLES[name])
            for number in range(self._buckets):
                file = _bucket_file(self._folder, name, number)
                self._writers[name, number] = pa.ipc.new_stream(str(file), schema)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for writer in self._writers.values():
            writer.close()

    def write(self, rows: Published) -> None:
        """Put each row into its bucket."""
        for name, (key, *_) in SORTED_BY.items():
            table = getattr(rows, name)
            bucket_of_row = self._bucket_of(table[key])
            for number in np.unique(bucket_of_row).tolist():
                self._writers[name, number].write_table(table.filter(pa.array(bucket_of_row == number)))

    def _bucket_of(self, ids: pa.ChunkedArray[Any]) -> NDArray[np.int64]:
        # The ids are digits of hashes, so buckets of equal width are about equally full.
        encoded: Any = ids.combine_chunks().dictionary_encode()
        numbers = [int(one[:8], 16) * self._buckets >> 32 for one in encoded.dictionary.to_pylist()]
        codes: NDArray[np.int32] = encoded.indices.to_numpy()
        return np.array(numbers, np.int64)[codes]


class _InOrder:
    """A table that is written as its rows come, in files of a limited length; there is one file at least."""

    def __init__(self, data: Path, name: str, metadata: Mapping[str, str]) -> None:
        self._data, self._name = data, name
        self._metadata = metadata
        self._files = self._rows = 0
        self._writer = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._writer.close()

    def _opened(self) -> pq.ParquetWriter:
        file = self._data / f"{self._name}-{self._files:05}.parquet"
        self._files += 1
        return _parquet_writer(file, self._name, self._metadata)

    def write(self, table: pa.Table) -> None:
        """Append rows."""
        if not table.num_rows:
            return  # a row group without rows is an error to some readers
        if self._rows and self._rows + table.num_rows > ROWS_IN_A_FILE:
            self._writer.close()
            self._writer, self._rows = self._opened(), 0
        self._writer.write_table(table.replace_schema_metadata(dict(self._metadata)))
        self._rows += table.num_rows


def _parquet_writer(file: Path, name: str, metadata: Mapping[str, str]) -> pq.ParquetWriter:
    schema = columns.schema(columns.TABLES[name]).with_metadata(dict(metadata))
    return pq.ParquetWriter(file, schema, **PARQUET, use_dictionary=_repetitive(schema))


def _bucket_file(folder: Path, name: str, number: int) -> Path:
    return folder / f"{name}-{number:05}.arrow"


def _write_bucket(staging: Path, number: int, metadata: Mapping[str, str]) -> None:
    """Write a bucket's file of each table with its rows sorted, and the JSON lines of its documents."""
    dataset = staging / "dataset"
    lines = dataset / "jsonl" / f"documents-{number:05}.jsonl"
    for name, keys in SORTED_BY.items():
        file = _bucket_file(staging / "sorting", name, number)
        size = DOCUMENTS_IN_A_ROW_GROUP if name == "documents" else ROWS_IN_A_ROW_GROUP
        with (
            pa.memory_map(str(file)) as stored,
            pa.ipc.open_stream(stored) as stream,
            _parquet_writer(dataset / "data" / f"{name}-{number:05}.parquet", name, metadata) as writer,
            lines.open("a", encoding="utf-8", newline="\n") as json_lines,
            _OpenCopies(dataset / "open" / f"documents-{number:05}.parquet", metadata) as open_copies,
        ):
            table = stream.read_all()
            order = pc.sort_indices(table, [(key, "ascending") for key in keys])
            for start in range(0, table.num_rows, size):
                rows = table.take(order.slice(start, size))
                writer.write_table(rows.replace_schema_metadata(dict(metadata)))
                if name == "documents":
                    open_copies.write(rows)
                    json_lines.writelines(_json_line(row) for row in rows.to_pylist())
        file.unlink()


class _OpenCopies:
    """The documents whose rights are open once more, in a file of their own; there is none where no document is.

    Who may use only these need not load, store or pass on the others.
    """

    def __init__(self, file: Path, metadata: Mapping[str, str]) -> None:
        self._file, self._metadata = file, metadata
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, documents: pa.Table) -> None:
        """Append those of some documents that are open."""
        rows = documents.filter(pc.is_in(documents["rights_status"], pa.array(columns.OPEN_RIGHTS)))
        if rows.num_rows:
            if self._writer is None:
                self._writer = _parquet_writer(self._file, "documents", self._metadata)
            self._writer.write_table(rows.replace_schema_metadata(dict(self._metadata)))


def _repetitive(schema: pa.Schema) -> Any:  # noqa: ANN401  a list of names, which the stubs do not know
    """The columns in which few values recur: only there does Parquet's dictionary encoding pay."""
    names = {column.name for table in columns.TABLES.values() for column in table if column.vocabulary}
    names |= {"doc_id", "encoding", "encoding_method", "moved_to", "rule", "rule_version", "source", "step", "style"}
    return [field.name for field in schema if field.name in names and field.type == pa.string()]


_LINE_ENDS = ("\x85", "\u2028", "\u2029")
"""Characters that JSON may have as they are, and that many a reader takes for the end of a line."""


def _json_line(row: Mapping[str, object]) -> str:
    r"""One document as a line: every key, dates as ISO 8601, and times in UTC with Z.

    >>> _json_line({"title": None, "published_at": dt.datetime(2018, 1, 18, 1, 25, tzinfo=dt.UTC)})
    '{"title":null,"published_at":"2018-01-18T01:25:00Z"}\n'
    """
    line = _ENCODER.encode(row)
    for end in _LINE_ENDS:
        line = line.replace(end, f"\\u{ord(end):04x}")
    return line + "\n"


def _iso(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    message = f"no JSON for {type(value).__name__}"
    raise TypeError(message)


def _write_private(staging: Path, redactions: Sequence[pa.Table], metadata: Mapping[str, str]) -> None:
    table = pa.concat_tables([REDACTIONS.empty_table(), *redactions])
    table = table.sort_by([("id", "ascending"), ("start", "ascending")]).replace_schema_metadata(dict(metadata))
    pq.write_table(table, staging / "private" / REDACTIONS_FILE, **PARQUET)
    stated = digest(staging / "dataset" / "SHA256SUMS")
    (staging / "private" / DATASET_DIGEST_FILE).write_text(stated + "\n", "ascii", newline="\n")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_iso)


# ------------------------------------------------------------------------------------------------ figures


def _count(account: Account, rows: Published) -> None:
    """Add the figures of one shard."""
    documents, files, edits = rows.documents, rows.files, rows.edits
    for name in columns.TABLES:
        account.rows[name] += getattr(rows, name).num_rows
    for counter, table, name in (
        (account.statuses, files, "status"),
        (account.encodings, files, "encoding"),
        (account.reasons, rows.quarantine, "reason"),
        (account.languages, documents, "language"),
        (account.scripts, documents, "script"),
        (account.doc_types, documents, "doc_type"),
        (account.rights, documents, "rights_status"),
        (account.rules, edits, "rule"),
        (account.decisions, rows.conflicts, "rule"),
    ):
        counter.update(_counted(table[name]))
    stands_for_itself = pc.equal(documents["cluster_id"], documents["id"])
    leads = documents.filter(pc.and_(stands_for_itself, pc.greater(documents["cluster_size"], 1)))
    account.choices.update(_counted(leads["canonical_basis"]))
    account.near_duplicates += documents.num_rows - (pc.sum(stands_for_itself).as_py() or 0)
    account.flags.update(_counted(pc.list_flatten(documents["quality_flags"])))
    account.raw_bytes += pc.sum(files["bytes"]).as_py() or 0
    account.characters += pc.sum(documents["char_count"]).as_py() or 0
    account.withheld_chars += pc.sum(pc.utf8_length(rows.redactions["text"])).as_py() or 0


def _counted(values: Any) -> dict[str, int]:  # noqa: ANN401  an Arrow array
    return {one["values"] or "unknown": one["counts"] for one in pc.value_counts(values).to_pylist()}
