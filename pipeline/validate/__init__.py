"""Everything that is promised about a dataset on disk, checked: the suites, exact rebuilding, checksums.

Here belongs what the command line and Dagster call. The suites are read in :mod:`~pipeline.validate.suites`, run in
:mod:`~pipeline.validate.running`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.claiming import output_folder_of
from pipeline.validate.completeness import complete_suites
from pipeline.validate.data_docs import check_replaceable, index_of, page_of
from pipeline.validate.exactness import checksums_result, rebuilding_result
from pipeline.validate.results import CheckResult
from pipeline.validate.running import run_suites
from pipeline.validate.suites import EXPECTATIONS, BadSuite, Expectation, Suite, load_suites

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "EXPECTATIONS",
    "BadSuite",
    "CheckResult",
    "Expectation",
    "Suite",
    "checksums_result",
    "complete_suites",
    "index_of",
    "load_suites",
    "page_of",
    "rebuilding_result",
    "run_suites",
    "validate",
]


def validate(
    dataset: Path,
    *,
    redactions: Path | None,
    inputs: int | None = None,
    data_docs: Path | None = None,
    workers: int = 1,
) -> list[CheckResult]:
    """Everything that is promised about a dataset on disk: the suites, exact rebuilding, checksums.

    `redactions` is the table of masked characters; without it, documents are rebuilt as far as nothing is withheld.
    `data_docs` is a folder for the pages of Great Expectations about the suites; it is replaced whole.
    `workers` share the work, as :func:`pipeline.engines.local.run` takes them. Where a file is not the one of its
    checksum, and so damaged that it cannot be looked into, the checksums are the one result. What is needed only
    meanwhile lies in the output folder of the dataset, or where the system has temporary files.
    """
    checksums = checksums_result(dataset)
    if data_docs is not None:
        check_replaceable(data_docs)
    try:
        results = run_suites(
            dataset,
            complete_suites(),
            inputs=inputs,
            data_docs=data_docs,
            workers=workers,
            temporary=output_folder_of(dataset),
        )
        return [*results, rebuilding_result(dataset, redactions, workers=workers), checksums]
    except Exception:
        if checksums.success:
            raise
        return [checksums]
