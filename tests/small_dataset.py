"""Documents made by hand and the dataset that they amount to, for the tests of what is written to disk.

Here belongs what several test files need to have a dataset on disk without the project's own steps: the way from a
document to the tables, and back, is tested with steps that do what a test needs.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from pipeline import columns, tables
from pipeline.corpus.signals import measured
from pipeline.decoding import decode
from pipeline.document import Document, Readings, Verdict
from pipeline.ledger import judge_documents
from pipeline.options import Thresholds
from pipeline.parts import SHARD
from pipeline.sources.files import Input
from pipeline.stages import table_metadata
from pipeline.staging import Staged, stage_dataset
from pipeline.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.edits import Span
    from pipeline.text import Step

STAGE_NAMES = columns.STAGE_NAMES

SPAM: dict[str, Any] = {"spam_phrase_count": 9, "spam_share_0_to_1": 0.5}
"""What a document has measured that is refused once it is clean."""


def fields(text: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401  any field's value
    """A value for each required column of the split stage, and those given."""
    required = {
        "title_status": "absent",
        "doc_type": "news",
        "language": "zh-Hans",
        "raw_language": "zh-Hans",
        "script": "Hans",
        "is_translation": False,
        "rights_status": "unknown",
        "paragraph_count": text.count("\n") + 1,
        **measured(text)._asdict(),
    }
    lists: dict[str, Any] = {column.name: [] for column in columns.SPLIT_COLUMNS if str(column.type).startswith("list")}
    return {**required, **lists, **given}


def document(
    content: bytes,
    *,
    encoding: str = "utf-8",
    steps: Mapping[str, Sequence[Step]] | None = None,
    personal: Sequence[Span] = (),
    verdict: Verdict | None = None,
    **given: Any,  # noqa: ANN401  any field's value
) -> Document:
    """A document with these bytes that went through the steps given for each stage."""
    text, decoding = decode(content, encoding)
    history, depths, counts = Text(text), {}, {}
    for stage in STAGE_NAMES:
        for step in (steps or {}).get(stage, ()):
            history = history.revise(step)
        depths[stage], counts[stage] = len(history.revisions), len(history.findings)
    return Document(
        source="",
        raw_sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        decoding=decoding,
        history=history,
        depths=depths,
        finding_counts=counts,
        encoding_method="stated",
        encoding_confidence_0_to_1=1.0,
        verdict=verdict or Verdict(),
        read=lambda text: Readings(fields(text.value, **given), tuple(personal)),
    )


def record(name: str, one: Document, path: Path) -> tables.Record:
    """The record of a document that is called `name`."""
    return tables.record(Input(name, path / name, one.bytes, one.raw_sha256), one)


def dataset_of(
    documents: Mapping[str, Document | tables.Record],
    output: Path,
    *,
    shards: int = 1,
    **judging: Any,  # noqa: ANN401  limits and admissions
) -> Staged:
    """The staged dataset of these documents, by raw_path, with stage tables of so many shards; none is too short."""
    write_stage_tables(documents, output, shards=shards)
    judge_documents(output, **{"thresholds": Thresholds(minimum_han=0), **judging})
    return stage_dataset(output)


def write_stage_tables(
    documents: Mapping[str, Document | tables.Record],
    output: Path,
    *,
    shards: int = 1,
    recipe: str = "",
    code: str = "tests",
) -> None:
    """The stage tables of these documents, by raw_path; they say that `recipe` and `code` made them."""
    said = {**table_metadata(), **({"recipe_fingerprint": recipe} if recipe else {})}
    said[SHARD] = json.dumps({"made_by": code})
    records = [
        record(name, one, output) if isinstance(one, Document) else one for name, one in sorted(documents.items())
    ]
    size = -(-len(records) // shards)
    for number in range(shards):
        here = records[number * size : (number + 1) * size]
        _, laid_out = tables.laid_out(here, assets=list(columns.STAGE_TABLES))
        for asset, table in laid_out.items():
            folder = output / "stages" / asset
            folder.mkdir(parents=True, exist_ok=True)
            stored = table.replace_schema_metadata({**said, "inputs": str(number)})
            pq.write_table(stored, folder / f"part-{number:05}.parquet")


def rows(dataset: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a published table."""
    files = sorted((dataset / "data").glob(f"{table}-*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]
