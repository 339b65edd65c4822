"""The stages and their ordered steps, and :func:`clean`, which takes one document through them.

A newcomer reads here what happens to a document, in order. What a step does belongs in :mod:`pipeline.steps`; how many
documents are run belongs in :mod:`pipeline.stages` and :mod:`pipeline.engines`.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib
import json
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline import steps
from pipeline.corpus.quality import judge
from pipeline.corpus.signals import Signals, measured
from pipeline.decoding import decode, withheld
from pipeline.detection.encoding import detect_encoding
from pipeline.document import Document, Readings, Verdict
from pipeline.furniture import Lexicon
from pipeline.metadata import fields
from pipeline.options import PRESET, PRESET_THRESHOLDS, Choices, Thresholds
from pipeline.script.conversion import simplified
from pipeline.script.package import dictionary_fingerprint, verify_package
from pipeline.steps.boilerplate import cut_boilerplate
from pipeline.steps.captions import cut_captions
from pipeline.steps.characters import (
    compose,
    decode_entities,
    normalise_line_ends,
    strip_byte_order_mark,
    strip_controls,
)
from pipeline.steps.conflicts import ResolveConflicts, resolve_conflicts
from pipeline.steps.datelines import cut_dateline
from pipeline.steps.escapes import decode_escapes
from pipeline.steps.front_matter import cut_front_matter
from pipeline.steps.headers import cut_header
from pipeline.steps.labels import cut_labels
from pipeline.steps.leads import cut_copied_lead
from pipeline.steps.learned_furniture import CutLearnedFurniture
from pipeline.steps.lost_characters import flag_lost_characters
from pipeline.steps.markdown import strip_markdown
from pipeline.steps.markup import strip_markup
from pipeline.steps.mojibake import repair_mojibake
from pipeline.steps.official_heads import cut_official_head
from pipeline.steps.paragraphs import break_paragraphs, tidy_lines, tidy_spaces
from pipeline.steps.personal_data import find_personal_data, mask_personal_data
from pipeline.steps.pinyin import strip_pinyin
from pipeline.steps.punctuation import restore_punctuation
from pipeline.steps.record_fields import cut_record_fields
from pipeline.steps.records import HEADER, decode_record_escapes, open_record
from pipeline.steps.responses import open_response
from pipeline.steps.script import ConvertScript, convert_script
from pipeline.steps.sections import find_sections
from pipeline.steps.signatures import cut_editor_lines, read_signature
from pipeline.steps.speeches import cut_speech_head
from pipeline.text import Finding, Step, Text, name_of
from pipeline.time_limit import OutOfTime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Stage(NamedTuple):
    """One stage: its name, the asset that holds its result, its steps in order, and one sentence.

    `readers` are steps that edit nothing; they look at the stage's result when somebody asks what is in it.
    """

    name: str
    asset: str
    steps: tuple[Step, ...]
    sentence: str
    readers: tuple[Step, ...] = ()


STAGES = (
    Stage(
        "decode",
        "decoded_documents",
        (
            strip_byte_order_mark,
            decode_record_escapes,
            open_record,
            open_response,
            decode_escapes,
            repair_mojibake,
            flag_lost_characters,
        ),
        "Bytes to text, exact both ways: encoding found, records opened, wrong readings undone, odd bytes kept.",
    ),
    Stage(
        "reconcile",
        "reconciled_documents",
        (resolve_conflicts,),
        "Merge-conflict markers that were committed into the text are resolved.",
    ),
    Stage(
        "convert",
        "converted_documents",
        (
            strip_markup,
            decode_escapes,  # again: what a page had encoded twice
            normalise_line_ends,
            strip_controls,
            decode_entities,
            compose,
            strip_pinyin,
            convert_script,
        ),
        "Markup, control characters and pinyin artefacts are taken out, Traditional becomes Simplified.",
    ),
    Stage(
        "split",
        "split_documents",
        (
            find_personal_data,
            cut_record_fields,
            cut_front_matter,
            strip_markdown,
            break_paragraphs,
            cut_boilerplate,
            cut_labels,
            cut_header,
            cut_copied_lead,
            cut_official_head,
            cut_speech_head,
            cut_editor_lines,
            cut_captions,
            cut_dateline,
            mask_personal_data,
            tidy_spaces,
            restore_punctuation,
            tidy_lines,
        ),
        "Metadata is cut out of the body and read; page furniture goes, personal data is masked.",
        (read_signature, find_sections),
    ),
)


def stages(choices: Choices = PRESET) -> tuple[Stage, ...]:
    """The stages as somebody chose them; with the presets, :data:`STAGES`.

    >>> [name_of(step) for step in stages(Choices(punctuation="keep"))[-1].steps][-1]
    'tidy_lines'

    A step has one name in the account, whatever it was set to.
    """
    return STAGES if choices == PRESET else _chosen(choices)


@functools.lru_cache(maxsize=16)
def _chosen(choices: Choices) -> tuple[Stage, ...]:
    instead: dict[Step, tuple[Step, ...]] = {
        resolve_conflicts: (ResolveConflicts(choices.conflicts),),
        convert_script: (ConvertScript(choices.script, choices.script_corrections),),
    }
    if isinstance(choices.furniture, Lexicon):
        # Twice: when a long menu is gone, the buttons behind it stand at the head, and then what is behind them.
        instead[cut_boilerplate] = (cut_boilerplate, CutLearnedFurniture(choices.furniture)) * 2
    if choices.punctuation == "keep":
        instead[restore_punctuation] = ()
    return tuple(
        stage._replace(steps=tuple(one for step in stage.steps for one in instead.get(step, (step,))))
        for stage in STAGES
    )


def clean(
    content: bytes,
    *,
    source: str = "",
    through: str = "split",
    choices: Choices = PRESET,
    thresholds: Thresholds = PRESET_THRESHOLDS,
    header: str = "",
    encoding: str = "",
) -> Document:
    r"""Clean one document.

    >>> document = clean("標題：人工智能\n\n企業(yè)發(fā)展，產(chǎn)業(yè)興旺。".encode("utf-8"), source="a.txt")
    >>> document.text
    '企业发展，产业兴旺。'
    >>> document.fields["title"], document.edit_count > 0
    ('人工智能', True)

    `source` is what the document is called in messages and tables; it does not change the result. `through` is the last
    stage to run; `choices`, and the limits of the verdict, `thresholds`, are what :mod:`pipeline.options` leaves to the
    user. What comes from a container may need what stands elsewhere in it: `header` is the first row of the table that
    the content is a row of, `encoding` what the container is written in, which is evidence and no order. A bad document
    is no error: it comes back with a verdict that says why it was set aside, and still rebuilds to its exact bytes.
    """
    _verified()
    digest = hashlib.sha256(content).hexdigest()
    if len(content) > choices.maximum_bytes:
        detail = f"{len(content)} bytes, the limit is {choices.maximum_bytes}"
        return _withheld(content, source, digest, Verdict("too_large", detail, "decode"))
    detection = detect_encoding(content, declared=encoding)
    if detection.reason is not None:
        return _withheld(content, source, digest, Verdict(detection.reason, detection.detail, "decode"))
    text, decoding = decode(content, detection.runs)
    seen = [Finding("flag", "mixed_encoding")] if len({run.encoding for run in detection.runs}) > 1 else []
    seen += [Finding(HEADER, header)] if header else []
    decoded = Document(
        source=source,
        raw_sha256=digest,
        bytes=len(content),
        decoding=decoding,
        history=Text(text, findings=tuple(seen)),
        depths={},
        encoding_method=detection.method,
        encoding_confidence_0_to_1=detection.confidence,
    )
    return go_on(decoded, through=through, choices=choices, thresholds=thresholds)


def go_on(
    document: Document,
    *,
    through: str = "split",
    choices: Choices = PRESET,
    thresholds: Thresholds = PRESET_THRESHOLDS,
) -> Document:
    r"""Take a document through the stages that it has not been through, as far as `through`.

    >>> converted = clean("標題：人工智能\n\n企業發展，產業興旺。".encode(), through="convert")
    >>> converted.text, go_on(converted).text
    ('标题：人工智能\n\n企业发展，产业兴旺。', '企业发展，产业兴旺。')

    It must not have been set aside, nor been through `split`. The choices are those that it has come so far with.
    """
    history, depths, counts, verdict = _through_stages(document, choices, through)
    signals = measured(history.value) if verdict.accepted and through == "split" else None
    return dataclasses.replace(
        document,
        history=history,
        depths=depths,
        finding_counts=counts,
        verdict=verdict if signals is None else judge(signals, thresholds),
        read=None if signals is None else functools.partial(read, choices=choices, signals=signals),
    )


def read(history: Text, *, choices: Choices = PRESET, signals: Signals[float] | None = None) -> Readings:
    """Read a text that went through all stages: what its readers find in it, and the columns that follow.

    `signals` is what was measured in it, where that has been done already.
    """
    signals = measured(history.value) if signals is None else signals
    for reader in STAGES[-1].readers:
        history = history.revise(reader, shadow=_shadow(STAGES[-1], choices))
    readings = fields.read(history, han_count=int(signals.han_count))
    return readings._replace(fields={**readings.fields, **signals._asdict()})


def _shadow(stage: Stage, choices: Choices) -> Callable[[str], str] | None:
    """What the steps of a stage see in place of the text: its Simplified form, where it is in another script.

    Labels, datelines and page furniture are known as they are written in Simplified script.
    """
    return simplified if stage.name == "split" and choices.script != "hans" else None


def _through_stages(
    document: Document, choices: Choices, through: str
) -> tuple[Text, dict[str, int], dict[str, int], Verdict]:
    """The text after the stages, how many revisions and findings it had after each, and the verdict."""
    history, depths, counts = document.history, dict(document.depths), dict(document.finding_counts)
    for stage in stages(choices)[len(depths) :]:
        shadow = _shadow(stage, choices)
        for step in stage.steps:
            try:
                history = history.revise(step, shadow=shadow)
            except OutOfTime as error:
                return history, depths, counts, Verdict("step_failed", f"{error}: {name_of(step)}", stage.name)
            except Exception as error:  # noqa: BLE001  a defect in one step must not stop the run: the document is set aside
                return history, depths, counts, Verdict("step_failed", f"{name_of(step)}: {error}", stage.name)
        for finding in history.findings:
            if finding.kind == "set_aside":
                return history, depths, counts, Verdict(finding.value, finding.note, stage.name)
        depths[stage.name] = len(history.revisions)
        counts[stage.name] = len(history.findings)
        if stage.name == through:
            break
    return history, depths, counts, Verdict()


def _withheld(content: bytes, source: str, digest: str, verdict: Verdict) -> Document:
    text, decoding = withheld(content)
    return Document(source, digest, len(content), decoding, Text(text), {}, verdict=verdict)


@functools.cache
def _verified() -> None:
    verify_package()


_OF_THE_STAGES = (
    *("blocks", "character_class", "code_points", "decoding", "document", "edits", "furniture", "lexicon", "page_ends"),
    *("recipe", "rewriting", "text", "unescaping", "written_scripts"),
    *("conflicts/", "detection/", "enrichment/", "markup/", "metadata/", "mojibake/", "pinyin/", "records/", "script/"),
    *("sources/", "steps/"),
    *("corpus/folding", "corpus/shingles", "corpus/signals", "corpus/signatures"),
)
_OF_THE_JUDGEMENT = ("admissions", "corpus/", "document", "judging", "script/")
"""The modules that decide, a folder with all that is in it."""


@functools.cache
def fingerprint(choices: Choices = PRESET) -> str:
    """SHA-256 over everything that decides what the stages make of a document: steps, lists, dictionaries, choices.

    >>> len(fingerprint()), fingerprint() == fingerprint(Choices(script="keep"))
    (64, False)

    How many documents are run, stored and published is no part of it, nor is which of them are.
    """
    return _fingerprint(_OF_THE_STAGES, choices.values)


@functools.cache
def judging_fingerprint(thresholds: Thresholds = PRESET_THRESHOLDS) -> str:
    """SHA-256 over everything that decides which of the documents that the stages left are published, and as what.

    >>> judging_fingerprint() == judging_fingerprint(Thresholds(minimum_han=9))
    False
    """
    return _fingerprint(_OF_THE_JUDGEMENT, thresholds.values)


def _fingerprint(modules: Sequence[str], values: Mapping[str, object]) -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256(dictionary_fingerprint().encode())
    files = [here / f"{module}.py" for module in modules if not module.endswith("/")]
    files += [file for folder in modules if folder.endswith("/") for file in here.glob(f"{folder}**/*")]
    for file in sorted(path for path in files if path.is_file() and path.suffix != ".pyc"):
        digest.update(file.relative_to(here).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    digest.update(json.dumps(values, sort_keys=True).encode())
    return digest.hexdigest()


def rules() -> dict[str, str]:
    """Every rule of every step with its sentence, sorted by name.

    >>> rules()["pinyin.artifact"]
    'Pinyin that a conversion put behind the character.'
    """
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(steps.__path__):
        found.update(getattr(importlib.import_module(f"pipeline.steps.{module.name}"), "RULES", {}))
    return dict(sorted(found.items()))
