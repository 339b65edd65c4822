"""Restore full-width punctuation that a width fold took away, behind a gate for the whole document.

GB/T 15834-2011 prescribes full-width marks in Chinese text; crawlers that fold U+FF01–FF5E leave `,;:()` beside
`。、“”`.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

import numpy as np

from pipeline.character_class import CharacterClass
from pipeline.edits import Edit, Layer
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

RULES = {"punctuation.full_width": "A half-width mark beside Han, in a text whose marks had been folded."}

MINIMUM_MARKS = 20
MINIMUM_SHARE = 0.95
"""The gate: at least 20 marks beside Han, 95 % of them half-width, and 。 present. A text that was restored has none
left, so the gate does not open on its own output."""

_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_SIDE = f"{_HAN}“”‘’《》〈〉〔〕【】「」。、…—"
_BRACKETS = f"{_SIDE}（）"
# The mark comes first in these patterns: one that begins with a look behind is tried in full at each character.
_HALF = CharacterClass("[,;:?!()]")
_FULL_MARK = re.compile(f"[，；：（）](?:(?=[{_HAN}“”‘’《》〔〕])|(?<=[{_HAN}“”‘’《》〔〕].))")
_COMPANY = CharacterClass(f"[{_BRACKETS}\ud840-\ud8bf]")  # with the first halves of the rare Han
_STOP = re.compile(f"(?<=[{_BRACKETS}])[,;:?!]{{1,4}}|[,;:?!]{{1,4}}(?=[{_BRACKETS}])")
"""Up to four marks in a row: more are no punctuation, and an open end would make each of them look along the row."""
_BRACKET = re.compile(f"(?<=[{_SIDE}])[()]|[()](?=[{_SIDE}])")
_PARENTHESES = re.compile("\\([^()\n]{1,200}\\)")


def restore_punctuation(view: View) -> Outcome:
    """Make half-width marks beside Han full-width again where the whole document shows that they were folded.

    >>> from pipeline.text import Text
    >>> Text("推进算力,发展模型;完善标准:一是开放(试点),二是共享。" * 5).revise(restore_punctuation).value[:29]
    '推进算力，发展模型；完善标准：一是开放（试点），二是共享。'

    Left alone: `.`, `%`, `+`, `-`, `/`, `~`, quotation marks and digits (their width cannot be known), commas within
    numbers, times, addresses, and marks between Latin letters; and every document below the gate.
    """
    text = view.text
    marks = _HALF.positions_in(text)
    if len(marks) < MINIMUM_MARKS or "。" not in text:
        return NOTHING
    half = _rows_in_company(text, marks)
    if half < MINIMUM_MARKS:
        return NOTHING
    most = math.floor(half / MINIMUM_SHARE) - half
    full = sum(1 for _ in itertools.islice(_FULL_MARK.finditer(text), most + 1))
    if full > most:
        return NOTHING
    layer = restored(text)
    findings = (Finding("punctuation_gate", f"{half}/{half + full}"), Finding("flag", "punct_restored"))
    return Outcome(layer, findings) if len(layer) else NOTHING


def _rows_in_company(text: str, marks: NDArray[np.intp]) -> int:
    """How many rows of marks stand beside a Chinese character or mark."""
    apart = np.flatnonzero(marks[1:] - marks[:-1] > 1)
    before = marks.take(np.append(0, apart + 1)) - 1
    behind = marks.take(np.append(apart, len(marks) - 1)) + 1
    # At the ends of the text the nearest character is the mark itself, which is no company.
    return int((_COMPANY.among(text, before) | _COMPANY.among(text, behind)).sum())


def restored(text: str) -> Layer:
    """The edits that restore the marks of a text whose gate is open; for a title or a caption as well.

    >>> restored("活动(试点)举办,120人参加").apply("活动(试点)举办,120人参加")
    '活动（试点）举办，120人参加'
    """
    brackets = {match.start() for match in _BRACKET.finditer(text)}
    for pair in _PARENTHESES.finditer(text):
        if pair.start() in brackets or pair.end() - 1 in brackets:
            brackets |= {pair.start(), pair.end() - 1}
    # A restored bracket is company for the next mark: in `(专职):` the colon follows from it.
    bracketed = Layer.of(text, _edits(text, brackets)).apply(text)
    stops = {at for match in _STOP.finditer(bracketed) for at in range(*match.span())}
    return Layer.of(text, _edits(text, brackets | stops))


def _edits(text: str, positions: Iterable[int]) -> list[Edit]:
    return [Edit(at, text[at], _FULL[text[at]], "punctuation.full_width") for at in sorted(positions)]
