"""The assets: what stands on disk after each step of the way from raw files to a published dataset.

Here belongs which asset there is, what it depends on, and what the UI says about it. How anything is made belongs in
the modules that are called.
"""

# Dagster reads the annotations themselves: their evaluation is not postponed here.

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq

from pipeline import figures, recipe, replacing
from pipeline import report as reports
from pipeline.checksums import verify_checksums
from pipeline.claiming import claim
from pipeline.corpus.duplicates import FILE_STATUSES
from pipeline.ledger import Refused, judge_documents, write_inputs
from pipeline.orchestration import previews
from pipeline.orchestration.checks import unmet
from pipeline.orchestration.descriptions import described
from pipeline.orchestration.inputs import bad_input_said, inputs_of
from pipeline.orchestration.reporting import Reporter
from pipeline.orchestration.settings import Settings
from pipeline.orchestration.stage_assets import stage_tables
from pipeline.orchestration.versions import version_of
from pipeline.publish import check_publishable, check_writable, publish, remains
from pipeline.staging import stage_dataset
from pipeline.validate.data_docs import FOLDER as DATA_DOCS
from pipeline.validate.data_docs import check_replaceable
from pipeline.visible import visible_path

_REPORT = Path(reports.FOLDER, replacing.INDEX)


@dg.asset(**described("raw_documents"))
def raw_documents(
    context: dg.AssetExecutionContext, settings: Settings, reporter: dg.ResourceParam[Reporter]
) -> dg.MaterializeResult[None]:
    """Find the inputs and write them down."""
    say = reporter.begin("Finding files", context.log)
    with bad_input_said():
        settings.check()
        limit = settings.choices.maximum_bytes
        check_writable(settings.output_folder, raw=settings.raw_folder)
        check_replaceable(settings.output_folder / DATA_DOCS)
        replacing.check_replaceable(settings.output_folder / reports.FOLDER, reports.PAGES)
        claim(settings.output_folder)
        inputs = inputs_of(
            settings.raw_folder, maximum_bytes=limit, engine=settings.with_engine, run=context.run.run_id
        )
        write_inputs(inputs, settings.output_folder)
    say(len(inputs), len(inputs))
    refused = Counter(found.reason for found in inputs if found.reason is not None)
    kinds = Counter(found.kind or "none" for found in inputs)
    return dg.MaterializeResult(
        data_version=version_of(settings.output_folder / "stages" / "raw_documents"),
        metadata=previews.stated(
            {
                "dagster/row_count": len(inputs),
                "raw folder": previews.place(settings.raw_folder.absolute()),
                "bytes": sum(found.bytes or 0 for found in inputs),
                "plots": previews.plots(
                    partial(figures.of_asset, settings.output_folder, "raw_documents"), seen=reporter.sees_plots
                ),
                "files by suffix": previews.table(("suffix", "files"), kinds.most_common()),
                "set aside by reason": previews.by_reason(refused),
            }
        ),
    )


@dg.asset(deps=[recipe.STAGES[0].asset, recipe.STAGES[-1].asset], **described("judged_documents"))
def judged_documents(settings: Settings, reporter: dg.ResourceParam[Reporter]) -> dg.MaterializeResult[None]:
    """Decide what becomes of each input, and write it down."""
    with bad_input_said():
        check_publishable(settings.output_folder)
        claim(settings.output_folder)
        judgement = judge_documents(
            settings.output_folder, thresholds=settings.thresholds, admissions=settings.admissions
        )
    return dg.MaterializeResult(
        data_version=version_of(settings.output_folder / "stages" / "judged_documents"),
        metadata=previews.stated(
            {
                "dagster/row_count": judgement.statuses.total(),
                **{status: judgement.statuses[status] for status in FILE_STATUSES},
                "admitted": judgement.admitted,
                "limits": previews.table(("limit", "value"), settings.thresholds.values.items()),
                "plots": previews.plots(
                    partial(figures.of_asset, settings.output_folder, "judged_documents"), seen=reporter.sees_plots
                ),
                "set aside by reason": previews.by_reason(judgement.reasons),
                "set aside": previews.table(Refused._fields, judgement.examples),
            }
        ),
    )


