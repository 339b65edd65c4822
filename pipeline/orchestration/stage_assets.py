"""The assets of the four stages: one function that takes every document as far as somebody asked.

Here belongs how they are made and what is said of a run. What a stage is made of is said in :mod:`pipeline.recipe`.
"""

# Dagster reads the annotations themselves: their evaluation is not postponed here.

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline import figures, recipe
from pipeline.claiming import claim
from pipeline.needs import check_needs
from pipeline.orchestration import previews
from pipeline.orchestration.descriptions import described
from pipeline.orchestration.inputs import bad_input_said, inputs_of
from pipeline.orchestration.reporting import Reporter
from pipeline.orchestration.settings import Settings
from pipeline.orchestration.versions import version_of
from pipeline.publish import check_writable
from pipeline.stages import AssetReport, write_stages

REUSED = "used again"
"""Of so many inputs the rows are those that a former build has written."""


@dg.multi_asset(
    name="stages",
    can_subset=True,
    specs=[
        dg.AssetSpec(
            stage.asset,
            deps=["raw_documents" if number == 0 else recipe.STAGES[number - 1].asset],
            skippable=True,
            **described(stage.asset),
        )
        for number, stage in enumerate(recipe.STAGES)
    ],
)
def stage_tables(
    context: dg.AssetExecutionContext, settings: Settings, reporter: dg.ResourceParam[Reporter]
) -> Iterator[dg.MaterializeResult[None]]:
    """Take every input through the stages in memory, as far as the last one asked for, and write those asked for."""
    chosen = [stage.asset for stage in recipe.STAGES if dg.AssetKey(stage.asset) in context.selected_asset_keys]
    say = reporter.begin("Cleaning documents", context.log)
    with bad_input_said():
        choices, output = settings.choices, settings.output_folder
        check_writable(output, raw=settings.raw_folder)
        claim(output)
        engine = settings.with_engine
        inputs = inputs_of(
            settings.raw_folder, maximum_bytes=choices.maximum_bytes, engine=engine, run=context.run.run_id
        )
        for line in check_needs(inputs, output, workers=settings.workers):
            reporter.warn(line, context.log)
        reports = write_stages(
            inputs,
            output,
            assets=chosen,
            choices=choices,
            workers=settings.workers,
            fresh=settings.is_fresh,
            progress=say,
            run=None if engine.name == "local" else engine.run,
        )
    for asset in chosen:
        yield dg.MaterializeResult(
            asset_key=asset,
            data_version=version_of(output / "stages" / asset),
            metadata=_of_stage(reports[asset], output, plots=reporter.sees_plots),
        )


def _of_stage(report: AssetReport, output: Path, *, plots: bool) -> dict[str, Any]:
    return previews.stated(
        {
            "dagster/row_count": report.rows,
            REUSED: report.reused,
            "folder": previews.place((output / "stages" / report.asset).absolute()),
            "texts in": report.texts_in,
            "texts out": report.texts_out,
            "edits": sum(report.edits.values()),
            "set aside": sum(report.set_aside.values()),
            "plots": previews.plots(partial(figures.of_asset, output, report.asset, edits=report.edits), seen=plots),
            "preview": previews.preview(report.preview),
            "edits by rule": previews.by_rule(report.edits),
            "set aside by reason": previews.by_reason(report.set_aside),
            "flags": previews.by_flag(report.flags),
        }
    )
