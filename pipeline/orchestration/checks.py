"""The checks between a staged dataset and its publication, one for each expectation.

Here belongs how a result becomes a check of Dagster, and how it is known that a dataset has passed. What is expected
stands in ``expectations/``; it is read here without Great Expectations, which is imported when a check runs.
"""

# Dagster reads the annotations themselves: their evaluation is not postponed here.

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.checksums import NAME as CHECKSUMS
from pipeline.checksums import digest
from pipeline.claiming import claim
from pipeline.former_checks import FOLDER as CHECKED
from pipeline.former_checks import FormerChecks
from pipeline.ledger import count_inputs
from pipeline.orchestration import previews
from pipeline.orchestration.inputs import bad_input_said
from pipeline.orchestration.reporting import Reporter
from pipeline.orchestration.settings import Settings
from pipeline.rebuilding import locate
from pipeline.validate import (
    CheckResult,
    Suite,
    checksums_result,
    complete_suites,
    rebuilding_result,
    run_suites,
)
from pipeline.validate.data_docs import FOLDER as DATA_DOCS
from pipeline.validate.data_docs import page_of
from pipeline.visible import visible

STAGED = "staged_dataset"
SUITES = complete_suites()

_SEVERITIES = {"critical": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def unmet(staging: Path) -> list[str]:
    """The checks that did not pass on what is staged now, or were not run on it; none may be left when it is published.

    A check that passes writes down on which files it did, by their checksums, and what was expected of them. So a
    dataset that was staged anew, or one whose checks were left out, is not published by mistake. Whether the files are
    still those of the checksums is for :func:`pipeline.checksums.verify_checksums` to say.
    """
    return [name for name in REQUIRED if _passed(staging, name) != _fingerprint(staging)]


def _write_down(staging: Path, name: str, *, passed: bool, looked_at: str) -> None:
    """Note beside the staged dataset whether a check passed; of what is published already, nothing is noted.

    `looked_at` is the fingerprint from before the check: what was staged anew meanwhile has not been looked at.
    """
    if not (staging / "dataset").is_dir() or _fingerprint(staging) != looked_at:
        return
    (staging / "checked").mkdir(exist_ok=True)
    note = {"passed": passed, "dataset": looked_at}
    (staging / "checked" / f"{name}.json").write_text(json.dumps(note), "utf-8")


def _passed(staging: Path, name: str) -> str | None:
    try:
        note = json.loads((staging / "checked" / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return str(note["dataset"]) if note["passed"] else None


def _fingerprint(staging: Path) -> str:
    """What is staged, and what is expected of it."""
    sums = staging / "dataset" / CHECKSUMS
    return f"{digest(sums)} {_expected()}" if sums.is_file() else "nothing is staged"


@lru_cache(maxsize=1)
def _expected() -> str:
    return hashlib.sha256(json.dumps([suite.content for suite in SUITES], sort_keys=True).encode()).hexdigest()


def _folder(settings: Settings) -> tuple[Path, Path | None]:
    """The dataset to check, and the table of masked characters: what is staged, else what is published."""
    with bad_input_said():
        claim(settings.output_folder)
        return locate(settings.staging if (settings.staging / "dataset").is_dir() else settings.output_folder)


@lru_cache(maxsize=1)
def _results(
    dataset: Path, output: Path, workers: int, fingerprint: str, run: str, *, fresh: bool
) -> tuple[dict[tuple[str, str], CheckResult], str]:
    """The results of all suites, by table and name; to run them together reads the tables once.

    Beside them, how many buckets were carried over.
    """
    del fingerprint, run
    former = FormerChecks(output / CHECKED, fresh=fresh)
    results = run_suites(
        dataset,
        SUITES,
        inputs=count_inputs(output),
        data_docs=output / DATA_DOCS,
        former=former,
        workers=workers,
        temporary=output,
    )
    return {(result.table, result.name): result for result in results}, former.said()


def _shown(result: CheckResult, name: str, **more: Any) -> dg.AssetCheckResult:  # noqa: ANN401  metadata of any kind
    return dg.AssetCheckResult(
        passed=result.success,
        asset_key=STAGED,
        check_name=name,
        severity=_SEVERITIES[result.severity],
        description=visible(result.message),
        metadata=previews.stated(
            {
                "expectation": result.type,
                "column": result.column or "–",
                "failing rows": result.unexpected,
                "which": previews.table(("row",), [(row,) for row in result.failing]),
                **more,
            }
        ),
    )


def _suite_check(suite: Suite) -> dg.AssetChecksDefinition:
    """The checks of one suite: one for each expectation, run together."""
    name_of = {each.name: f"{suite.table}_{each.name}" for each in suite.expectations}

    @dg.multi_asset_check(
        name=f"expectations_of_{suite.table}",
        can_subset=True,
        specs=[
            dg.AssetCheckSpec(
                name_of[each.name],
                asset=STAGED,
                description=each.why,
                blocking=each.severity == "critical",
                metadata={"expectation": each.type, "column": each.column or "–", "severity": each.severity},
            )
            for each in suite.expectations
        ],
    )
    def check(
        context: dg.AssetCheckExecutionContext, settings: Settings, reporter: dg.ResourceParam[Reporter]
    ) -> Iterator[dg.AssetCheckResult]:
        say = reporter.begin(f"Checking {suite.table}", context.log)
        say(0, len(suite.expectations))
        dataset, _ = _folder(settings)
        looked_at = _fingerprint(settings.staging)
        with bad_input_said():
            results, carried = _results(
                dataset,
                settings.output_folder,
                settings.workers,
                looked_at,
                context.run.run_id,
                fresh=settings.is_fresh,
            )
        of_suite = [results[suite.table, each.name] for each in suite.expectations]
        passed = not any(result.blocks for result in of_suite)
        _write_down(settings.staging, check_name, passed=passed, looked_at=looked_at)
        say(len(of_suite), len(of_suite))
        for result in of_suite:
            name = name_of[result.name]
            if dg.AssetCheckKey(dg.AssetKey(STAGED), name) in context.selected_asset_check_keys:
                page = previews.page(settings, page_of(Path(DATA_DOCS), result.table), anchor=result.name)
                yield _shown(result, name, **{"data docs": page, "buckets": carried})

    check_name = f"expectations_of_{suite.table}"
    return check


@dg.asset_check(
    asset=STAGED,
    blocking=True,
    description="Every published document goes back to the exact bytes of its raw file, by the written tables alone.",
)
def rebuilds_exactly(
    context: dg.AssetCheckExecutionContext, settings: Settings, reporter: dg.ResourceParam[Reporter]
) -> dg.AssetCheckResult:
    """Rebuild every document from the written tables and compare hashes."""
    say = reporter.begin("Rebuilding documents", context.log)
    former = FormerChecks(settings.output_folder / CHECKED, fresh=settings.is_fresh)

    def check(dataset: Path, redactions: Path | None) -> CheckResult:
        return rebuilding_result(dataset, redactions, progress=say, former=former, workers=settings.workers)

    return _single(settings, check, lambda: {"buckets": former.said()})


@dg.asset_check(
    asset=STAGED,
    blocking=True,
    description="Every file of the dataset is the one whose SHA-256 stands in SHA256SUMS, and none is unlisted.",
)
def checksums_fit(settings: Settings) -> dg.AssetCheckResult:
    """Compare every file with its checksum."""
    return _single(settings, lambda dataset, _: checksums_result(dataset))


def _single(
    settings: Settings,
    check: Callable[[Path, Path | None], CheckResult],
    more: Callable[[], dict[str, str]] = dict,
) -> dg.AssetCheckResult:
    dataset, redactions = _folder(settings)
    looked_at = _fingerprint(settings.staging)
    result = check(dataset, redactions)
    _write_down(settings.staging, result.name, passed=not result.blocks, looked_at=looked_at)
    return _shown(result, result.name, **more())


CHECKS: Sequence[dg.AssetChecksDefinition] = (rebuilds_exactly, checksums_fit, *map(_suite_check, SUITES))
REQUIRED = ("rebuilds_exactly", "checksums_fit", *(f"expectations_of_{suite.table}" for suite in SUITES))
"""The checks without which nothing is published."""
