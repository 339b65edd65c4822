"""What a build does with a document once it is cleaned, part by part: judged, published, looked at, led back, shown.

Here belongs which functions of the pipeline these are, each called for one document alone, without the processes that a
build has. How long they take is measured in `linear_time.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
from small_dataset import write_stage_tables

from pipeline import columns
from pipeline.admissions import Admissions
from pipeline.derived import whole_of
from pipeline.layout import published_rows
from pipeline.ledger import JUDGED, judge_documents
from pipeline.rebuilding import rebuild_all
from pipeline.report.counting import counted
from pipeline.report.documents import parts_to_show, written_documents
from pipeline.staging import stage_dataset
from pipeline.validate.buckets import SORTED, Dataset
from pipeline.validate.looking import Look, parts_of_buckets
from pipeline.validate.suites import load_suites

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pipeline.tables import Record


def published(one: Record, output: Path, timed: Callable[[str], AbstractContextManager[None]]) -> None:
    """Take a document from its record to a dataset of its own, and look at that as a build does.

    It is published whatever the verdict on its quality is. An AssertionError says that it does not lead back.
    """
    with timed("write stage tables"):
        write_stage_tables({one.raw_path: one}, output)
    with timed("judge"):
        judge_documents(output, admissions=Admissions({one.raw_path: "to be measured"}))
    with timed("lay out what is published"):
        stages: dict[str, Any] = {asset: _only(output / "stages" / asset) for asset in columns.STAGE_TABLES}
        judged = _only(output / "stages" / JUDGED)
        published_rows(stages, judged, np.arange(1), source="", rule_version="")
    with timed("write a dataset"):
        staged = stage_dataset(output)
    with timed("look at derived columns"):
        _look(staged.dataset)
    with timed("rebuild from what is published"):
        rebuilding = rebuild_all(staged.dataset, staged.redactions)
    assert rebuilding.exact == 1, rebuilding
    assert not rebuilding.failures, rebuilding
    with timed("show in the report"):
        shown = [written_documents(part) for part in parts_to_show(staged.dataset, counted(staged.dataset), most=1)]
    assert len(shown) == 1


def _only(folder: Path) -> Any:  # noqa: ANN401  a table of Arrow
    return pq.read_table(folder / "part-00000.parquet")


def _look(path: Path) -> None:
    """Work out what expectations are asked about, short of asking Great Expectations."""
    dataset = Dataset(path)
    documents, files, aside = (
        [pq.read_table(file) for file in sorted((path / "data").glob(f"{name}-*"))]
        for name in ("documents", "files", "quarantine")
    )
    whole = whole_of(lambda: documents, files, aside)
    expectations = {suite.table: suite.expectations for suite in load_suites() if suite.table in SORTED}
    list(parts_of_buckets(Look(dataset, whole, expectations), dataset.numbers))
