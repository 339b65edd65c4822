"""All inputs through the stages, batch by batch, and each stage's table on disk.

Here belongs how batches are cut, taken through :func:`pipeline.recipe.clean` in memory and written, shard by shard, so
that shard n of every stage table holds the same inputs in the same order. What a stage does belongs in
:mod:`pipeline.recipe`.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyarrow.parquet as pq

from pipeline import __version__, columns, recipe, tables
from pipeline.document import rebuild
from pipeline.engines import local
from pipeline.options import PRESET, Choices
from pipeline.redaction import MASK
from pipeline.script.package import dictionary_fingerprint
from pipeline.sources.files import BadInput, read_input
from pipeline.sources.members import Unreadable
from pipeline.steps.personal_data import find_personal_data
from pipeline.text import View

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.document import Document
    from pipeline.sources.files import Input, Run
    from pipeline.tables import Record

BATCH_DOCUMENTS = 500
BATCH_BYTES = 8 * 1024 * 1024
"""A batch is taken through all stages in memory, where it needs about twenty times its bytes."""

ENDED = "it ended the process that cleaned it, each time that was tried"
"""What is said of a document that nothing else can be said of."""

PREVIEW_ROWS = 3
PREVIEW_CHARACTERS = 80
PREVIEW_LEAD, PREVIEW_CONTEXT = 20, 100
"""How many characters of a preview stand before the first edit. Dagster shows Markdown of up to 1,000 characters where
it stands, and hides what is longer behind a button: a few documents with short names fit."""

Progress: TypeAlias = "Callable[[int, int], None]"
"""Called now and then with how many inputs are done, and how many there are."""


class Preview(NamedTuple):
    """One document before and after a stage: up to 80 characters each, from a little before the first edit.

    `edits` is how many the stage made in the whole document: those with most are shown.
    """

    raw_path: str
    before: str
    after: str
    edits: int


@dataclass(slots=True)
class AssetReport:
    """What one stage did.

    `rows` counts inputs; `texts_in` and `texts_out` those with a text before and after the stage; `edits` counts by
    rule, `set_aside` by reason what this very stage set aside (the first one also what could not be read), `flags` by
    flag the documents that have it by then.
    """

    asset: str
    rows: int = 0
    texts_in: int = 0
    texts_out: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    preview: list[Preview] = field(default_factory=list)

    def add(self, other: AssetReport) -> None:
        """Take up the report of another batch."""
        self.rows += other.rows
        self.texts_in += other.texts_in
        self.texts_out += other.texts_out
        self.edits.update(other.edits)
        self.set_aside.update(other.set_aside)
        self.flags.update(other.flags)
        self.preview = _most_changed([*self.preview, *other.preview])


class Batch(NamedTuple):
    """Some inputs, which become shard `number` of each stage table."""

    number: int
    inputs: tuple[Input, ...]


def in_batches(
    inputs: Iterable[Input], *, documents: int = BATCH_DOCUMENTS, size_bytes: int = BATCH_BYTES
) -> Iterator[Batch]:
    """The inputs in batches of at most so many documents and bytes; one that is larger makes a batch of its own.

    >>> from pathlib import Path
    >>> from pipeline.sources.files import Input
    >>> inputs = [Input(name, Path(name), 6, "") for name in "abc"]
    >>> [[found.raw_path for found in batch.inputs] for batch in in_batches(inputs, size_bytes=12)]
    [['a', 'b'], ['c']]
    """
    number, size = 0, 0
    batch: list[Input] = []
    for found in inputs:
        of_this = found.bytes or 0 if found.reason is None else 0
        if batch and (len(batch) == documents or size + of_this > size_bytes):
            yield Batch(number, tuple(batch))
            number, size = number + 1, 0
            batch = []
        batch.append(found)
        size += of_this
    if batch:
        yield Batch(number, tuple(batch))


def write_stages(
    inputs: Sequence[Input],
    output: Path,
    *,
    assets: Collection[str],
    choices: Choices = PRESET,
    progress: Progress | None = None,
    run: Run = local.run,
) -> dict[str, AssetReport]:
    """Take the inputs through the stages, as far as the last of `assets`, and write those tables below output/stages.

    `assets` are names of :data:`pipeline.columns.STAGE_TABLES`; a table that is not named is left as it lies there.
    Each table named is replaced whole, once every shard of it has been written; an interrupted run leaves the old ones.
    A document that cannot be cleaned is a row with a reason, never an error of the run. `run` is an engine's; the same
    bytes are written whichever it is.

    Raises ValueError for an unknown asset, and :class:`pipeline.sources.files.BadInput` where an engine works on a
    machine that does not see `output`, or has another recipe.
    """
    unknown = set(assets) - set(columns.STAGE_TABLES)
    if unknown:
        message = f"there is no stage table {', '.join(sorted(unknown))}; there are {', '.join(columns.STAGE_TABLES)}"
        raise ValueError(message)
    chosen = [stage.asset for stage in recipe.STAGES if stage.asset in assets]
    reports = {asset: AssetReport(asset) for asset in chosen}
    if not chosen:
        return reports
    stages = output / "stages"
    # Absolute: an engine may work in another folder.
    fresh = {asset: (stages / f".{asset}.fresh").absolute() for asset in chosen}
    for folder in fresh.values():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    done = 0
    cleaning = Cleaning(fresh, choices, recipe.fingerprint(choices))
    for batch_reports in run(cleaning, in_batches(inputs), rescue=without_ended):
        for asset, report in batch_reports.items():
            reports[asset].add(report)
        done += batch_reports[chosen[0]].rows
        if progress is not None:
            progress(done, len(inputs))
    for asset, folder in fresh.items():
        _replace(stages / asset, folder)
    return reports


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done with each batch, wherever that is: :func:`write_batch`, with the recipe of who asked for it."""

    folders: Mapping[str, Path]
    choices: Choices
    recipe_fingerprint: str

    def __call__(self, batch: Batch) -> dict[str, AssetReport]:
        """Write the batch's shard of each table.

        Raises :class:`pipeline.sources.files.BadInput` on a machine that does not see the folders, or where the
        pipeline is another one.
        """
        if recipe.fingerprint(self.choices) != self.recipe_fingerprint:
            message = f"the pipeline on {platform.node()!r} is another one: install the same release on every machine"
            raise BadInput(message)
        for folder in self.folders.values():
            if not folder.is_dir():
                message = (
                    f"{platform.node()!r} does not see {str(folder.parent.parent)!r}: "
                    "name a folder that every machine has under that name (--output DIR)"
                )
                raise BadInput(message)
        return write_batch(batch, folders=self.folders, choices=self.choices)


