"""What starts a build without a person: a clock, or files that are new in the raw folder. Both are off until turned on.

Here belongs when a build is asked for. What a build is, is said in :mod:`~pipeline.orchestration.definitions`.
"""

# Dagster reads the annotations themselves: their evaluation is not postponed here.

import json

import dagster as dg

from pipeline.orchestration.settings import Settings
from pipeline.sources.files import BadInput, look_of
from pipeline.visible import visible

SECONDS_BETWEEN_LOOKS = 60

CRON, TIME_ZONE = "0 3 * * *", "Asia/Shanghai"
"""Three at night, where the crawled sites are: what they published during the day is there by then."""


def nightly(job_name: str) -> dg.ScheduleDefinition:
    """A schedule that builds every night; off."""
    return dg.ScheduleDefinition(
        name="nightly",
        job_name=job_name,
        cron_schedule=CRON,
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description="Builds the dataset every night at three, by the clock of Asia/Shanghai. Off until turned on.",
    )


def raw_folder_changed(job_name: str) -> dg.SensorDefinition:
    """A sensor that builds once files are new, gone or changed in the raw folder, and the folder is at rest; off."""

    @dg.sensor(
        name="raw_folder_changed",
        job_name=job_name,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.STOPPED,
        description=(
            "Builds the dataset when files in the raw folder are new, gone or changed, and the same at two looks: "
            "a crawl that is still writing is waited for. It looks at names, sizes and times. Off until turned on."
        ),
    )
    def look(context: dg.SensorEvaluationContext, settings: Settings) -> dg.SensorResult:
        try:
            seen = look_of(settings.raw_folder)
        except BadInput as error:
            return dg.SensorResult(skip_reason=visible(str(error)))
        before = json.loads(context.cursor or "{}")
        built, last, asked = before.get("built"), before.get("seen"), before.get("asked", 0)
        if seen == built:
            return dg.SensorResult(
                skip_reason="the raw folder is as it was when a build was last asked for", cursor=context.cursor
            )
        if seen != last:
            cursor = json.dumps({"built": built, "seen": seen, "asked": asked})
            return dg.SensorResult(skip_reason="the raw folder has changed; waiting until it is at rest", cursor=cursor)
        # Dagster runs no key twice: a folder that comes back to what it was is told apart by how many builds were asked
        # for, and where the cursor could not be kept, the same one is asked for again.
        key = f"{asked}: {str(built)[:16]} to {seen[:16]}"
        cursor = json.dumps({"built": seen, "seen": seen, "asked": asked + 1})
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=key)], cursor=cursor)

    return look
