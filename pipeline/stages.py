"""All inputs through the stages, batch by batch, and each stage's table on disk.

Here belongs how batches are cut, taken through :func:`pipeline.recipe.clean` in memory and written, shard by shard, so
that shard n of every stage table holds the same inputs in the same order. What a stage does belongs in
:mod:`pipeline.recipe`, what of a former build is as good as new in :mod:`pipeline.former_shards`.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow.parquet as pq

from pipeline import __version__, columns, recipe, tables
from pipeline.checksums import digest
from pipeline.document import Verdict, rebuild
from pipeline.engines import local
from pipeline.former_shards import Former, Shard, Table, carry, read_shard
from pipeline.options import MAXIMUM_SECONDS, PRESET, Choices
from pipeline.parts import SHARD
from pipeline.redaction import masked
from pipeline.restoring import restored
from pipeline.script.package import dictionary_fingerprint
from pipeline.sources.files import BadInput, read_input
from pipeline.sources.members import Unreadable
from pipeline.stage_fingerprints import stage_fingerprints
from pipeline.steps.personal_data import personal_data_in
from pipeline.time_limit import KILLED, OutOfTime, time_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from pipeline.document import Document
    from pipeline.sources.files import Input, Run
    from pipeline.tables import Record

BATCH_DOCUMENTS = 400
BATCH_BYTES = 4 * 1024 * 1024
"""So many documents fill a batch, or so many bytes, or half of either: that is its load of one.

A batch has a load of about one, a quarter at least and two at most. It is taken through all stages in memory, where it
needs about twenty times its bytes: with the largest, 160 MB a process.
"""

LEAST_LOAD, MOST_LOAD = 0.25, 2.0

PATIENCE = 4
"""So many times the processor time that a document has, a batch may take by the clock, before its process is ended."""

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
    flag the documents that have it by then. `reused` counts the inputs whose rows a former build has written.
    """

    asset: str
    rows: int = 0
    reused: int = 0
    texts_in: int = 0
    texts_out: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    preview: list[Preview] = field(default_factory=list)

    def add(self, other: AssetReport) -> None:
        """Take up the report of another batch."""
        self.rows += other.rows
        self.reused += other.reused
        self.texts_in += other.texts_in
        self.texts_out += other.texts_out
        self.edits.update(other.edits)
        self.set_aside.update(other.set_aside)
        self.flags.update(other.flags)
        self.preview = _most_changed([*self.preview, *other.preview])

    def written(self) -> dict[str, Any]:
        """The report as its shard keeps it."""
        return {name: getattr(self, name) for name in _WRITTEN}

    @classmethod
    def reused_from(cls, asset: str, written: Mapping[str, Any]) -> AssetReport:
        """The report that a shard has kept, whose rows are used again.

        >>> again = AssetReport.reused_from("a", AssetReport("a", rows=2, edits=Counter(b=1)).written())
        >>> again.rows, again.reused, again.edits
        (2, 2, Counter({'b': 1}))
        """
        values = {name: written[name] for name in _WRITTEN}
        values |= {name: Counter(values[name]) for name in ("edits", "set_aside", "flags")}
        values["preview"] = [Preview(*row) for row in values["preview"]]
        return cls(asset, reused=values["rows"], **values)


_WRITTEN = ("rows", "texts_in", "texts_out", "edits", "set_aside", "flags", "preview")


class Batch(NamedTuple):
    """Some inputs, which become shard `number` of each stage table; `former` has shards of them that are there.

    These are as this build would write them, but for what they say of how they were made, and of tables that are not
    asked for, too.
    """

    number: int
    inputs: tuple[Input, ...]
    former: Mapping[str, Former] = {}

    @property
    def file(self) -> str:
        """The name of its shard in each table: in the order of the inputs."""
        return f"part-{self.number:05}.parquet"


class Written(NamedTuple):
    """What came of a batch: what was done, and the SHA-256 of each file, by asset."""

    file: str
    reports: dict[str, AssetReport]
    sha256: dict[str, str]


