"""One whole build in this process, for the command line: every asset and every check, through Dagster.

Here belongs how a run is started and what came of it. What is said about it on a terminal belongs in
:mod:`pipeline.__main__`.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import dagster as dg

from pipeline.orchestration.definitions import BUILD, definitions
from pipeline.orchestration.inputs import BAD_INPUT
from pipeline.orchestration.logging import listener
from pipeline.orchestration.stage_assets import REUSED
from pipeline.places import trouble_of_place
from pipeline.recipe import STAGES
from pipeline.run_log import RunLog
from pipeline.temporary import temporary_folder
from pipeline.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.orchestration.reporting import Reporter
    from pipeline.orchestration.settings import Settings


class Failed(NamedTuple):
    """A check that did not pass: `failing` names rows, 20 at most."""

    name: str
    message: str
    failing: tuple[str, ...]


class SetAside(NamedTuple):
    """How many inputs were set aside for one reason, and the first of them with its detail."""

    reason: str
    documents: int
    raw_path: str
    detail: str


@dataclass(slots=True)
class Built:
    """What came of a build.

    `bad_input` is one line about what the user named and cannot be worked with; `refused` one about why a dataset that
    is complete was not published; `defect` one about an error of the pipeline itself, `trace` its details. `report` is
    the page to begin with of the report; `reused` says by stage how many inputs it had not to do anything for, nor had
    those before it.
    """

    published: bool = False
    report: str | None = None
    reused: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)
    warnings: list[Failed] = field(default_factory=list)
    bad_input: str | None = None
    refused: str | None = None
    defect: str | None = None
    trace: str = ""


def build(
    settings: Settings,
    *,
    reporter: Reporter,
    verbose: bool = False,
    job_name: str = BUILD.name,
    log: RunLog | None = None,
) -> Built:
    """Materialize all assets, from the raw folder to the published dataset, checks included; or those of another job.

    What is done is told to the `log`.
    Nothing of the run is kept by Dagster, and nothing is sent anywhere. With `verbose`, its log goes to standard error.
    Raises KeyboardInterrupt where somebody stopped it.
    """
    job = definitions(settings, reporter).resolve_job_def(job_name)
    level = "DEBUG" if verbose else "CRITICAL"
    output = settings.output_folder
    with (
        temporary_folder(output if output.is_dir() else None) as folder,
        dg.DagsterInstance.ephemeral(str(folder), settings={"telemetry": {"enabled": False}}) as instance,
    ):
        log = log or RunLog()
        instance.add_event_listener(log.run, listener(log))
        run = job.execute_in_process(
            run_id=log.run,
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": level}}}},
        )
    built, said = Built(), dict[str, int]()
    stages = {stage.asset: stage.name for stage in STAGES}
    for evaluation in run.get_asset_check_evaluations():
        if not evaluation.passed:
            critical = evaluation.severity == dg.AssetCheckSeverity.ERROR
            (built.failures if critical else built.warnings).append(_failed(evaluation))
    for event in run.all_events:
        if event.is_step_failure:
            _take_up(built, event.step_failure_data, output)
        elif event.is_step_materialization and event.asset_key is not None:
            name, metadata = event.asset_key.to_user_string(), event.materialization.metadata
            if name == "judged_documents":
                built.set_aside = _set_aside(metadata)
            built.published |= name == "published_dataset"
            if name in stages:
                said[stages[name]] = _figures(metadata).get(REUSED, 0)
            if name == "report":
                built.report = str(metadata["page"].value)
            if name == "staged_dataset":
                built.figures = _figures(metadata)
    least = accumulate((said.get(stage.name, 0) for stage in STAGES), min)
    built.reused = dict(zip(stages.values(), least, strict=True))
    return built


def _figures(metadata: Mapping[str, dg.MetadataValue[Any]]) -> dict[str, int]:
    return {
        key: value.value
        for key, value in metadata.items()
        if isinstance(value, dg.IntMetadataValue) and value.value is not None
    }


def _failed(evaluation: dg.AssetCheckEvaluation) -> Failed:
    failing = tuple(str(row["row"]) for row in _rows(evaluation.metadata.get("which")))
    return Failed(evaluation.check_name, evaluation.description or "", failing)


def _set_aside(metadata: Mapping[str, dg.MetadataValue[Any]]) -> list[SetAside]:
    """Reasons and examples, by the tables that the UI shows for judged_documents."""
    examples: dict[str, Mapping[str, Any]] = {}
    for row in _rows(metadata.get("set aside")):
        examples.setdefault(row["reason"], row)
    return [
        SetAside(row["reason"], row["documents"], example.get("raw_path", "…"), example.get("detail") or "")
        for row in _rows(metadata.get("set aside by reason"))
        for example in [examples.get(row["reason"], {})]
    ]


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [record.data for record in value.records] if isinstance(value, dg.TableMetadataValue) else []


def trouble_of_output(message: str, output: Path, *, published: bool = False) -> str | None:
    """What is to be said of an error of the disk, by the system's own message; None where it is another error.

    What was there before is another one where the run has `published`.

    >>> from pathlib import Path
    >>> trouble_of_output("OSError: [Errno 28] No space left on device: 'output/stages/a'", Path("output"))[:63]
    "'output' cannot be worked in (No space left on device): free so"
    >>> trouble_of_output("ValueError: 28", Path("output"))
    """
    name = os.fspath(output)
    then = "run the build again: it goes on from here" + ("" if published else ", and what was published is as it was")
    if trouble := trouble_of_place(message):
        where = f" for all that is in there ({trouble.path!r})" if trouble.path and trouble.help == "allow it" else ""
        return f"{name!r} cannot be worked in ({trouble.said}): {trouble.help}{where}, and {then}"
    if f"[Errno {errno.ENOENT}]" in message and (not output.exists() or name in message):
        return f"something in {name!r} was taken away while the run went on: leave it alone, and {then}"
    return None


def _take_up(built: Built, failure: dg.StepFailureData, output: Path) -> None:
    """What stopped a step: a blocking check, which has its result already; bad input; a bad disk; or a defect."""
    if failure.user_failure_data is not None:
        said = failure.user_failure_data.description or "no reason is given"
        if BAD_INPUT in failure.user_failure_data.metadata:
            built.bad_input = built.bad_input or said
        else:
            built.refused = built.refused or said
    elif failure.error is not None and failure.error.cls_name != "DagsterAssetCheckFailedError":
        cause = failure.error
        while cause.cause is not None:
            cause = cause.cause
        if cause.cls_name == "DagsterExecutionInterruptedError":
            raise KeyboardInterrupt
        said = " ".join(cause.message.split())
        if trouble := trouble_of_output(said, output, published=built.published):
            built.bad_input = built.bad_input or visible(trouble)
            return
        built.defect = built.defect or said
        built.trace = built.trace or failure.error.to_string()
