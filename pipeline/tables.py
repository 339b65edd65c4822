"""Documents laid out as Arrow tables: one row for every input in each stage's table, always with the exact schema.

Here belongs how a document becomes rows. Which columns there are is said in :mod:`pipeline.columns`; where tables lie
on disk is decided in :mod:`pipeline.stages` and :mod:`pipeline.staging`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline import columns
from pipeline.corpus.quality import STAGE as QUALITY
from pipeline.corpus.signatures import signature
from pipeline.document import Verdict
from pipeline.edits import Layer
from pipeline.recipe import STAGES
from pipeline.resolutions import resolutions
from pipeline.written_scripts import written_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.column import Column
    from pipeline.corpus.signatures import Signature
    from pipeline.document import Document
    from pipeline.edits import Span
    from pipeline.resolutions import Resolved
    from pipeline.sources.files import Input
    from pipeline.text import Finding
    from pipeline.written_scripts import WrittenScript

PARQUET: dict[str, Any] = {"compression": "zstd", "version": "2.6", "write_statistics": True}
"""How the files beside a dataset are written; those in it are for other readers (:mod:`pipeline.buckets`)."""

STAGE_ORDER = {"read": 0, **{stage.name: number for number, stage in enumerate(STAGES, 1)}, QUALITY: len(STAGES) + 1}
"""Where on the way a document can be set aside: before the first stage, in one, or after the last, by the verdict."""

RECONCILE = "reconcile"
"""The stage whose table keeps what became of merge conflicts."""

CONVERT = "convert"
"""The stage whose table keeps in which script each stretch was written."""

_REQUIRED_FIELDS = tuple(column.name for column in columns.SPLIT_COLUMNS if not column.nullable)


class Pass(NamedTuple):
    """One step's edits on one document: the position of the step's revision in the document, its name, the edits."""

    number: int
    step: str
    layer: Layer


@dataclass(frozen=True, slots=True)
class Record:
    """What the stage tables keep of one input: without the texts between the stages, so that many fit into memory."""

    raw_path: str
    verdict: Verdict
    input_key: str = ""
    raw_sha256: str | None = None
    bytes: int | None = None
    decoding: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    passes: Mapping[str, Sequence[Pass]] = field(default_factory=dict)
    flags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    text_sha256: str | None = None
    signature: Signature | None = None
    personal: Sequence[Span] = ()
    conflicts: Sequence[Resolved] = ()
    scripts: Sequence[WrittenScript] = ()

    def reason(self, stage: str) -> Verdict | None:
        """The verdict, where the document was set aside in this stage or before."""
        if self.verdict.accepted or STAGE_ORDER.get(self.verdict.stage, 0) > STAGE_ORDER[stage]:
            return None
        return self.verdict


def unread(found: Input, *, reason: str | None = None, detail: str = "") -> Record:
    """The record of an input that was not read; reason and detail are those of `found` where none are given.

    >>> from pathlib import Path
    >>> from pipeline.sources.files import Input
    >>> unread(Input("a", Path("a"), None, None, "unreadable", "a device, not a file")).verdict
    Verdict(reason='unreadable', detail='a device, not a file', stage='read')
    """
    verdict = Verdict(reason or found.reason or "unreadable", detail or found.detail, "read")
    return Record(found.raw_path, verdict, found.key, found.raw_sha256, found.bytes)


def record(found: Input, document: Document) -> Record:
    """The record of a document, as far as the stages have brought it.

    That its quality was refused is no part of it: whoever judges the tables does so by the columns of its row. A
    document whose texts or findings are no UTF-8 or whose required fields are not all there cannot be laid out: it is
    recorded as set aside by the stage in which that shows, with the reason `step_failed`.
    """
    texts: dict[str, str] = {}
    passes: dict[str, list[Pass]] = {}
    flags: dict[str, Sequence[str]] = {}
    findings: dict[str, Sequence[Finding]] = {}
    verdict, seen, done, text_sha256, signed = document.verdict, 0, 0, None, None
    if verdict.stage == QUALITY:
        verdict = Verdict()  # judged once more by the tables, with whatever limits hold then
    reached = [stage.name for stage in STAGES if stage.name in document.depths]
    for stage in reached:
        text, depth = document.text_after(stage) or "", document.depths[stage]
        revisions = document.history.revisions[done:depth]
        is_last = stage == STAGES[-1].name
        found_here = () if is_last else document.history.findings[seen : document.finding_counts[stage]]
        problem = _unfit(document, stage, text, layers=[one.layer for one in revisions], findings=found_here)
        if problem:
            verdict = Verdict("step_failed", problem, stage)
            break
        texts[stage] = text
        passes[stage] = [Pass(n, revision.step, revision.layer) for n, revision in enumerate(revisions, done)]
        flags[stage] = _flags_after(document, stage)
        findings[stage] = found_here
        if is_last:
            text_sha256 = hashlib.sha256(text.encode()).hexdigest()
            signed = signature(text)
        done, seen = depth, seen + len(found_here)
    through = text_sha256 is not None
    return Record(
        found.raw_path,
        verdict,
        found.key,
        document.raw_sha256,
        document.bytes,
        _decoding_of(document),
        texts,
        passes,
        flags,
        findings,
        document.fields if through else {},
        text_sha256,
        signed,
        document.personal if through else (),
        resolutions(document.history) if RECONCILE in texts else (),
        written_scripts(document.history) if CONVERT in texts else (),
    )


def stage_tables(records: Sequence[Record], *, assets: Iterable[str]) -> dict[str, pa.Table]:
    """The rows of these inputs in each of the stage tables named, in their order.

    >>> stage_tables([], assets=["converted_documents"])["converted_documents"].column_names[:2]
    ['raw_path', 'text']
    """
    stage_of = {stage.asset: stage.name for stage in STAGES}
    return {asset: _stage_table(records, stage_of[asset], columns.STAGE_TABLES[asset]) for asset in assets}


def laid_out(records: Sequence[Record], *, assets: Sequence[str]) -> tuple[list[Record], dict[str, pa.Table]]:
    """The stage tables, and the records as they stand in them.

    Where a field's value does not fit its column, that one document is set aside in the split stage.
    """
    try:
        return list(records), stage_tables(records, assets=assets)
    except _MISFITS:
        fitting = [_fitting(one, assets) for one in records]
        return fitting, stage_tables(fitting, assets=assets)


_MISFITS = (pa.ArrowException, TypeError, ValueError, OverflowError, AttributeError)


def _fitting(one: Record, assets: Sequence[str]) -> Record:
    try:
        stage_tables([one], assets=assets)
    except _MISFITS as error:
        last = STAGES[-1].name
        return replace(
            one,
            verdict=Verdict("step_failed", f"fields: {error}", last),
            texts={stage: text for stage, text in one.texts.items() if stage != last},
            passes={stage: passes for stage, passes in one.passes.items() if stage != last},
            flags={stage: flags for stage, flags in one.flags.items() if stage != last},
            fields={},
            text_sha256=None,
            signature=None,
            personal=(),
        )
    return one


def _unfit(
    document: Document, stage: str, text: str, *, layers: Sequence[Layer], findings: Sequence[Finding]
) -> str | None:
    try:
        text.encode()
        for layer in layers:
            layer.befores.encode()
            layer.afters.encode()
        for finding in findings:
            finding.value.encode()
            finding.note.encode()
    except UnicodeEncodeError as error:
        return f"a lone surrogate: {error.reason}"
    if stage == STAGES[-1].name:
        missing = [name for name in _REQUIRED_FIELDS if document.fields.get(name) is None]
        if missing:
            return f"fields: no value for {', '.join(missing)}"
    return None


def _flags_after(document: Document, stage: str) -> Sequence[str]:
    if stage == STAGES[-1].name:
        return document.flags
    findings = document.history.findings[: document.finding_counts[stage]]
    return sorted({found.value for found in findings if found.kind == "flag"})


def _decoding_of(document: Document) -> dict[str, Any]:
    decoding = document.decoding
    if not decoding.runs:
        return {}  # nothing was decoded: the bytes stand in the raw folder, and no table needs them
    raw_text = document.history.at(0)
    return {
        "encoding": decoding.encoding,
        "encoding_method": document.encoding_method,
        "encoding_confidence_0_to_1": document.encoding_confidence_0_to_1,
        "newline": _newline(raw_text),
        "bom": raw_text.startswith("\ufeff"),
        "runs": [run._asdict() for run in decoding.runs],
        "irregular": [stretch._asdict() for stretch in decoding.irregular],
    }


def _newline(text: str) -> str:
    r"""The line ends of a text.

    >>> [_newline(text) for text in ("", "a\n", "a\r\nb\r\n", "a\r", "a\r\nb\n")]
    ['none', 'lf', 'crlf', 'cr', 'mixed']
    """
    both = text.count("\r\n")
    counts = {"crlf": both, "lf": text.count("\n") - both, "cr": text.count("\r") - both}
    kinds = [kind for kind, count in counts.items() if count]
    return "mixed" if len(kinds) > 1 else (kinds or ["none"])[0]


def _stage_table(records: Sequence[Record], stage: str, layout: Sequence[Column]) -> pa.Table:
    values: dict[str, Any] = {
        "raw_path": [one.raw_path for one in records],
        "text": [one.texts.get(stage) for one in records],
        "input_key": [one.input_key for one in records],
        "raw_sha256": [one.raw_sha256 for one in records],
        "bytes": [one.bytes for one in records],
        "text_sha256": [one.text_sha256 for one in records],
        "signature": [one.signature for one in records],
        "personal": [[{"start": start, "end": end} for start, end in one.personal] for one in records],
        "conflicts": [_plain(one.conflicts) for one in records],
        "scripts": [list(map(_stretch, one.scripts)) for one in records],
        "flags": [list(one.flags.get(stage, ())) for one in records],
        "findings": [[_as_row(found) for found in one.findings.get(stage, ())] for one in records],
    }
    verdicts = [one.reason(stage) for one in records]
    values["set_aside"] = [verdict and verdict.reason for verdict in verdicts]
    values["set_aside_detail"] = [verdict and verdict.detail for verdict in verdicts]
    values["set_aside_stage"] = [verdict and verdict.stage for verdict in verdicts]
    arrays = []
    for column in layout:
        name = column.name
        if name == "edits":
            arrays.append(_edits_array([one.passes.get(stage, ()) for one in records], column.type))
        elif name in values:
            arrays.append(pa.array(values[name], column.type))
        elif name in columns.STAGE_ENRICHMENTS:
            arrays.append(pa.array([_plain(one.fields.get(name, ())) for one in records], column.type))
        elif name in columns.DECODING_COLUMNS:
            missing: Any = None if column.nullable else []
            arrays.append(pa.array([one.decoding.get(name, missing) for one in records], column.type))
        else:
            arrays.append(pa.array([_plain(one.fields.get(name)) for one in records], column.type))
    return pa.Table.from_arrays(arrays, schema=columns.schema(tuple(layout)))


def _as_row(finding: Finding) -> dict[str, Any]:
    kind, value, (start, end), note, depth = finding
    return {"kind": kind, "value": value, "start": start, "end": end, "note": note, "depth": depth}


def _stretch(one: WrittenScript) -> dict[str, Any]:
    """A stretch in one script, with its counts beside it."""
    evidence = one.evidence
    return {
        "start": one.start,
        "end": one.end,
        "script": one.script,
        "configuration": one.configuration,
        "han_count": evidence.han,
        "traditional_count": evidence.traditional,
        "simplified_count": evidence.simplified,
        "taiwan_count": evidence.taiwan,
        "hongkong_count": evidence.hongkong,
        "kana_count": evidence.kana,
        "hangul_count": evidence.hangul,
        "letter_count": evidence.letters,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401  any field's value
    """A field's value as Arrow takes it: named tuples as mappings, tuples as lists."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _edits_array(documents: Sequence[Sequence[Pass]], kind: pa.DataType) -> pa.Array[Any]:
    """A list of edits for each document, column by column, without an object for each edit."""
    passes = [one for document in documents for one in document]
    layers = [one.layer for one in passes]
    counts = [len(layer) for layer in layers]
    offsets = np.zeros(len(documents) + 1, np.int32)
    np.cumsum([sum(len(one.layer) for one in document) for document in documents], out=offsets[1:])
    steps = {one.step: None for one in passes}
    rules = {rule: None for layer in layers for rule in layer.rules}
    step_codes = {name: code for code, name in enumerate(steps)}
    rule_codes = {name: code for code, name in enumerate(rules)}
    codes = [np.array([rule_codes[rule] for rule in layer.rules], np.int32)[layer.rule_codes] for layer in layers]
    columns_of_edits = [
        pa.array(np.repeat(np.array([one.number for one in passes], np.int32), counts)),
        _named(list(steps), np.repeat(np.array([step_codes[one.step] for one in passes], np.int32), counts)),
        _named(list(rules), _joined(codes)),
        pa.array(_joined([layer.starts for layer in layers])),
        string_array("".join([layer.befores for layer in layers]), _joined([one.before_lengths for one in layers])),
        string_array("".join([layer.afters for layer in layers]), _joined([one.after_lengths for one in layers])),
    ]
    edits = pa.StructArray.from_arrays(columns_of_edits, fields=list(columns.STAGE_EDIT))
    made: Any = pa.ListArray.from_arrays
    return made(pa.array(offsets), edits, type=kind)  # type: ignore[no-any-return]