def in_batches(
    inputs: Iterable[Input], *, documents: int = BATCH_DOCUMENTS, size_bytes: int = BATCH_BYTES
) -> Iterator[Batch]:
    """The inputs in batches, which are cut where an input's key says so: after one in so many documents and bytes.

    >>> from pathlib import Path
    >>> from pipeline.sources.files import Input
    >>> inputs = [Input(name, Path(name), 6, "") for name in "abcdefg"]
    >>> [[found.raw_path for found in batch.inputs] for batch in in_batches(inputs, documents=3)]
    [['a', 'b', 'c', 'd'], ['e', 'f', 'g']]
    >>> [[found.raw_path for found in batch.inputs] for batch in in_batches(inputs[1:], documents=3)]
    [['b', 'c', 'd'], ['e', 'f', 'g']]

    A file that is new, gone or changed so changes the batch that it is in, at most a few beside it, and not all behind
    it. An input that is larger than a batch makes one of its own, or ends one.
    """
    number, load = 0, 0.0
    batch: list[Input] = []
    for found in inputs:
        of_this = (found.bytes or 0 if found.reason is None else 0) / size_bytes + 1 / documents
        if batch and load + of_this > MOST_LOAD:
            yield Batch(number, tuple(batch))
            number, load = number + 1, 0.0
            batch = []
        batch.append(found)
        load += of_this
        if load >= LEAST_LOAD and int(found.key[:8], 16) / 16**8 < of_this:
            yield Batch(number, tuple(batch))
            number, load = number + 1, 0.0
            batch = []
    if batch:
        yield Batch(number, tuple(batch))


def write_stages(
    inputs: Sequence[Input],
    output: Path,
    *,
    assets: Collection[str],
    choices: Choices = PRESET,
    workers: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    run: Run | None = None,
) -> dict[str, AssetReport]:
    """Take the inputs through the stages, as far as the last of `assets`, and write those tables below output/stages.

    `assets` are names of :data:`pipeline.columns.STAGE_TABLES`; a table that is not named is left as it lies there.
    Each table named is replaced whole, once every shard of it has been written; an interrupted run leaves the old ones.
    A document that cannot be cleaned is a row with a reason, never an error of the run.

    A shard that a former build has written of the same inputs is not made again, unless `fresh` is asked for, where
    code and choices are the same as far as its stage: documents are taken up from the last such table. So it is with
    one that an interrupted run had finished. `workers` processes clean documents, 0 is one for each core; without a
    number it is this process, which a document may end. `run` is that of another engine, which has processes of its
    own. None of these changes a byte of the tables.

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
    # Absolute: another process may work elsewhere.
    written_to = {asset: Table((output / "stages" / asset).absolute()) for asset in chosen}
    for table in written_to.values():
        table.begin()
    made = Made(table_metadata(choices), stage_fingerprints(__name__, choices))
    batches = list(in_batches(inputs))
    if not fresh:
        batches = _with_former(batches, output, made)
    seconds = MAXIMUM_SECONDS.default
    if run is None:
        # To carry over what is there, in this process, takes less time than another one takes to start.
        is_work = any(not batch.former.keys() >= written_to.keys() for batch in batches)
        limit = partial(_of_batch, seconds=PATIENCE * seconds)
        apart = partial(local.run, workers=workers, apart=True, seconds=limit) if workers is not None else local.run
        run = apart if is_work else local.run
    folders = {asset: table.fresh for asset, table in written_to.items()}
    cleaning = Cleaning(partial(write_batch, folders=folders, made=made, choices=choices, seconds=seconds))
    done = 0
    with closing(run(cleaning, batches, rescue=_without_killers)) as results:
        for written in results:
            for asset, report in written.reports.items():
                reports[asset].add(report)
                written_to[asset].finished(written.file, written.sha256[asset])
            done += written.reports[chosen[0]].rows
            if progress is not None:
                progress(done, len(inputs))
    for table in written_to.values():
        table.replace()
    return reports


class Made(NamedTuple):
    """How tables are made: what their files say of it, and the fingerprint of what decides about each, by asset."""

    metadata: Mapping[str, str]
    made_by: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is done with each batch, wherever that is: :func:`write_batch`, with the recipe of who asked for it."""

    write: partial[Written]

    def __call__(self, batch: Batch) -> Written:
        """Write the batch's shard of each table.

        Raises :class:`pipeline.sources.files.BadInput` on a machine that does not see the folders, or where the
        pipeline is another one.
        """
        made, choices = self.write.keywords["made"], self.write.keywords["choices"]
        if recipe.fingerprint(choices) != made.metadata["recipe_fingerprint"]:
            message = f"the pipeline on {platform.node()!r} is another one: install the same release on every machine"
            raise BadInput(message)
        for folder in self.write.keywords["folders"].values():
            if not folder.is_dir():
                message = (
                    f"{platform.node()!r} does not see {str(folder.parent.parent)!r}: "
                    "name a folder that every machine has under that name (--output DIR)"
                )
                raise BadInput(message)
        return self.write(batch)


