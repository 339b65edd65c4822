"""What was found, and what became of it: the two small tables at either end of the stages.

Here belong `raw_documents`, one row for each input before it is read, and `judged_documents`, one row for each with its
verdict. Neither holds a text, and neither is part of the dataset. Which documents are the same is decided in
:mod:`pipeline.corpus.duplicates`.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.column import COUNT, TEXT, Column
from pipeline.columns import FILE_STATUSES, schema
from pipeline.corpus.duplicates import DUPLICATE_BASES
from pipeline.document import REASONS
from pipeline.judging import Shard, judged, not_made_together
from pipeline.parts import read_part
from pipeline.sources.files import BadInput
from pipeline.tables import PARQUET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipeline.sources.files import Input

RAW_DOCUMENTS = (
    Column("raw_path", TEXT, nullable=False, sentence="Path below the raw folder."),
    Column("bytes", pa.int64(), nullable=True, sentence="Size; null where it could not be read."),
    Column("raw_sha256", TEXT, nullable=True, sentence="SHA-256 of the raw bytes; null where they could not be read."),
    Column("set_aside", TEXT, nullable=True, sentence="Why it is not given to the stages.", vocabulary=tuple(REASONS)),
    Column("set_aside_detail", TEXT, nullable=True, sentence="What was seen."),
)
"""The columns of `raw_documents`."""

JUDGED_DOCUMENTS = (
    Column("raw_path", TEXT, nullable=False, sentence="Path below the raw folder."),
    Column("status", TEXT, nullable=False, sentence="What becomes of it.", vocabulary=FILE_STATUSES),
    Column("id", TEXT, nullable=True, sentence="The first 32 hex digits of the SHA-256 of the raw bytes."),
    Column("duplicate_of", TEXT, nullable=True, sentence="The `id` of the document that stands for it."),
    Column("duplicate_basis", TEXT, nullable=True, sentence="What of the two is the same.", vocabulary=DUPLICATE_BASES),
    Column("cluster_id", TEXT, nullable=True, sentence="The `id` of the document that stands for its near-duplicates."),
    Column("similarity_0_to_1", pa.float64(), nullable=True, sentence="How alike it is to that document."),
    Column("reason", TEXT, nullable=True, sentence="Why it was set aside.", vocabulary=tuple(REASONS)),
    Column("detail", TEXT, nullable=True, sentence="What was seen."),
    Column("stage", TEXT, nullable=True, sentence="Where on the way."),
    Column("char_count", COUNT, nullable=True, sentence="Code points of the cleaned text."),
)
"""The columns of `judged_documents`."""


class Judged(NamedTuple):
    """One input and what becomes of it; the fields are the columns of :data:`JUDGED_DOCUMENTS`."""

    raw_path: str
    status: str
    id: str | None
    duplicate_of: str | None
    duplicate_basis: str | None
    cluster_id: str | None
    similarity_0_to_1: float | None
    reason: str | None
    detail: str | None
    stage: str | None
    char_count: int | None


def write_inputs(inputs: Sequence[Input], output: Path) -> None:
    """Write stages/raw_documents: one row for every input, in their order."""
    values = ([one.raw_path, one.bytes, one.raw_sha256, one.reason, one.detail or None] for one in inputs)
    _write(values, RAW_DOCUMENTS, output / "stages" / "raw_documents")


def count_inputs(output: Path) -> int:
    """How many inputs stages/raw_documents has.

    Raises :class:`pipeline.sources.files.BadInput` where there is no such table.
    """
    return sum(pq.read_metadata(file).num_rows for file in _files(output, "raw_documents"))


def judge_documents(output: Path) -> list[Judged]:
    """Decide what becomes of each input, by the stage tables in `output`, and write stages/judged_documents.

    A document that no stage set aside is published, unless another one with the same bytes or the same text is.

    Raises :class:`pipeline.sources.files.BadInput` where a stage table is missing, or two were not made together.
    """
    decoded, split = (_files(output, asset) for asset in ("decoded_documents", "split_documents"))
    if len(decoded) != len(split):
        raise not_made_together(output / "stages")
    standings = judged(list(map(Shard, decoded, split)), folder=output / "stages")
    hashes = (sha256 for file in decoded for sha256 in read_part(file, ["raw_sha256"])["raw_sha256"].to_pylist())
    rows = (row for file in split for row in zip(*_columns(read_part(file, _TOLD)), strict=True))
    documents = [
        Judged(
            raw_path,
            standing.status,
            sha256 and sha256[:32],
            standing.duplicate_of,
            standing.duplicate_basis,
            standing.cluster_id,
            standing.similarity_0_to_1,
            *rest,
        )
        for standing, sha256, (raw_path, *rest) in zip(standings, hashes, rows, strict=True)
    ]
    _write(documents, JUDGED_DOCUMENTS, output / "stages" / "judged_documents")
    return documents


_TOLD = ("raw_path", "set_aside", "set_aside_detail", "set_aside_stage", "char_count")


def _columns(table: pa.Table) -> list[list[Any]]:
    return [column.to_pylist() for column in table.columns]


def _files(output: Path, asset: str) -> list[Path]:
    files = sorted((output / "stages" / asset).glob("part-*.parquet"))
    if not files:
        message = (
            f"the table {asset} is missing in {str(output / 'stages')!r}: run all stages (python -m pipeline build)"
        )
        raise BadInput(message)
    return files


def _write(rows: Iterable[Sequence[object]], columns: tuple[Column, ...], folder: Path) -> None:
    """One file in a folder, which is replaced whole."""
    names = schema(columns).names
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=schema(columns))
    fresh = folder.with_name(f".{folder.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    pq.write_table(table, fresh / "part-00000.parquet", **PARQUET)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)
