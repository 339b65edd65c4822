"""From the stage tables on disk to a complete dataset in output/.staging, not yet published.

Here belongs the order of things, and the tables that are written as they come. Which documents are published is decided
before, in :mod:`pipeline.judging`, what a published row is made of in :mod:`pipeline.layout`, what the card says in
:mod:`pipeline.describing.card`. Nothing here reads a clock: the same stage tables give the same bytes.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline import columns
from pipeline.buckets import (
    Bucket,
    bucket_of,
    buckets_for,
    counted,
    parquet_writer,
    scatter,
    sorting_folder,
    write_bucket,
)
from pipeline.checksums import digest, write_checksums
from pipeline.columns import schema
from pipeline.describing.about import UNSTATED, About
from pipeline.describing.account import Account
from pipeline.describing.writing import describe
from pipeline.engines import local
from pipeline.former_dataset import carried, former, is_kept, keys_of, to_carry, write_ledger
from pipeline.former_shards import damaged_shards
from pipeline.import_closure import code_fingerprint
from pipeline.judging import not_made_together
from pipeline.layout import (
    FILE_COLUMNS,
    REDACTIONS,
    file_rows,
    hidden_stretches,
    needed_columns,
    published_rows,
    quarantine_rows,
)
from pipeline.ledger import JUDGED, stage_tables_digest
from pipeline.options import COLLECTION
from pipeline.parts import made_by, metadata_of, read_part
from pipeline.publish import DATASET_DIGEST_FILE, discard, recover
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

ROWS_IN_A_FILE = 500_000
ROWS_IN_A_ROW_GROUP = 100_000
"""Of `files` and `quarantine`, which are written in the order of `raw_path`, as they come."""

SHARES_A_WORKER = 4
"""Into so many shares the shards are cut for each worker: one that has less to do takes another, and files stay few."""

FEW_DOCUMENTS, FEW_BUCKETS, FEW_TO_CARRY = 200, 1, 8
"""So many are laid out, written, or copied in this process: until others are at work, they are done."""

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
    output: Path,
    *,
    source: str = COLLECTION.preset,
    about: About = UNSTATED,
    workers: int = 1,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Staged:
    """Write the dataset that the stage tables in `output` amount to into output/.staging; SHA256SUMS comes last.

    `source` is the name of the collection, `about` what its people state about it. Which documents are published is
    read in stages/judged_documents. Documents are sorted by `id`, files by `raw_path`. What stands in the published
    dataset as it would be written here is taken from there, unless `fresh` is asked for. `workers` processes lay out
    shards and write buckets, each in the memory that one of these takes; 0 is one for each core; where there is little
    to do, this process does it. Neither changes a byte.

    Raises :class:`pipeline.sources.files.BadInput` where a table is missing or damaged, or they were not made together.
    """
    recover(output)
    shards = _shards(output / "stages")
    metadata = _metadata(shards[0])
    documents, size = _documents(shards)
    buckets, laid_out_by = buckets_for(size), f"{code_fingerprint(__name__)} {source}"
    staging = output / ".staging"
    discard(staging)
    for folder in ("dataset/data", "dataset/jsonl", "dataset/open", "private"):
        (staging / folder).mkdir(parents=True)
    (staging / "private").chmod(0o700)
    before = None if fresh else former(output, laid_out_by=laid_out_by, buckets=buckets)
    kept, accounts, digests = is_kept(documents, before), dict[int, Account](), dict[str, str]()
    bucket = bucket_of(documents["id"], buckets)
    if before is not None:
        parts = to_carry(documents, kept, before, staging / "dataset", metadata)
        helpers = workers if len(parts) > FEW_TO_CARRY else 1
        for part, fits in zip(parts, local.run(carried, parts, workers=helpers), strict=True):
            if not fits:
                kept[bucket == part.number] = False
            elif part.whole:
                accounts[part.number] = before.accounts[part.number]
                digests |= part.sums
    redactions = [] if before is None else [_of_documents(before.redactions, documents["id"].filter(pa.array(kept)))]
    to_lay_out = documents.filter(pa.array(~kept))
    helpers = workers if to_lay_out.num_rows >= FEW_DOCUMENTS else 1
    shares = _shares(shards, to_lay_out, staging, source=source, buckets=buckets, metadata=metadata, workers=helpers)
    redactions += local.run(_lay_out, shares, workers=helpers if len(shares) > 1 else 1)
    ids = documents["id"].to_numpy()
    to_write = [
        Bucket(staging, number, metadata, before and before.dataset, ids[kept & (bucket == number)].tolist())
        for number in range(buckets)
        if number not in accounts
    ]
    for written in local.run(write_bucket, to_write, workers=workers if len(to_write) > FEW_BUCKETS else 1):
        accounts[written.number] = written.account
        digests |= written.digests
    shutil.rmtree(staging / "sorting", ignore_errors=True)
    every = _write_redactions(staging / "private", redactions, metadata)
    account = Account(source=source, metadata=metadata)
    for number in range(buckets):
        account.add(accounts[number])
    account.withheld_chars += pc.sum(pc.utf8_length(every["text"])).as_py() or 0
    _write_files(shards, staging / "dataset" / "data", account, hidden_stretches(every), progress=progress)
    describe(staging / "dataset", account, about)
    stated = digest(write_checksums(staging / "dataset", digests))
    (staging / "private" / DATASET_DIGEST_FILE).write_text(stated + "\n", "ascii", newline="\n")
    said = [accounts[number] for number in range(buckets)]
    write_ledger(staging / "private", documents.select(["id", "key"]), said, laid_out_by=laid_out_by, metadata=metadata)
    write_checksums(staging / "private")
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
    for asset in columns.STAGE_TABLES:
        for file in damaged_shards(stages / asset):
            message = (
                f"{os.fspath(file)!r} cannot be used, as it is not as it was written: "
                f"materialize {asset} again (python -m pipeline build)"
            )
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


def _documents(shards: Sequence[Mapping[str, Path]]) -> tuple[pa.Table, int]:
    """The documents to publish, sorted by `id`, each with its key, shard and row; and how many raw bytes they have.

    Of each, some hundred bytes are in memory.
    """
    parts, size = [], 0
    for number, shard in enumerate(shards):
        judged = read_part(shard[JUDGED], schema(columns.JUDGED_DOCUMENTS).names)
        decoded = read_part(shard["decoded_documents"], ["input_key", "bytes"])
        rows = np.flatnonzero(pc.equal(judged["status"], "published"))
        judged, decoded = judged.take(rows), decoded.take(rows)
        made: dict[str, Any] = {**metadata_of(shard["split_documents"]), "inputs": None}
        # The recipe's fingerprint leaves out libraries, and code that only lays stage tables out.
        made["code"] = [made_by(shard[asset]) for asset in columns.STAGE_TABLES]
        keys = keys_of(judged, decoded["input_key"], json.dumps(made, sort_keys=True))
        shard_of_row = np.full(len(rows), number, np.int32)
        found: list[Any] = [judged["id"].combine_chunks(), pa.array(keys, pa.string()), shard_of_row, rows]
        parts.append(pa.Table.from_arrays(list(map(pa.array, found)), _PLACES))
        size += pc.sum(decoded["bytes"]).as_py() or 0
    return pa.concat_tables(parts).sort_by("id").combine_chunks(), size


_PLACES = ["id", "key", "shard", "row"]


# ------------------------------------------------------------------------------------------------ files of the dataset


class _Share(NamedTuple):
    """What one process lays out, shard by shard: of each shard, some rows. They come to lie in `folder`."""

    folder: Path
    shards: Sequence[tuple[Mapping[str, Path], NDArray[np.int64]]]
    source: str
    rule_version: str
    buckets: int


def _shares(
    shards: Sequence[Mapping[str, Path]],
    documents: pa.Table,
    staging: Path,
    *,
    source: str,
    buckets: int,
    metadata: Mapping[str, str],
    workers: int,
) -> list[_Share]:
    """The laying out of some documents, cut into what stands together in the order of the shards."""
    shard_of_row, row = documents["shard"].to_numpy(), documents["row"].to_numpy()
    to_do = [(shards[number], row[shard_of_row == number]) for number in np.unique(shard_of_row).tolist()]
    share = len(to_do) if workers == 1 else -(-len(to_do) // ((workers or local.cores()) * SHARES_A_WORKER))
    version = metadata["recipe_fingerprint"][:12]
    return [
        _Share(sorting_folder(staging, number), to_do[start : start + share], source, version, buckets)
        for number, start in enumerate(range(0, len(to_do), share or 1))
    ]


def _lay_out(share: _Share) -> pa.Table:
    """Put the rows of a share where their buckets will find them; their redactions."""
    shutil.rmtree(share.folder, ignore_errors=True)  # of a process that was killed at it
    share.folder.mkdir(parents=True)
    redactions = [REDACTIONS.empty_table()]
    for shard, here in share.shards:
        stages = {asset: read_part(shard[asset], needed_columns(asset)) for asset in columns.STAGE_TABLES}
        judged = read_part(shard[JUDGED], schema(columns.JUDGED_DOCUMENTS).names)
        rows = published_rows(stages, judged, here, source=share.source, rule_version=share.rule_version)
        scatter(rows, share.folder, buckets=share.buckets)
        redactions.append(rows.redactions)
    return pa.concat_tables(redactions)


def _write_files(
    shards: Sequence[Mapping[str, Path]],
    data: Path,
    account: Account,
    hidden: frozenset[tuple[str, int]],
    *,
    progress: Progress | None,
) -> None:
    """Write `files` and `quarantine`, which are light: each time anew, in the order of the shards."""
    done, inputs = 0, sum(pq.read_metadata(shard[JUDGED]).num_rows for shard in shards)
    with (
        _InOrder(data, "files", account.metadata) as files,
        _InOrder(data, "quarantine", account.metadata) as quarantine,
    ):
        for shard in shards:
            judged = read_part(shard[JUDGED], schema(columns.JUDGED_DOCUMENTS).names)
            rows = file_rows(read_part(shard["decoded_documents"], FILE_COLUMNS), judged, hidden)
            aside = quarantine_rows(judged)
            files.write(rows)
            quarantine.write(aside)
            for name, table in (("files", rows), ("quarantine", aside)):
                account.rows[name] += table.num_rows
            account.statuses.update(counted(rows["status"]))
            account.encodings.update(counted(rows["encoding"]))
            account.reasons.update(counted(aside["reason"]))
            account.raw_bytes += pc.sum(rows["bytes"]).as_py() or 0
            done += rows.num_rows
            if progress is not None:
                progress(done, inputs)


class _InOrder:
    """A table that is written as its rows come, in files of a limited length; there is one file at least."""

    def __init__(self, data: Path, name: str, metadata: Mapping[str, str]) -> None:
        self._data, self._name, self._metadata = data, name, dict(metadata)
        self._files = self._rows = 0
        self._held = schema(columns.TABLES[name]).empty_table()
        self._writer = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._put(self._held)
        self._writer.close()

    def _opened(self) -> pq.ParquetWriter:
        file = self._data / f"{self._name}-{self._files:05}.parquet"
        self._files += 1
        return parquet_writer(file, self._name, self._metadata)

    def write(self, table: pa.Table) -> None:
        """Append rows: they are held until they fill a row group."""
        self._held = pa.concat_tables([self._held, table])
        size = min(ROWS_IN_A_ROW_GROUP, ROWS_IN_A_FILE)
        while self._held.num_rows >= size:
            self._put(self._held.slice(0, size))
            self._held = self._held.slice(size)

    def _put(self, table: pa.Table) -> None:
        if not table.num_rows:
            return  # a row group without rows is an error to some readers
        if self._rows and self._rows + table.num_rows > ROWS_IN_A_FILE:
            self._writer.close()
            self._writer, self._rows = self._opened(), 0
        self._writer.write_table(table.combine_chunks().replace_schema_metadata(self._metadata))
        self._rows += table.num_rows


def _of_documents(redactions: pa.Table, ids: pa.ChunkedArray[Any]) -> pa.Table:
    return redactions.filter(pc.is_in(redactions["id"], ids.combine_chunks())).replace_schema_metadata(None)


def _write_redactions(private: Path, redactions: Sequence[pa.Table], metadata: Mapping[str, str]) -> pa.Table:
    """Write what was masked, by document; the table written."""
    table = pa.concat_tables([REDACTIONS.empty_table(), *redactions])
    table = table.sort_by([("id", "ascending"), ("start", "ascending")]).combine_chunks()
    pq.write_table(table.replace_schema_metadata(dict(metadata)), private / REDACTIONS_FILE, **PARQUET)
    return table
