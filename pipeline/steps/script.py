"""Convert Chinese from one script to the other, behind a gate for the document and for each paragraph.

Here belongs when a conversion is applied, and with which configuration; what a text is written in is found in
:mod:`pipeline.script.identification`, and :mod:`pipeline.script.conversion` converts. Vocabulary is never rewritten (no
`*p` configuration).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pipeline.character_class import CharacterClass
from pipeline.script.conversion import converter
from pipeline.script.identification import MINIMUM_SHARE, identify
from pipeline.text import Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span
    from pipeline.options import Corrections, Script
    from pipeline.script.identification import ScriptName, Stretch

RULES = {
    "script.hk2s": "Traditional characters as written in Hong Kong became Simplified.",
    "script.s2t": "Simplified characters became Traditional.",
    "script.t2s": "Traditional characters became Simplified.",
    "script.tw2s": "Traditional characters as written in Taiwan became Simplified.",
}

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_ANY_KANA = CharacterClass(_KANA.pattern)
_HAN_AND_KANA = re.compile("[\u3005\u30fc\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff]+")
_FEWEST_KANA = 2
_HAN_FOR_A_KANA = 5
"""A run with kana for every fifth character is a Japanese name or word; a Chinese sentence has の for decoration."""

_TO_HANS: dict[ScriptName, str] = {"Hant": "t2s", "Hant-HK": "hk2s", "Hant-TW": "tw2s"}


@dataclass(frozen=True, slots=True)
class ConvertScript:
    """The step with a choice: `hans` and `hant` convert to that script, `keep` only says what is there.

    >>> from pipeline.text import Text
    >>> Text("推动人工智能产业发展").revise(ConvertScript("hant")).value
    '推動人工智能產業發展'
    >>> kept = Text("推動人工智能產業發展").revise(ConvertScript("keep"))
    >>> kept.value, kept.findings[0].value
    ('推動人工智能產業發展', 'Hant')

    `corrections` are the data files of :mod:`pipeline.script.conversion`; they are about conversion to Simplified. To
    Traditional, a text becomes what OpenCC has as its standard, whatever the region; one that is Traditional
    already stays in its own orthography.
    """

    script: Script = "hans"
    corrections: Corrections = "apply"

    # In the account the step has one name, whatever the choice.
    __name__: ClassVar[str] = "convert_script"

    def __call__(self, view: View) -> Outcome:
        """Name the script of the text and of its paragraphs, and convert those that are in the other one."""
        found = identify(view.text)
        findings = [Finding("script", found.script, (0, len(view.text)), _figures(found.evidence))]
        by_configuration: dict[str, list[Stretch]] = {}
        for stretch in found.stretches:
            configuration = self._configuration(stretch)
            if configuration:
                by_configuration.setdefault(configuration, []).append(stretch)
            note = f"{configuration} {_figures(stretch.evidence)}"
            findings.append(Finding("script_stretch", stretch.script, (stretch.start, stretch.end), note))
        if not by_configuration:
            return Outcome((), findings)
        (configuration, stretches), *_ = by_configuration.items()  # a document has one region, so one configuration
        spans = [span for stretch in stretches for span in _without_japanese(view.text, stretch)]
        chosen = converter(configuration, overlay=self.script == "hans" and self.corrections == "apply")
        layer = chosen.edits(view.text, spans, f"script.{configuration}")
        if len(layer):
            findings.append(Finding("flag", "script_converted"))
            if self.script == "hans" and any(f.value == "pinyin_artifacts_removed" for f in view.found("flag")):
                findings.append(Finding("flag", "pseudo_traditional"))
        return Outcome(layer, findings)

    def _configuration(self, stretch: Stretch) -> str:
        """What a stretch is converted with; nothing for one that stays."""
        if self.script == "hans" and not stretch.is_quoted:
            return _TO_HANS.get(stretch.script, "")
        if self.script == "hant" and stretch.script == "Hans":
            evidence = stretch.evidence
            return "s2t" if evidence.simplified >= max(MINIMUM_SHARE * evidence.han, 1) else ""
        return ""


def _without_japanese(text: str, stretch: Stretch) -> Iterator[Span]:
    """A stretch but for the words in it that are written with kana: 統合イノベーション戦略."""
    last = stretch.start
    if stretch.evidence.kana >= _FEWEST_KANA and _ANY_KANA.may_occur_in(text):
        for run in _HAN_AND_KANA.finditer(text, stretch.start, stretch.end):
            kana = len(_KANA.findall(run.group()))
            if kana >= _FEWEST_KANA and kana * _HAN_FOR_A_KANA >= len(run.group()):
                yield last, run.start()
                last = run.end()
    yield last, stretch.end


def _figures(evidence: tuple[int, ...]) -> str:
    return ",".join(map(str, evidence))


def convert_script(view: View) -> Outcome:
    """Convert a Traditional document, or the Traditional paragraphs of a mixed one, to Simplified.

    >>> from pipeline.text import Text
    >>> Text("推動人工智能產業發展").revise(convert_script).value, Text("华为昇腾芯片").revise(convert_script).value
    ('推动人工智能产业发展', '华为昇腾芯片')

    Left alone: text that is Simplified already (昇腾 stays), also a paragraph of it among Traditional ones; Japanese
    and Korean; single Traditional names and quotations in Simplified prose, classical paragraphs and verse among
    them; Chinese names in a text in another language. The regional configuration is chosen where a document has two
    forms that only Taiwan or only Hong Kong writes.
    """
    return _TO_SIMPLIFIED(view)


_TO_SIMPLIFIED = ConvertScript()