def without_ended(batch: Batch, survives: Callable[[Batch], bool]) -> Batch:
    """The batch again, with those of its inputs set aside that end the process which cleans them.

    >>> from pathlib import Path
    >>> from pipeline.sources.files import Input
    >>> batch = Batch(0, tuple(Input(name, Path(name), 6, "") for name in "abc"))
    >>> rescued = without_ended(batch, lambda one: one.inputs[0].raw_path != "b")
    >>> [one.reason for one in rescued.inputs]
    [None, 'step_failed', None]

    Their keys are others then: where tables are used again, these documents are not, and get another try.
    """
    return batch._replace(
        inputs=tuple(
            one if survives(Batch(batch.number, (one,))) else one._replace(reason="step_failed", detail=ENDED)
            for one in batch.inputs
        )
    )


def write_batch(batch: Batch, *, folders: Mapping[str, Path], choices: Choices = PRESET) -> dict[str, AssetReport]:
    """Clean one batch and write its shard of each table into the folder given for it."""
    assets = [stage.asset for stage in recipe.STAGES if stage.asset in folders]
    through = next(stage.name for stage in reversed(recipe.STAGES) if stage.asset in folders)
    records, heads = [], []
    for found in batch.inputs:
        one, head = _cleaned(found, through, choices)
        records.append(one)
        heads.append(head)
    records, laid_out = tables.laid_out(records, assets=assets)
    metadata = {
        **table_metadata(choices),
        # The same for the same inputs in the same order: the shards of one number belong together where this agrees.
        "inputs": hashlib.sha256(repr([one.input_key for one in records]).encode()).hexdigest(),
    }
    for asset, table in laid_out.items():
        file = folders[asset] / f"part-{batch.number:05}.parquet"
        pq.write_table(table.replace_schema_metadata(metadata), file, **tables.PARQUET)
    return {asset: _report(asset, records, heads) for asset in assets}