def write_batch(
    batch: Batch,
    *,
    folders: Mapping[str, Path],
    made: Made,
    choices: Choices = PRESET,
    seconds: int = MAXIMUM_SECONDS.preset,
) -> Written:
    """Clean one batch and write its shard of each table into the folder given for it; a former one is carried over.

    Documents are taken up from the former shards of the first stages, as many as there are. Where something fails then,
    the batch is cleaned from its bytes, with nothing former: whatever is to be said of that is said in every table. A
    document has so many `seconds` of processor time, and as many again for each 4 MB of it.
    """
    former = _read_former(batch)
    to_make = [stage.asset for stage in recipe.STAGES if stage.asset in folders and stage.asset not in former]
    said: dict[str, AssetReport] = {}
    sha256: dict[str, str] = {}
    if to_make:
        through = next(stage.name for stage in recipe.STAGES if stage.asset == to_make[-1])
        reached = {asset: former[asset].rows() for asset in takewhile(former.__contains__, columns.STAGE_TABLES)}
        if reached:
            records, heads = _gone_on_with(batch.inputs, reached, through, choices, seconds), [""] * len(batch.inputs)
        else:
            records, heads = _cleaned_batch(batch.inputs, through, choices, seconds)
        records, laid_out = tables.laid_out(records, assets=to_make)
        will_last = all(map(_will_last, batch.inputs, records))
        if reached and not will_last:
            return write_batch(batch._replace(former={}), folders=folders, made=made, choices=choices, seconds=seconds)
        for asset, table in laid_out.items():
            said[asset] = _report(asset, records, heads)
            made_by = made.made_by[asset] if will_last else None
            shard = json.dumps({"made_by": made_by, "report": said[asset].written()}, sort_keys=True)
            metadata = {**made.metadata, "inputs": inputs_digest(batch.inputs), SHARD: shard}
            file = folders[asset] / batch.file
            file.unlink(missing_ok=True)  # what is linked to it elsewhere is not written to
            pq.write_table(table.replace_schema_metadata(metadata), file, **tables.PARQUET)
            sha256[asset] = digest(file)
    for asset in folders.keys() - said.keys():
        said[asset] = AssetReport.reused_from(asset, former[asset].report)
        sha256[asset] = carry(former[asset], folders[asset] / batch.file, metadata=made.metadata)
    return Written(batch.file, {asset: said[asset] for asset in folders}, sha256)


def _read_former(batch: Batch) -> dict[str, Shard]:
    """The former shards of a batch that are as they were written, by asset."""
    read = {
        asset: read_shard(former, rows=len(batch.inputs), layout=columns.schema(columns.STAGE_TABLES[asset]))
        for asset, former in batch.former.items()
    }
    return {asset: shard for asset, shard in read.items() if shard is not None}


def _cleaned_batch(
    inputs: Sequence[Input], through: str, choices: Choices, seconds: int
) -> tuple[list[Record], list[str]]:
    """The record of each input, and how its bytes begin."""
    records, heads = [], []
    for found in inputs:
        one, head = _cleaned(found, through, choices, seconds=_seconds(seconds, found))
        records.append(one)
        heads.append(head)
    return records, heads


def _gone_on_with(
    inputs: Sequence[Input], reached: Mapping[str, pa.Table], through: str, choices: Choices, seconds: int
) -> list[Record]:
    """The record of each input, from the tables of the first stages on."""
    return [
        tables.Record(found.raw_path, document, found.key)
        if isinstance(document, Verdict)
        else _recorded(
            found,
            partial(recipe.go_on, document, through=through, choices=choices),
            seconds=_seconds(seconds, found),
        )
        for found, document in zip(inputs, restored(reached), strict=True)
    ]


def _will_last(found: Input, one: Record) -> bool:
    """What went wrong in this run need not in the next one: a disk or a network that failed, memory that was short."""
    went_wrong = one.verdict.stage == "read" or one.verdict.reason == "step_failed"
    return one.verdict.accepted or found.reason is not None or not went_wrong


def inputs_digest(inputs: Sequence[Input]) -> str:
    """The same for the same inputs in the same order: the shards of one number belong together where this agrees."""
    return hashlib.sha256(repr([found.key for found in inputs]).encode()).hexdigest()


def _with_former(batches: Sequence[Batch], output: Path, made: Made) -> list[Batch]:
    """The batches, each with those shards of a former build that hold its inputs."""
    there = {
        asset: Table((output / "stages" / asset).absolute()).former_shards(made_by)
        for asset, made_by in made.made_by.items()
    }
    found = []
    for batch in batches:
        inputs = inputs_digest(batch.inputs)
        former = {asset: shards[inputs] for asset, shards in there.items() if inputs in shards}
        found.append(batch._replace(former=former))
    return found


def _without_killers(batch: Batch, survives: Callable[[Batch], bool]) -> Batch:
    """A batch in which those documents are set aside that kill the process which cleans them alone."""
    alone = ((found, batch._replace(inputs=(found,), former={})) for found in batch.inputs)
    inputs = [found if survives(one) else found._replace(reason="step_failed", detail=KILLED) for found, one in alone]
    return batch._replace(inputs=tuple(inputs), former={})


