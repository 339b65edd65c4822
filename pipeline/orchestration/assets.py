"""The assets: what stands on disk after each step of the way from raw files to a published dataset.

Here belongs which asset there is, what it depends on, and what the UI says about it. How anything is made belongs in
the modules that are called.
"""

# Dagster reads the annotations themselves: their evaluation is not postponed here.

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq

from pipeline import columns, recipe
from pipeline.ledger import JUDGED_DOCUMENTS, RAW_DOCUMENTS, judge_documents, write_inputs
from pipeline.orchestration import previews
from pipeline.orchestration.checks import unmet
from pipeline.orchestration.folders import Folders
from pipeline.orchestration.reporting import Reporter
from pipeline.publish import check_writable, publish
from pipeline.sources.files import BadInput, Input, find_inputs
from pipeline.stages import AssetReport, write_stages
from pipeline.staging import stage_dataset
from pipeline.text import name_of
from pipeline.visible import visible

RAW, STAGES, DATASET = "raw", "stages", "dataset"  # groups, in the order of the way

EXAMPLES = 20
"""How many documents are named for each reason for which some were set aside."""

BAD_INPUT = "bad input"
"""The metadata of a failure that is no defect and no failed check: the user named something that cannot be used."""

_DOES_AND_DOES_NOT = {
    "decode": """Reads the bytes of each document as text, exactly and both ways: the encoding is found for each stretch
        of the file, and bytes that no encoding explains are kept beside the text. It flags characters
        that an earlier conversion lost, and invents none. It does not touch line ends, punctuation or script.""",
    "reconcile": """Resolves merge conflicts that were committed into a document: equal sides, an empty side, all styles
        of markers. It does not touch documents that are about git, and where two sides differ in prose it says so with
        a flag.""",
    "convert": """Takes out control characters, unifies line ends, removes pinyin that a conversion put behind
        characters, and turns Traditional into Simplified where a document is Traditional. It does not rewrite
        vocabulary, and leaves text alone that is Simplified already.""",
    "split": """Cuts title, source, dates, names and labels out of the body and reads them; removes page furniture,
        masks personal data, restores full-width punctuation where it had been folded, finds sections. It does not
        guess: what the document does not state stays empty.""",
}


def _said(text: str) -> str:
    return " ".join(text.split())


@contextmanager
def _bad_input_said() -> Iterator[None]:
    """What the user named and cannot be worked with is no defect: the run fails with that one line, without a trace."""
    try:
        yield
    except BadInput as error:
        metadata = {BAD_INPUT: True}
        raise dg.Failure(description=visible(str(error)), metadata=metadata, allow_retries=False) from error


@lru_cache(maxsize=1)
def _inputs(raw: Path, run: str) -> tuple[Input, ...]:
    """The inputs as one run sees them: to find them, every file is read and hashed, which is enough once."""
    del run
    return tuple(find_inputs(raw))


@dg.asset(
    group_name=RAW,
    kinds={"python", "parquet"},
    description=_said(
        """The files below the raw folder as they were found: one row each, with size and SHA-256. Links that lead out
        of the folder, and files that cannot be read, have a row and a reason. It does not alter any of them."""
    ),
    metadata={"dagster/column_schema": previews.column_schema(RAW_DOCUMENTS)},
)
def raw_documents(
    context: dg.AssetExecutionContext, folders: Folders, reporter: dg.ResourceParam[Reporter]
) -> dg.MaterializeResult[None]:
    """Find the inputs and write them down."""
    say = reporter.begin("Finding files", context.log)
    with _bad_input_said():
        check_writable(folders.output_folder, raw=folders.raw_folder)
        inputs = _inputs(folders.raw_folder, context.run.run_id)
        write_inputs(inputs, folders.output_folder)
    say(len(inputs), len(inputs))
    refused = Counter(found.reason for found in inputs if found.reason is not None)
    kinds = Counter(Path(found.raw_path).suffix.lower() or "none" for found in inputs)
    return dg.MaterializeResult(
        metadata=previews.stated(
            {
                "dagster/row_count": len(inputs),
                "raw folder": previews.place(folders.raw_folder.absolute()),
                "bytes": sum(found.bytes or 0 for found in inputs),
                "files by suffix": previews.table(("suffix", "files"), kinds.most_common()),
                "set aside by reason": previews.by_reason(refused),
            }
        )
    )


