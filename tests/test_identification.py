"""The gate before script conversion: laws over texts put together from paragraphs in known scripts.

Single decisions are cases in `cases/convert_script.json`.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.script.conversion import converter
from pipeline.script.evidence import ScriptEvidence, kinds_of, lines_with, script_evidence
from pipeline.script.identification import identify, script_of
from pipeline.steps.script import ConvertScript, convert_script
from pipeline.text import Text
from pipeline.written_scripts import written_scripts

HANT = (
    "市政府昨日發布人工智能產業發展規劃，提出到明年建成五個國家級創新試驗區，帶動企業轉型升級。",
    "為加快構建現代產業體系，推動實體經濟和數字經濟深度融合，制定本方案，請認真貫徹執行。",
)
HANS = (
    "市政府昨日发布人工智能产业发展规划，提出到明年建成五个国家级创新试验区，华为昇腾与昇思参与。",
    "为加快构建现代产业体系，推动实体经济和数字经济深度融合，乾照光电与徐乾昇参加了会议。",
)
JAPANESE = ("人工知能の開発を推進し、産業の発展を図るため、国は学習データを整備する。", "これは東京都の発表です。")
CLASSICAL = (
    "子曰：「學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？人不知而不慍，不亦君子乎？」曾子曰：「吾日三省吾身。」",
    "國破山河在，城春草木深。感時花濺淚，恨別鳥驚心。烽火連三月，家書抵萬金。白頭搔更短，渾欲不勝簪。",
)
RARE = ("𠮷野家𠮷", "", "2024", "plain ASCII", "甲乙丙丁")

documents = st.lists(st.sampled_from(HANT + HANS + JAPANESE + CLASSICAL + RARE), max_size=8).map("\n".join)


@given(documents)
def test_the_stretches_cover_the_text(text: str) -> None:
    """From the first character to the last, without a gap; neighbours differ."""
    found = identify(text)

    assert [0, *(one.end for one in found.stretches)] == [*(one.start for one in found.stretches), len(text)]
    assert [] == [one for one, other in pairwise(found.stretches) if one[2::2] == other[2::2]]
    assert [script_evidence(text[one.start : one.end]) for one in found.stretches] == [
        one.evidence for one in found.stretches
    ]


@given(documents)
def test_a_second_run_converts_nothing(text: str) -> None:
    """The gate does not open on its own output, and undoing restores the text."""
    once = Text(text).revise(convert_script)

    assert text == once.original
    assert once.value == Text(once.value).revise(convert_script).value


@given(st.lists(st.sampled_from(HANT + HANS + JAPANESE), min_size=1, max_size=8))
def test_a_paragraph_is_converted_or_it_is_not(paragraphs: list[str]) -> None:
    """Each paragraph stays whole or is what the package makes of it; what is Simplified or Japanese stays."""
    converted = Text("\n".join(paragraphs)).revise(convert_script).value.split("\n")
    by_the_package = [converter("t2s", overlay=True).convert(paragraph) for paragraph in paragraphs]

    assert [] == [
        after
        for before, after, whole in zip(paragraphs, converted, by_the_package, strict=True)
        if after not in ((before, whole) if before in HANT else (before,))
    ]


@given(st.lists(st.sampled_from(HANT + HANS), min_size=1, max_size=8))
def test_every_long_paragraph_of_modern_chinese_is_converted(paragraphs: list[str]) -> None:
    """Whatever the paragraphs around it are written in."""
    converted = Text("\n".join(paragraphs)).revise(convert_script).value

    assert (
        script_evidence(converted).traditional
        == script_evidence("".join(p for p in paragraphs if p in HANS)).traditional
    )


@given(st.lists(st.sampled_from(HANS), min_size=1), st.sampled_from(CLASSICAL))
def test_an_old_text_that_simplified_prose_quotes_stays(paragraphs: list[str], quoted: str) -> None:
    """A classical paragraph and a poem keep their script where less of the text is theirs."""
    text = "\n".join([*paragraphs, *HANS, quoted])

    assert text == Text(text).revise(convert_script).value


@given(documents, st.sampled_from(["hans", "hant", "keep"]))
def test_what_is_written_down_is_what_was_done(text: str, choice: str) -> None:
    """A stretch with a configuration is the only place where that configuration changed something."""
    history = Text(text).revise(ConvertScript(choice))  # type: ignore[arg-type]
    inside = [(one.start, one.end) for one in written_scripts(history) if one.configuration]

    assert [] == [
        edit
        for revision in history.revisions
        for edit in revision.layer
        if not any(start <= edit.start and edit.end <= end for start, end in inside)
    ]


@pytest.mark.parametrize(
    ("evidence", "script"),
    [
        (ScriptEvidence(), "other"),
        (ScriptEvidence(han=5, letters=51), "other"),
        (ScriptEvidence(han=5, letters=50), "Hans"),
        (ScriptEvidence(han=100, traditional=4), "Hans"),
        (ScriptEvidence(han=100, traditional=5), "Hant"),
        (ScriptEvidence(han=100, traditional=20, simplified=5), "Hant"),
        (ScriptEvidence(han=100, traditional=19, simplified=5), "mixed"),
        (ScriptEvidence(han=100, traditional=5, simplified=20), "Hans"),
        (ScriptEvidence(han=100, traditional=5, simplified=19), "mixed"),
        (ScriptEvidence(han=6, traditional=1, simplified=2), "Hans"),
        (ScriptEvidence(han=100, traditional=30, taiwan=1), "Hant"),
        (ScriptEvidence(han=100, traditional=30, taiwan=2), "Hant-TW"),
        (ScriptEvidence(han=100, traditional=30, taiwan=2, hongkong=3), "Hant-HK"),
        (ScriptEvidence(han=100, traditional=30, taiwan=2, hongkong=2), "Hant"),
        (ScriptEvidence(han=60, traditional=10, kana=40), "Japanese"),
        (ScriptEvidence(han=93, traditional=25, kana=7), "Hant"),
        (ScriptEvidence(han=10, hangul=40, kana=2), "Korean"),
    ],
)
def test_the_script_that_characters_speak_for(evidence: ScriptEvidence, script: str) -> None:
    """At each border of the rule."""
    assert script == script_of(evidence)


def test_lines_are_told_apart_beyond_the_basic_plane() -> None:
    """A character of two units shifts units against characters: positions are those of the text."""
    text = "𠮷" * 40 + "\n" + HANS[0] + "\n" + HANT[0] * 3 + "\n" + JAPANESE[0]
    found = identify(text)

    assert [text[one.start : one.end].strip("𠮷\n") for one in found.stretches if one.script == "Hans"] == [HANS[0]]
    assert [text[one.start : one.end] for one in found.stretches if one.script == "Japanese"] == [JAPANESE[0]]


def test_lines_with_enough_of_a_script() -> None:
    """Lines are counted from 0, by the ends of lines in units."""
    kinds = kinds_of("發展\n发展发展\n發展產業")

    assert [2] == lines_with("traditional", kinds, np.array([2, 7, 12]), fewest=2)
    assert [1] == lines_with("simplified", kinds, np.array([2, 7, 12]), fewest=2)
