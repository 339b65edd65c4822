"""What was found, and what became of it: the two small tables at either end of the stages.

Here belong `raw_documents`, one row for each input before it is read, and `judged_documents`, one row for each with its
verdict. Neither holds a text, and neither is part of the dataset. What becomes of each is decided in
:mod:`pipeline.judging`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline.admissions import NOBODY, Admissions
from pipeline.column import TEXT, Column
from pipeline.columns import schema
from pipeline.document import REASONS
from pipeline.judging import Shard, judged, not_made_together
from pipeline.options import PRESET_THRESHOLDS, Thresholds
from pipeline.parts import metadata_of
from pipeline.recipe import judging_fingerprint
from pipeline.sources.files import BadInput
from pipeline.tables import PARQUET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.sources.files import Input

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

RAW_DOCUMENTS = (
    Column("raw_path", TEXT, nullable=False, sentence="Path below the raw folder."),
    Column("bytes", pa.int64(), nullable=True, sentence="Size; null where it could not be read."),
    Column("raw_sha256", TEXT, nullable=True, sentence="SHA-256 of the raw bytes; null where they could not be read."),
    Column("set_aside", TEXT, nullable=True, sentence="Why it is not given to the stages.", vocabulary=tuple(REASONS)),
    Column("set_aside_detail", TEXT, nullable=True, sentence="What was seen."),
)
"""The columns of `raw_documents`."""

JUDGED = "judged_documents"
EXAMPLES = 20
"""How many documents are named for each reason for which some were set aside."""


class Refused(NamedTuple):
    """One input that was set aside."""

    raw_path: str
    reason: str
    detail: str


@dataclass(slots=True)
class Judgement:
    """What was decided, in figures: `statuses` and `reasons` count inputs, `admitted` those that somebody admitted."""

    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    admitted: int = 0
    by_reason: dict[str, list[Refused]] = field(default_factory=lambda: defaultdict(list))

    @property
    def examples(self) -> list[Refused]:
        """Some of those set aside, reason by reason, the first of each."""
        return [one for reason in sorted(self.by_reason) for one in self.by_reason[reason]]

    def add(self, rows: pa.Table) -> None:
        """Take up the rows of another shard."""
        self.statuses.update(_counted(rows["status"]))
        aside = rows.filter(rows["reason"].is_valid())
        for reason, count in _counted(aside["reason"]).items():
            wanted = EXAMPLES - len(self.by_reason[reason])
            first = aside.filter(pc.equal(aside["reason"], reason)).slice(0, wanted).select(list(Refused._fields))
            self.by_reason[reason] += [Refused(**row) for row in first.to_pylist()]
            self.reasons[reason] += count
        self.admitted += len(rows) - rows["admitted_despite"].null_count


def write_inputs(inputs: Sequence[Input], output: Path) -> None:
    """Write stages/raw_documents: one row for every input, in their order."""
    names = schema(RAW_DOCUMENTS).names
    rows = ((one.raw_path, one.bytes, one.raw_sha256, one.reason, one.detail or None) for one in inputs)
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=schema(RAW_DOCUMENTS))
    with _fresh(output / "stages" / "raw_documents") as folder:
        pq.write_table(table, folder / "part-00000.parquet", **PARQUET)


def count_inputs(output: Path) -> int:
    """How many inputs stages/raw_documents has.

    Raises :class:`pipeline.sources.files.BadInput` where there is no such table.
    """
    return sum(pq.read_metadata(file).num_rows for file in _files(output, "raw_documents"))


def judge_documents(
    output: Path, *, thresholds: Thresholds = PRESET_THRESHOLDS, admissions: Admissions = NOBODY
) -> Judgement:
    """Decide what becomes of each input, by the stage tables in `output`, and write stages/judged_documents.

    It has the shards of the stage tables, row for row, and says of which tables it was made. How it is decided is said
    at :func:`pipeline.judging.judged`.

    Raises :class:`pipeline.sources.files.BadInput` where a stage table is missing, two were not made together, or a
    document is admitted that is not there or that a stage set aside.
    """
    decoded, split = (_files(output, asset) for asset in ("decoded_documents", "split_documents"))
    if len(decoded) != len(split):
        raise not_made_together(output / "stages")
    shards = list(map(Shard, decoded, split))
    tables = judged(shards, folder=output / "stages", thresholds=thresholds, admissions=admissions)
    said = judging_metadata(thresholds, admissions)
    judgement = Judgement()
    with _fresh(output / "stages" / JUDGED) as folder:
        for shard, table in zip(shards, tables, strict=True):
            judgement.add(table)
            metadata = {**said, "stage_tables": stage_tables_digest(shard.split)}
            pq.write_table(table.replace_schema_metadata(metadata), folder / shard.split.name, **PARQUET)
    return judgement


def judging_metadata(thresholds: Thresholds = PRESET_THRESHOLDS, admissions: Admissions = NOBODY) -> dict[str, str]:
    """What the files of `judged_documents` say about how it was decided, and those of the dataset with them."""
    return {
        "judging_fingerprint": judging_fingerprint(thresholds),
        "judging_options": json.dumps({**thresholds.changed, **admissions.changed}, sort_keys=True),
    }


def stage_tables_digest(file: Path) -> str:
    """What a part of a stage table was made by and of: recipe, options, and the inputs in their order."""
    return hashlib.sha256(json.dumps(metadata_of(file), sort_keys=True).encode()).hexdigest()


def _counted(column: Any) -> dict[str, int]:  # noqa: ANN401  a column of Arrow
    return {one["values"]: one["counts"] for one in pc.value_counts(column).to_pylist()}


def _files(output: Path, asset: str) -> list[Path]:
    files = sorted((output / "stages" / asset).glob("part-*.parquet"))
    if not files:
        message = (
            f"the table {asset} is missing in {str(output / 'stages')!r}: run all stages (python -m pipeline build)"
        )
        raise BadInput(message)
    return files


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """A new folder, which takes the place of the former one when all is in it."""
    fresh = folder.with_name(f".{folder.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        yield fresh
        shutil.rmtree(folder, ignore_errors=True)
        fresh.replace(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