@dg.multi_asset(
    name="stages",
    can_subset=True,
    specs=[
        dg.AssetSpec(
            stage.asset,
            deps=["raw_documents" if number == 0 else recipe.STAGES[number - 1].asset],
            group_name=STAGES,
            kinds={"python", "parquet"},
            skippable=True,
            code_version=recipe.fingerprint()[:12],
            description=_said(_DOES_AND_DOES_NOT.get(stage.name, stage.sentence)),
            metadata={
                "dagster/column_schema": previews.column_schema(columns.STAGE_TABLES[stage.asset]),
                "steps": ", ".join(name_of(step) for step in (*stage.steps, *stage.readers)),
            },
        )
        for number, stage in enumerate(recipe.STAGES)
    ],
)
def stage_tables(
    context: dg.AssetExecutionContext, folders: Folders, reporter: dg.ResourceParam[Reporter]
) -> Iterator[dg.MaterializeResult[None]]:
    """Take every input through the stages in memory, as far as the last one asked for, and write those asked for."""
    chosen = [stage.asset for stage in recipe.STAGES if dg.AssetKey(stage.asset) in context.selected_asset_keys]
    say = reporter.begin("Cleaning documents", context.log)
    with _bad_input_said():
        check_writable(folders.output_folder, raw=folders.raw_folder)
        inputs = _inputs(folders.raw_folder, context.run.run_id)
        reports = write_stages(inputs, folders.output_folder, assets=chosen, progress=say)
    names = ["raw_documents", *(stage.asset for stage in recipe.STAGES)]
    for asset in chosen:
        yield dg.MaterializeResult(
            asset_key=asset,
            metadata=_of_stage(reports[asset], folders.output_folder, before=names[names.index(asset) - 1]),
        )


def _of_stage(report: AssetReport, output: Path, *, before: str) -> dict[str, Any]:
    return previews.stated(
        {
            "dagster/row_count": report.rows,
            "folder": previews.place((output / "stages" / report.asset).absolute()),
            "texts in": report.texts_in,
            "texts out": report.texts_out,
            "edits": sum(report.edits.values()),
            "set aside": sum(report.set_aside.values()),
            "preview": previews.preview(report.preview, before=before, after=report.asset),
            "edits by rule": previews.by_rule(report.edits),
            "set aside by reason": previews.by_reason(report.set_aside),
            "flags": previews.by_flag(report.flags),
        }
    )


@dg.asset(
    deps=[recipe.STAGES[0].asset, recipe.STAGES[-1].asset],
    group_name=STAGES,
    kinds={"python", "parquet"},
    description=_said(
        """What becomes of each document: published, a duplicate of another one, or set aside with a reason. The same
        bytes or the same cleaned text make a duplicate; the earliest stands for all. It does not judge contents: a
        document is set aside where it is no text, is in another language, or has hardly anything left."""
    ),
    metadata={"dagster/column_schema": previews.column_schema(JUDGED_DOCUMENTS)},
)
def judged_documents(folders: Folders) -> dg.MaterializeResult[None]:
    """Decide what becomes of each input, and write it down."""
    with _bad_input_said():
        judged = judge_documents(folders.output_folder)
    statuses = Counter(row.status for row in judged)
    reasons = Counter(row.reason for row in judged if row.reason is not None)
    # Few of each reason, so that every reason has its examples.
    refused = [
        (row.raw_path, row.reason, row.detail)
        for reason in sorted(reasons)
        for row in islice((row for row in judged if row.reason == reason), EXAMPLES)
    ]
    return dg.MaterializeResult(
        metadata=previews.stated(
            {
                "dagster/row_count": len(judged),
                **{status: statuses[status] for status in columns.FILE_STATUSES},
                "set aside by reason": previews.by_reason(reasons),
                "set aside": previews.table(("raw_path", "reason", "detail"), refused),
            }
        )
    )


