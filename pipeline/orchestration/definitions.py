"""What Dagster finds here: the assets, their checks, the folders they work in.

Here belongs how the parts are put together; `dagster dev` in the project's folder loads it.
"""

from __future__ import annotations

import dagster as dg

from pipeline.orchestration.assets import ASSETS
from pipeline.orchestration.checks import CHECKS
from pipeline.orchestration.reporting import LogReporter, Reporter
from pipeline.orchestration.settings import Settings
from pipeline.orchestration.triggers import nightly, raw_folder_changed

BUILD = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all(),
    description="All the way: find the raw documents, clean them, write the dataset, check it, publish it, and report.",
)

JUDGE = dg.define_asset_job(
    "judge",
    selection=dg.AssetSelection.assets("judged_documents").downstream(),
    description="From the tables that the stages have left: judge them by other limits, write the dataset, check it, "
    "publish it, and report. No document is cleaned again.",
)


def definitions(settings: Settings, reporter: Reporter) -> dg.Definitions:
    """All assets and checks, to be run in one process.

    To start a process for each of a dozen small steps takes minutes.
    """
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=CHECKS,
        jobs=[BUILD, JUDGE],
        schedules=[nightly(BUILD.name)],
        sensors=[raw_folder_changed(BUILD.name)],
        resources={"settings": settings, "reporter": reporter},
        executor=dg.in_process_executor,
    )


defs = definitions(Settings(), LogReporter())