def _seconds(seconds: int, *inputs: Input) -> float:
    """How long some documents may take: the longer, the larger they are."""
    return seconds * (1 + sum(found.bytes or 0 for found in inputs) / BATCH_BYTES)


def _of_batch(batch: Batch, *, seconds: int) -> float:
    return _seconds(seconds, *batch.inputs)


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


def _cleaned(found: Input, through: str, choices: Choices, *, seconds: float) -> tuple[Record, str]:
    """The record of one input, and how its bytes begin."""
    try:
        content = read_input(found)
    except Unreadable as error:
        return tables.unread(found, detail=str(error)), ""
    head = repr(content[:PREVIEW_CHARACTERS])[2:-1][:PREVIEW_CHARACTERS]
    clean = partial(
        recipe.clean,
        content,
        source=found.raw_path,
        through=through,
        choices=choices,
        header=found.header,
        encoding=found.encoding,
    )
    return _recorded(found, clean, seconds=seconds), head


def _recorded(found: Input, clean: Callable[[], Document], *, seconds: float) -> Record:
    """The record of an input, whose document is what `clean` makes."""
    try:
        with time_limit(seconds):
            document = clean()
            one = tables.record(found, document)
            problem = None if one.verdict.reason == "step_failed" else _loss(document)
    except OutOfTime as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001  a defect must not stop the run: this one document is set aside
        problem = f"{type(error).__name__}: {error}"
    return tables.unread(found, reason="step_failed", detail=problem) if problem else one


def _loss(document: Document) -> str | None:
    try:
        same = hashlib.sha256(rebuild(document)).hexdigest() == document.raw_sha256
    except ValueError as error:
        return f"the account of its changes does not lead back to its bytes: {error}"
    return None if same else "the account of its changes does not lead back to its bytes"


def _report(asset: str, records: Sequence[Record], heads: Sequence[str]) -> AssetReport:
    number = next(n for n, stage in enumerate(recipe.STAGES) if stage.asset == asset)
    stage = recipe.STAGES[number].name
    before = recipe.STAGES[number - 1].name if number else None
    here = {stage, "read" if before is None else stage}
    report = AssetReport(asset, rows=len(records))
    with_text: list[tuple[Record, str]] = []
    for one, head in zip(records, heads, strict=True):
        given = stage in one.texts or one.verdict.stage in here
        report.texts_in += given if before is None else before in one.texts
        if not one.verdict.accepted and one.verdict.stage in here:
            report.set_aside[str(one.verdict.reason)] += 1
        if stage not in one.texts:
            continue
        with_text.append((one, head if before is None else one.texts[before]))
        report.flags.update(one.flags.get(stage, ()))
        for done in one.passes.get(stage, ()):
            counts = np.bincount(done.layer.rule_codes, minlength=len(done.layer.rules)).tolist()
            report.edits.update({rule: n for rule, n in zip(done.layer.rules, counts, strict=True) if n})
    report.texts_out = len(with_text)
    with_text.sort(key=lambda pair: -_edit_count(pair[0], stage))
    report.preview = [_preview(one, stage, old, first=before is None) for one, old in with_text[:PREVIEW_ROWS]]
    return report


def _edit_count(one: Record, stage: str) -> int:
    return sum(len(done.layer) for done in one.passes.get(stage, ()))


def _preview(one: Record, stage: str, old: str, *, first: bool) -> Preview:
    """What a stage did to a document, from a little before its first edit; what the first stage was given is bytes."""
    passes = () if first else one.passes.get(stage, ())
    at = max(0, int(passes[0].layer.starts[0]) - PREVIEW_LEAD) if passes else 0
    there = at
    for done in passes:
        there, _ = done.layer.onward((there, there))
    return Preview(one.raw_path, _shown(old, at), _shown(one.texts[stage], there), _edit_count(one, stage))


def _shown(text: str, at: int) -> str:
    """A stretch of a text as a person may see it: personal data is masked, as far as some context tells it."""
    first = max(0, at - PREVIEW_CONTEXT)
    context = text[first : at + PREVIEW_CHARACTERS + PREVIEW_CONTEXT]
    context = masked(context, 0, ((one.start, one.end) for one in personal_data_in(context)))
    return context[at - first : at - first + PREVIEW_CHARACTERS]


def _most_changed(rows: list[Preview]) -> list[Preview]:
    """A few of the documents, those with most edits first; among equals, those that were there before."""
    return sorted(rows, key=lambda row: -row.edits)[:PREVIEW_ROWS]