@dg.asset(
    deps=["judged_documents", *(stage.asset for stage in recipe.STAGES)],
    group_name=DATASET,
    kinds={"parquet", "json"},
    description=_said(
        """The dataset, written whole, beside the published one: documents, sections, edits, files and quarantine as
        Parquet, documents as JSON lines, a card, checksums. Personal data is masked in every table. It is not
        published: the checks read these very files first."""
    ),
    metadata={"dagster/column_schema": previews.column_schema(columns.TABLES["documents"])},
)
def staged_dataset(
    context: dg.AssetExecutionContext, folders: Folders, reporter: dg.ResourceParam[Reporter]
) -> dg.MaterializeResult[None]:
    """Write the dataset to be checked."""
    say = reporter.begin("Writing the dataset", context.log)
    with _bad_input_said():
        staged = stage_dataset(folders.output_folder, progress=say)
    account = staged.account
    return dg.MaterializeResult(
        metadata=previews.stated(
            {
                "dagster/row_count": account.published,
                "folder": previews.place(staged.dataset.absolute()),
                "inputs": account.inputs,
                "published": account.published,
                "duplicates": account.duplicates,
                "set aside": account.quarantined,
                "characters": account.characters,
                "characters masked": account.withheld_chars,
                "rows": previews.table(("table", "rows"), sorted(account.rows.items())),
                "languages": previews.table(("language", "documents"), sorted(account.languages.items())),
                "kinds of document": previews.table(("kind", "documents"), sorted(account.doc_types.items())),
                "encodings": previews.table(("encoding", "files"), sorted(account.encodings.items())),
                "set aside by reason": previews.by_reason(account.reasons),
                "edits by rule": previews.by_rule(account.rules),
                "flags": previews.by_flag(account.flags),
            }
        )
    )


@dg.asset(
    deps=["staged_dataset"],
    group_name=DATASET,
    kinds={"parquet", "json"},
    description=_said(
        """The dataset in output/dataset, for everybody to read. It takes the place of the former one whole or not at
        all, and only once every blocking check of the staged dataset has passed; where one failed, the former dataset
        stays as it is."""
    ),
    metadata={"dagster/column_schema": previews.column_schema(columns.TABLES["documents"])},
)
def published_dataset(folders: Folders) -> dg.MaterializeResult[None]:
    """Put the staged dataset in the place of the published one."""
    missing = unmet(folders.staging)
    if missing:
        message = (
            f"{', '.join(missing)} did not pass on what is staged; materialize staged_dataset again, with its checks"
        )
        raise dg.Failure(description=message, allow_retries=False)
    if not _documents(folders.staging) and _documents(folders.output_folder):
        message = "no document is left to publish, and the former dataset has some: see why in judged_documents"
        raise dg.Failure(description=message, allow_retries=False)
    with _bad_input_said():
        dataset = publish(folders.staging, folders.output_folder)
    files = sorted(path for path in dataset.rglob("*") if path.is_file())
    listing = ((path.relative_to(dataset).as_posix(), path.stat().st_size) for path in files)
    query = f"SELECT * FROM '{(dataset / 'data').absolute()}/documents-*.parquet'"  # noqa: S608  shown, not run
    return dg.MaterializeResult(
        metadata={
            "folder": previews.place(dataset.absolute()),
            "read it": dg.MetadataValue.md(f"With DuckDB: {previews.as_code(query)}"),
            "files": previews.table(("file", "bytes"), listing),
        }
    )


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
)
