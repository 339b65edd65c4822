"""The two promises that no expectation can state: exact rebuilding, and checksums.

Here belongs how they become results beside those of the suites. Rebuilding itself is in :mod:`pipeline.rebuilding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.checksums import verify_checksums
from pipeline.publish import private_problems
from pipeline.rebuilding import Failure, rebuild_all
from pipeline.validate.results import MOST_FAILING, CheckResult, shortened

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.former_checks import FormerChecks
    from pipeline.stages import Progress


def rebuilding_result(
    dataset: Path,
    redactions: Path | None,
    *,
    progress: Progress | None = None,
    former: FormerChecks | None = None,
    workers: int = 1,
) -> CheckResult:
    """Whether every published document goes back to the bytes that it was made from.

    With `former`, those of buckets that have not changed are taken for what they were found to be; `workers` share the
    others.
    """
    withheld = 0
    unusable = private_problems(dataset) if redactions is None else []
    try:
        rebuilding = rebuild_all(dataset, redactions, progress=progress, former=former, workers=workers)
        failures, withheld = rebuilding.failures, rebuilding.withheld_documents
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # among them what Arrow raises
        failures = [Failure("", "tables", f"they do not fit together: {type(error).__name__}: {shortened(error)}")]
    failing = tuple(failure.id for failure in failures[:MOST_FAILING] if failure.id)
    message = "every document goes back to its raw bytes"
    if withheld:
        message += f"; of {withheld} personal data is withheld: those are undone as far as that goes, and not hashed"
    if unusable:
        message = f"private/ cannot be used, so that personal data is withheld: {'; '.join(unusable[:MOST_FAILING])}"
        failures = [Failure("", "private", problem) for problem in unusable] + failures
    elif failures:
        first = failures[0]
        message = f"{len(failures)} do not go back to their raw bytes; {first.raw_path}: {first.problem}"
    return CheckResult(
        "edits", "rebuilds_exactly", "rebuilds_exactly", "", "critical", not failures, len(failures), failing, message
    )


def checksums_result(dataset: Path) -> CheckResult:
    """Whether the files are those that SHA256SUMS lists."""
    problems = verify_checksums(dataset)
    message = "; ".join(problems[:MOST_FAILING]) or "every file is as SHA256SUMS has it"
    failing = tuple(problems[:MOST_FAILING])
    return CheckResult(
        "dataset", "checksums_fit", "checksums_fit", "", "critical", not problems, len(problems), failing, message
    )