def _joined(arrays: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate(arrays).astype(np.int32, copy=False) if arrays else np.zeros(0, np.int32)


def _named(names: Sequence[str], codes: NDArray[np.int32]) -> pa.Array[Any]:
    return pa.array(names, pa.string()).take(codes)


_LOWEST_FIRST_BYTE = -64
"""Bytes 0x80 to 0xBF go on with a character of UTF-8; as signed numbers they are the ones below -64."""


def string_array(joined: str, lengths: NDArray[np.int32]) -> pa.StringArray:
    """The strings of these lengths, in code points, that `joined` is made of.

    >>> string_array("業業ab", np.array([1, 0, 3], np.int32)).to_pylist()
    ['業', '', '業ab']
    """
    content = joined.encode()
    ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))
    if len(content) != len(joined):
        first_bytes = np.flatnonzero(np.frombuffer(content, np.int8) >= _LOWEST_FIRST_BYTE)
        ends = np.append(first_bytes, len(content))[ends]
    offsets = pa.py_buffer(ends.astype(np.int32).data)
    return pa.StringArray.from_buffers(len(lengths), offsets, pa.py_buffer(content))


def layers_leading_to(
    length: int,
    numbers: NDArray[np.int32],
    *,
    starts: NDArray[np.int32],
    befores: Sequence[str],
    afters: Sequence[str],
    rules: Sequence[str],
) -> list[Layer]:
    """The layers, first to last, that rows of edits amount to, where the last one leads to a text of `length`.

    >>> layer, = layers_leading_to(
    ...     3, np.zeros(1, np.int32), starts=np.array([2], np.int32), befores=["(yè)"], afters=[""], rules=["pinyin.a"]
    ... )
    >>> layer.undo("企業家")
    '企業(yè)家'

    The rows are sorted by layer and start, as the tables have them.
    """
    if not len(numbers):
        return []
    bounds = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    layers = []
    for first, last in zip(reversed(bounds[:-1]), reversed(bounds[1:]), strict=True):
        before, after = befores[first:last], afters[first:last]
        names = tuple(dict.fromkeys(rules[first:last]))
        code_of = {name: code for code, name in enumerate(names)}
        joined_before, joined_after = "".join(before), "".join(after)
        length += len(joined_before) - len(joined_after)
        layers.append(
            Layer(
                length=length,
                starts=starts[first:last],
                before_lengths=np.array([len(one) for one in before], np.int32),
                after_lengths=np.array([len(one) for one in after], np.int32),
                befores=joined_before,
                afters=joined_after,
                rule_codes=np.array([code_of[rule] for rule in rules[first:last]], np.int16),
                rules=names,
            )
        )
    return layers[::-1]
