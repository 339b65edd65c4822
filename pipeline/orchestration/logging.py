"""What Dagster tells about a run, as lines of its log.

Here belongs which of its events are worth a line, and which of their metadata are counts. Names of files and examples
are left out: only numbers, and the names that the pipeline itself gives to assets, checks, rules, reasons and flags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.run_log import RunLog

COUNTED = ("rows", "set aside by reason", "edits by rule", "flags", "languages", "kinds of document", "encodings")
"""Tables of numbers by names that are the pipeline's own."""


def listener(log: RunLog) -> Callable[[dg.EventLogEntry], None]:
    """What writes a line for each asset that was made, each check that failed, and each step that ended."""

    def listen(entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is None:
            return
        if event.is_step_materialization and event.asset_key is not None:
            log.write("asset", event.asset_key.to_user_string(), counts=_counts(event.materialization.metadata))
        elif event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            evaluation = event.asset_check_evaluation_data
            if not evaluation.passed:
                blocks = evaluation.severity == dg.AssetCheckSeverity.ERROR
                log.write("check failed", evaluation.check_name, critical=blocks, counts=_counts(evaluation.metadata))
        elif event.is_step_success and event.step_key is not None:
            log.write("step", event.step_key, seconds=round(event.step_success_data.duration_ms / 1000, 3))
        elif event.is_step_failure and event.step_key is not None:
            log.write("step failed", event.step_key)

    return listen


def _counts(metadata: Mapping[str, dg.MetadataValue[Any]]) -> dict[str, Any]:
    """The numbers in the metadata of an event."""
    counts: dict[str, Any] = {}
    for name, value in metadata.items():
        if isinstance(value, dg.IntMetadataValue):
            counts[name.removeprefix("dagster/")] = value.value
        elif isinstance(value, dg.TableMetadataValue) and name in COUNTED:
            rows = (list(record.data.values()) for record in value.records)
            counts[name] = {str(row[0]): row[1] for row in rows}
    return counts
