"""Convert Traditional characters to Simplified, behind a gate for the document and, in a mixed one, for the paragraph.

The conversion itself is :mod:`pipeline.script_conversion`; here belongs when it is applied, and with which
configuration. Vocabulary is never rewritten (no `*p` configuration).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pipeline.edits import Layer, aligned_rewriting, rewriting
from pipeline.script_conversion import ScriptEvidence, converter, has_traditional, script_evidence
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from pipeline.options import Script

RULES = {
    "script.hk2s": "Traditional characters as written in Hong Kong became Simplified.",
    "script.t2s": "Traditional characters became Simplified.",
    "script.tw2s": "Traditional characters as written in Taiwan became Simplified.",
}

MINIMUM_SHARE = 0.05
"""Of the Han, those that only Traditional has. Genuine Traditional prose has 25 to 35 %, lists of names above 15 %,
Simplified prose with a quotation below 2 % (corpus, 2026); t2s leaves none, so the gate does not open on its own
output."""

OUTWEIGHS = 4
"""How many times the Traditional characters must outnumber the Simplified ones."""

MINIMUM_PARAGRAPH_HAN = 30
MINIMUM_PARAGRAPH_SHARE = 0.12
REGIONAL_MINIMUM = 2
_KANA_OR_HANGUL = re.compile("[\u3041-\u3096\u30a1-\u30fa\uac00-\ud7a3]")
_FOREIGN_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class ConvertScript:
    """The step with a choice of script: `hans` converts as :func:`convert_script` says, `keep` only says what is there.

    >>> from pipeline.text import Text
    >>> kept = Text("推動人工智能產業發展").revise(ConvertScript("keep"))
    >>> kept.value, kept.findings[0].value
    ('推動人工智能產業發展', 'zh-Hant')
    """

    script: Script = "hans"

    # In the account the step has one name, whatever the choice.
    __name__: ClassVar[str] = "convert_script"

    def __call__(self, view: View) -> Outcome:
        """Convert the text, or name its script."""
        text = view.text
        if not has_traditional(text):
            return NOTHING
        evidence = script_evidence(text)
        if not evidence.traditional:
            return NOTHING
        whole = _is_traditional(text, evidence)
        found = Finding("script", _tag(evidence), note=",".join(map(str, evidence)))
        if self.script == "keep":
            return Outcome((), [found]) if whole else NOTHING
        layer = _converted(text, _configuration(evidence)) if whole else _converted_paragraphs(text, evidence)
        if not len(layer):
            return NOTHING
        findings = [found, Finding("flag", "script_converted")]
        if any(finding.value == "pinyin_artifacts_removed" for finding in view.found("flag")):
            findings.append(Finding("flag", "pseudo_traditional"))
        return Outcome(layer, findings)


def convert_script(view: View) -> Outcome:
    """Convert a Traditional document, or the Traditional paragraphs of a mixed one, to Simplified.

    >>> from pipeline.text import Text
    >>> Text("推動人工智能產業發展").revise(convert_script).value, Text("华为昇腾芯片").revise(convert_script).value
    ('推动人工智能产业发展', '华为昇腾芯片')

    Left alone: text that is Simplified already (昇腾 stays), Japanese and Korean, single Traditional names and
    quotations in Simplified prose. The regional configuration is chosen where a document has two forms that only Taiwan
    or only Hong Kong writes.
    """
    return _TO_SIMPLIFIED(view)


_TO_SIMPLIFIED = ConvertScript()


def _is_traditional(text: str, evidence: ScriptEvidence) -> bool:
    if evidence.traditional < MINIMUM_SHARE * evidence.han or evidence.traditional < OUTWEIGHS * evidence.simplified:
        return False
    return not _is_foreign(text, evidence)


def _is_foreign(text: str, evidence: ScriptEvidence) -> bool:
    foreign = sum(1 for _ in _KANA_OR_HANGUL.finditer(text))
    return foreign > _FOREIGN_SHARE * (evidence.han + foreign)


def _configuration(evidence: ScriptEvidence) -> str:
    if evidence.taiwan >= REGIONAL_MINIMUM and evidence.taiwan > evidence.hongkong:
        return "tw2s"
    if evidence.hongkong >= REGIONAL_MINIMUM and evidence.hongkong > evidence.taiwan:
        return "hk2s"
    return "t2s"


def _tag(evidence: ScriptEvidence) -> str:
    return {"tw2s": "zh-Hant-TW", "hk2s": "zh-Hant-HK", "t2s": "zh-Hant"}[_configuration(evidence)]


def _converted(text: str, configuration: str) -> Layer:
    chosen, rule = converter(configuration, overlay=True), f"script.{configuration}"
    if not chosen.aligned:
        return rewriting(text, chosen.convert, rule)
    return aligned_rewriting(text, chosen.convert(text), rule)


def _converted_paragraphs(text: str, evidence: ScriptEvidence) -> Layer:
    configuration = _configuration(evidence)
    chosen, rule = converter(configuration, overlay=True), f"script.{configuration}"
    starts: list[int] = []
    lengths: list[int] = []
    afters: list[str] = []
    position = 0
    for line in text.split("\n"):
        if len(line) >= MINIMUM_PARAGRAPH_HAN and not line.isascii():
            found = script_evidence(line)
            if (
                found.han >= MINIMUM_PARAGRAPH_HAN
                and found.traditional >= MINIMUM_PARAGRAPH_SHARE * found.han
                and found.traditional >= OUTWEIGHS * found.simplified
                and not _is_foreign(line, found)
            ):
                part = rewriting(line, chosen.convert, rule)
                starts += [position + start for start in part.starts.tolist()]
                lengths += part.before_lengths.tolist()
                afters += [edit.after for edit in part]
        position += len(line) + 1
    return Layer.of_columns(text, starts, lengths, afters, rule)
