"""What a run did at a glance, counted in the published tables.

Here belong numbers and a few examples. A table is read batch by batch and only in the columns that are counted. Which
numbers become a plot is decided in :mod:`pipeline.figures`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from pipeline.columns import STAGE_NAMES
from pipeline.sorted_rows import files_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

pc: Any = pyarrow.compute
"""The stubs are those of an older release and refuse much of what it takes."""

EXAMPLES = 20
"""So many files are named for each reason for which some were set aside, and so many duplicates."""


class SetAside(NamedTuple):
    """A file that was set aside, with what was seen, and where on the way."""

    raw_path: str
    detail: str
    stage: str


class Duplicate(NamedTuple):
    """A file that is a duplicate, and the `id` of the document that stands for it."""

    raw_path: str
    of: str


@dataclass(slots=True)
class Counts:
    """The numbers of a dataset.

    `rules` counts edits, `documents_of_rules` the documents that a rule changed, `decisions` conflicts by the rule that
    decided; `steps` are stage and step of all that made edits; `metadata` is what stands in every Parquet file.
    `set_aside` has some files for each reason.
    """

    source: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    set_aside: dict[str, list[SetAside]] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    documents_of_rules: Counter[str] = field(default_factory=Counter)
    steps: Sequence[tuple[str, str]] = ()
    masked: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    resolutions: Counter[str] = field(default_factory=Counter)
    characters: int = 0

    @property
    def published(self) -> int:
        """How many documents are published."""
        return self.statuses["published"]

    @property
    def options(self) -> Mapping[str, Any]:
        """The options that were not left as they are preset."""
        found: dict[str, Any] = json.loads(self.metadata.get("options", "{}"))
        return found


def counted(dataset: Path) -> Counts:
    """Count a dataset.

    Raises :class:`pipeline.sources.files.BadInput` where a table is missing.
    """
    counts = Counts()
    stored = pq.read_schema(files_of(dataset, "documents")[0]).metadata or {}
    counts.metadata = {key.decode(): value.decode() for key, value in sorted(stored.items())}
    for batch in batches(dataset, "documents", "source", "quality_flags", "char_count"):
        counts.source = counts.source or batch["source"][0].as_py()
        counts.flags.update(_times(pc.list_flatten(batch["quality_flags"])))
        counts.characters += pc.sum(batch["char_count"]).as_py() or 0
    for batch in batches(dataset, "files", "raw_path", "status", "duplicate_of"):
        counts.statuses.update(_times(batch["status"]))
        few = EXAMPLES - len(counts.duplicates)
        rows = pa.Table.from_batches([batch]).filter(pc.equal(batch["status"], "duplicate")).slice(0, few).to_pylist()
        counts.duplicates += [Duplicate(row["raw_path"], row["duplicate_of"] or "") for row in rows]
    for batch in batches(dataset, "quarantine", "raw_path", "reason", "detail", "stage"):
        counts.reasons.update(_times(batch["reason"]))
        _keep_examples(counts.set_aside, batch)
    for batch in batches(dataset, "conflicts", "resolution", "rule"):
        counts.decisions.update(_times(batch["rule"]))
        counts.resolutions.update(_times(batch["resolution"]))
    _count_edits(dataset, counts)
    return counts


def batches(dataset: Path, table: str, *names: str) -> Iterator[pa.RecordBatch]:
    """Some columns of a published table, some rows at a time; batches without rows are left out.

    Raises :class:`pipeline.sources.files.BadInput` where there is no such table.
    """
    for path in files_of(dataset, table):
        with pq.ParquetFile(path) as file:
            yield from (batch for batch in file.iter_batches(columns=list(names)) if batch.num_rows)


def _keep_examples(kept: dict[str, list[SetAside]], batch: pa.RecordBatch) -> None:
    for reason in batch["reason"].unique().to_pylist():
        examples = kept.setdefault(str(reason), [])
        few = EXAMPLES - len(examples)
        rows = pa.Table.from_batches([batch]).filter(pc.equal(batch["reason"], reason)).slice(0, few).to_pylist()
        examples += [SetAside(row["raw_path"], row["detail"], row["stage"]) for row in rows]


def _count_edits(dataset: Path, counts: Counts) -> None:
    steps: set[tuple[str, str]] = set()
    # A document whose edits go on in the next batch has been counted with the rules that were seen of it.
    seen: set[tuple[str, str]] = set()
    for batch in batches(dataset, "edits", "doc_id", "stage", "step", "rule", "redacted"):
        table = pa.Table.from_batches([batch])
        counts.rules.update(_times(batch["rule"]))
        counts.masked += pc.sum(batch["redacted"]).as_py() or 0
        steps |= set(_pairs(table, "stage", "step"))
        pairs = set(_pairs(table, "doc_id", "rule"))
        counts.documents_of_rules.update(rule for _, rule in pairs - seen)
        last = batch["doc_id"][-1].as_py()
        seen = {pair for pair in pairs | seen if pair[0] == last}
    order = {name: number for number, name in enumerate(STAGE_NAMES)}
    counts.steps = sorted(steps, key=lambda step: (order.get(step[0], len(order)), step))


def _pairs(table: pa.Table, *names: str) -> list[tuple[str, str]]:
    """The pairs of values that stand beside each other in two columns, each once."""
    grouped = table.group_by(list(names)).aggregate([])
    one, other = (grouped[name].to_pylist() for name in names)
    return list(zip(map(str, one), map(str, other), strict=True))


def _times(values: Any) -> dict[str, int]:  # noqa: ANN401  any array of Arrow
    return {one["values"]: one["counts"] for one in pc.value_counts(values).to_pylist()}