def table_metadata(choices: Choices = PRESET) -> dict[str, str]:
    """What every Parquet file says about how it was made: versions, fingerprints, and each choice that is no preset."""
    return {
        "schema_version": columns.SCHEMA_VERSION,
        "pipeline_version": __version__,
        "recipe_fingerprint": recipe.fingerprint(choices),
        "options": json.dumps(choices.changed, sort_keys=True),
        "opencc_dictionary_fingerprint": dictionary_fingerprint(),
        "offset_unit": "Unicode code points",
    }


def _cleaned(found: Input, through: str, choices: Choices) -> tuple[Record, str]:
    """The record of one input, and how its bytes begin."""
    try:
        content = read_input(found)
    except Unreadable as error:
        return tables.unread(found, detail=str(error)), ""
    head = repr(content[:PREVIEW_CHARACTERS])[2:-1][:PREVIEW_CHARACTERS]
    try:
        document = recipe.clean(
            content,
            source=found.raw_path,
            through=through,
            choices=choices,
            header=found.header,
            encoding=found.encoding,
        )
        one = tables.record(found, document)
        problem = None if one.verdict.reason == "step_failed" else _loss(document, content)
    except Exception as error:  # noqa: BLE001  a defect must not stop the run: this one document is set aside
        problem = f"{type(error).__name__}: {error}"
    return (tables.unread(found, reason="step_failed", detail=problem) if problem else one), head


def _loss(document: Document, content: bytes) -> str | None:
    try:
        same = rebuild(document) == content
    except ValueError as error:
        return f"the account of its changes does not lead back to its bytes: {error}"
    return None if same else "the account of its changes does not lead back to its bytes"


def _report(asset: str, records: Sequence[Record], heads: Sequence[str]) -> AssetReport:
    number = next(n for n, stage in enumerate(recipe.STAGES) if stage.asset == asset)
    stage = recipe.STAGES[number].name
    before = recipe.STAGES[number - 1].name if number else None
    here = {stage, "read" if before is None else stage}
    report = AssetReport(asset, rows=len(records))
    for one, head in zip(records, heads, strict=True):
        text = one.texts.get(stage)
        given = text is not None or one.verdict.stage in here
        report.texts_in += given if before is None else before in one.texts
        if not one.verdict.accepted and one.verdict.stage in here:
            report.set_aside[str(one.verdict.reason)] += 1
        if text is None:
            continue
        report.texts_out += 1
        report.flags.update(one.flags.get(stage, ()))
        passes = one.passes.get(stage, ())
        for done in passes:
            counts = Counter(done.layer.rule_codes.tolist())
            report.edits.update({done.layer.rules[code]: count for code, count in counts.items()})
        old = head if before is None else one.texts[before]
        at = max(0, int(passes[0].layer.starts[0]) - PREVIEW_LEAD) if passes and before is not None else 0
        there = at
        for done in passes if before is not None else ():
            there, _ = done.layer.onward((there, there))
        row = Preview(
            one.raw_path,
            _shown(old, at),
            _shown(text, there),
            sum(len(done.layer) for done in passes),
        )
        report.preview = _most_changed([*report.preview, row])
    return report


def _shown(text: str, at: int) -> str:
    """A stretch of a text as a person may see it: personal data is masked, as far as some context tells it."""
    first = max(0, at - PREVIEW_CONTEXT)
    context = text[first : at + PREVIEW_CHARACTERS + PREVIEW_CONTEXT]
    for finding in find_personal_data(View(context)).findings:
        start, end = finding.span
        context = context[:start] + MASK * (end - start) + context[end:]
    return context[at - first : at - first + PREVIEW_CHARACTERS]


def _most_changed(rows: list[Preview]) -> list[Preview]:
    """A few of the documents, those with most edits first; among equals, those that were there before."""
    return sorted(rows, key=lambda row: -row.edits)[:PREVIEW_ROWS]


def _replace(old: Path, fresh: Path) -> None:
    """Put a folder in the place of another; there is no moment at which only a part is there."""
    former = old.with_name(f".{old.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    if old.exists():
        old.replace(former)
    fresh.replace(old)
    shutil.rmtree(former, ignore_errors=True)