@dg.asset(deps=["judged_documents", *(stage.asset for stage in recipe.STAGES)], **described("staged_dataset"))
def staged_dataset(
    context: dg.AssetExecutionContext, settings: Settings, reporter: dg.ResourceParam[Reporter]
) -> dg.MaterializeResult[None]:
    """Write the dataset to be checked."""
    say = reporter.begin("Writing the dataset", context.log)
    with bad_input_said():
        claim(settings.output_folder)
        staged = stage_dataset(
            settings.output_folder,
            source=settings.collection,
            about=settings.stated,
            workers=settings.workers,
            fresh=settings.is_fresh,
            progress=say,
        )
    account = staged.account
    return dg.MaterializeResult(
        data_version=version_of(staged.dataset),
        metadata=previews.stated(
            {
                "dagster/row_count": account.published,
                "folder": previews.place(staged.dataset.absolute()),
                "inputs": account.inputs,
                "published": account.published,
                "duplicates": account.duplicates,
                "near-duplicates": account.near_duplicates,
                "set aside": account.quarantined,
                "characters": account.characters,
                "characters masked": account.withheld_chars,
                "plots": previews.plots(
                    partial(figures.of_dataset, staged.dataset, edits=account.rules), seen=reporter.sees_plots
                ),
                "rows": previews.table(("table", "rows"), sorted(account.rows.items())),
                "languages": previews.table(("language", "documents"), sorted(account.languages.items())),
                "kinds of document": previews.table(("kind", "documents"), sorted(account.doc_types.items())),
                "encodings": previews.table(("encoding", "files"), sorted(account.encodings.items())),
                "set aside by reason": previews.by_reason(account.reasons),
                "edits by rule": previews.by_rule(account.rules),
                "flags": previews.by_flag(account.flags),
            }
        ),
    )


@dg.asset(deps=["staged_dataset"], **described("published_dataset"))
def published_dataset(
    context: dg.AssetExecutionContext, settings: Settings, reporter: dg.ResourceParam[Reporter]
) -> dg.MaterializeResult[None]:
    """Put the staged dataset in the place of the published one."""
    with bad_input_said():
        claim(settings.output_folder)
    refusal = _refusal(settings)
    if refusal is not None:
        raise dg.Failure(description=refusal, allow_retries=False)
    with bad_input_said():
        dataset = publish(settings.staging, settings.output_folder)
    for folder in remains(settings.output_folder):
        what = f"{visible_path(folder)!r} is what was there before, and some of it may not be removed"
        reporter.warn(f"{what}: allow it, and the next build removes it", context.log)
    files = sorted(path for path in dataset.rglob("*") if path.is_file())
    listing = ((path.relative_to(dataset).as_posix(), path.stat().st_size) for path in files)
    query = f"SELECT * FROM '{(dataset / 'data').absolute()}/documents-*.parquet'"  # noqa: S608  shown, not run
    return dg.MaterializeResult(
        data_version=version_of(dataset),
        metadata={
            "folder": previews.place(dataset.absolute()),
            "report": previews.page(settings, _REPORT),
            "read it": dg.MetadataValue.md(f"With DuckDB: {previews.as_code(query)}"),
            "files": previews.table(("file", "bytes"), listing),
        },
    )


@dg.asset(deps=["published_dataset"], **described("report"))
def report(
    context: dg.AssetExecutionContext, settings: Settings, reporter: dg.ResourceParam[Reporter]
) -> dg.MaterializeResult[None]:
    """Write the report of the published dataset."""
    say = reporter.begin("Writing the report", context.log)
    folder = settings.output_folder / reports.FOLDER
    with bad_input_said():
        claim(settings.output_folder)
        dataset = settings.output_folder / "dataset"
        written = reports.write_report(dataset, folder, workers=settings.workers, progress=say)
    return dg.MaterializeResult(
        data_version=version_of(folder),
        metadata={
            "page": previews.page(settings, _REPORT),
            "documents shown": written.documents,
            "bytes": written.bytes,
        },
    )


def _refusal(settings: Settings) -> str | None:
    """Why what is staged is not published; None where it is."""
    staged = settings.staging / "dataset"
    if not staged.is_dir():
        return "nothing is staged: materialize staged_dataset, with its checks"
    missing = unmet(settings.staging)
    if missing:
        return f"{', '.join(missing)} did not pass on what is staged; materialize staged_dataset again, with its checks"
    changed = verify_checksums(staged)
    if changed:
        return f"what is staged has changed since it was checked ({changed[0]}); materialize staged_dataset again"
    if not _documents(settings.staging):
        return "no document is left to publish: see why in judged_documents"
    return None


def _documents(output: Path) -> int:
    """How many documents the dataset in a folder has; none where there is no dataset."""
    files = (output / "dataset" / "data").glob("documents-*.parquet")
    return sum(pq.read_metadata(file).num_rows for file in files)


ASSETS: Sequence[dg.AssetsDefinition] = (
    raw_documents,
    stage_tables,
    judged_documents,
    staged_dataset,
    published_dataset,
    report,
)
