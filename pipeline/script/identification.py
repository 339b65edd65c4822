"""Which script a document is written in, and each of its paragraphs: the gate before every conversion.

Here belongs what follows from the evidence. The evidence itself belongs in :mod:`pipeline.script.evidence`, what is
done about it in :mod:`pipeline.steps.script`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from pipeline.code_points import units
from pipeline.lexicon import words
from pipeline.script.evidence import ScriptEvidence, evidence_of, kinds_of, lines_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.edits import Span
    from pipeline.script.evidence import Kinds, Telling

ScriptName: TypeAlias = Literal["Hans", "Hant", "Hant-HK", "Hant-TW", "Japanese", "Korean", "mixed", "other"]

MINIMUM_SHARE = 0.05
"""Of the Han, those that one script alone has. Genuine Traditional prose has 25 to 35 %, lists of names above 15 %,
Simplified prose with a quotation below 2 % (corpus, 2026); t2s leaves none, so the gate does not open on its own
output."""

OUTWEIGHS = 4
"""How many times the characters of one script must outnumber those of the other."""

REGIONAL_MINIMUM = 2
FOREIGN_SHARE = 0.05
"""Of Han and syllables together, the kana or hangul: Japanese prose has above 30 %, a Chinese text with a brand or a
quoted word below 2 %, one about a band from Japan 7 %."""

_OF_JAPANESE = 2
"""So many characters that tell the Chinese scripts apart stand for each sign of Japanese in no Japanese text: they are
a sixth of prose, which has three times as many kana, and as many as its own forms in a list of ministries."""

LETTERS_FOR_A_HAN = 10
"""With more letters than this for each Han a text is no Chinese prose: of 122 Chinese pages about programming, with
code between the paragraphs, two have more (corpus, 2026)."""

LETTERS_FOR_A_NAME = 2
"""With more letters than this for each Han a text may be in another language; Chinese prose with English names in
brackets has below 1, an English page about Taiwan with the names in brackets 4 to 10."""

NOTICEABLE_SHARE = 0.1
"""A script that holds less of a text than this makes it no mixed one."""

_LEAST_OF_A_LINE = 30
"""Han: in a shorter line a name or two make a third of the characters Traditional."""
_TRADITIONAL_SHARE_OF_A_LINE = 0.12
"""Of 11,960 lines of Traditional statutes and verse with 30 Han or more, one in two hundred has less (corpus, 2026)."""
_FEWEST = 3
"""So many characters of a script must stand in a line that is to count for this script beside others."""

_FUNCTION_WORD = re.compile("[的了們这這嗎吗呢在是和]")
_CLASSICAL = re.compile("[曰也矣焉哉乎兮歟邪耶蓋豈弗吾爾汝]")
_CLASSICAL_SHARE = 0.02
"""One such particle in a sentence of fifty characters: prose about an old text has fewer, with modern words beside."""
_CLAUSE = re.compile("[^，。；！？、：“”「」『』《》\\s]+")
_VERSE_LENGTHS = frozenset({4, 5, 7})
_FEWEST_VERSES = 4
_SURROGATE_MASK, _SECOND_SURROGATE = 0xFC00, 0xDC00


class Stretch(NamedTuple):
    """Paragraphs side by side in one script; `is_quoted` where they are an old text that other prose quotes."""

    start: int
    end: int
    script: ScriptName
    evidence: ScriptEvidence
    is_quoted: bool = False


class Identified(NamedTuple):
    """The script of a document, the evidence for it, and its stretches, which cover the text."""

    script: ScriptName
    evidence: ScriptEvidence
    stretches: tuple[Stretch, ...]


def identify(text: str) -> Identified:
    r"""The script of a text, and of its paragraphs.

    >>> found = identify("推動人工智能產業發展，帶動企業轉型升級。\n人工知能の開発を推進する。")
    >>> found.script, [(stretch.start, stretch.script) for stretch in found.stretches]
    ('mixed', [(0, 'Hant'), (21, 'Japanese')])
    >>> identify("华为昇腾芯片").script, identify("人工智慧軟體發展得很好，這裡說著").script
    ('Hans', 'Hant-TW')

    A text is Traditional where one Han in twenty or more is so, and four for each that only Simplified has. Regional
    where it has two forms that only Taiwan or only Hong Kong writes, and more of them than of the other's. Japanese or
    Korean where one in twenty of its Han and syllables is a syllable, Japanese only where these are half as many as the
    Han that tell, or more. Mixed where neither script outweighs the other, or where stretches of another script hold a
    tenth of it. Other where it has no Han and no syllables, or more than ten letters for each; or more than two, and
    Traditional names but no function word. Else it is Simplified, also where all its characters are common to both.

    A paragraph is judged by its own characters where it has enough of them; the others go with the document, or, in one
    that is mixed, with the paragraph before. Within a text that is not Traditional, a Traditional paragraph counts as
    quoted where it is verse or classical Chinese, or has no word of modern prose.
    """
    if text.isascii():
        nothing = ScriptEvidence(letters=sum(map(str.isalpha, text)))
        return Identified("other", nothing, (Stretch(0, len(text), "other", nothing),))
    kinds = kinds_of(text)
    evidence = evidence_of(text, kinds)
    syllables = evidence.kana + evidence.hangul
    if sum(count >= _FEWEST for count in (evidence.traditional, evidence.simplified, syllables)) <= 1:
        script = script_of(evidence)
        if script.startswith("Hant") and _only_mentions(text, evidence):
            script = "other"
        return Identified(script, evidence, (Stretch(0, len(text), script, evidence),))
    return _by_paragraphs(text, kinds, evidence)


def _only_mentions(text: str, evidence: ScriptEvidence) -> bool:
    """Whether the Han of a text in another language are names: more letters, and no function word."""
    return evidence.letters > LETTERS_FOR_A_NAME * evidence.han and not _FUNCTION_WORD.search(text)


def script_of(evidence: ScriptEvidence) -> ScriptName:
    """The script that the characters of a text speak for, taken together.

    >>> script_of(ScriptEvidence(han=100, traditional=30, hongkong=2)), script_of(ScriptEvidence(letters=5))
    ('Hant-HK', 'other')
    """
    foreign = _foreign(evidence)
    written = evidence.han + evidence.kana + evidence.hangul
    if evidence.letters > LETTERS_FOR_A_HAN * written or not written:
        return "other"
    if foreign:
        return foreign
    if evidence.traditional < max(MINIMUM_SHARE * evidence.han, 1):
        return "Hans"
    if evidence.traditional >= OUTWEIGHS * evidence.simplified:
        return _region(evidence)
    if min(evidence.traditional, evidence.simplified) < _FEWEST:
        return "Hans"
    return "Hans" if evidence.simplified >= OUTWEIGHS * evidence.traditional else "mixed"


def _foreign(evidence: ScriptEvidence) -> Literal["Japanese", "Korean"] | None:
    syllables = evidence.kana + evidence.hangul
    if syllables <= FOREIGN_SHARE * (evidence.han + syllables):
        return None
    if evidence.hangul > evidence.kana:
        return "Korean"
    telling = evidence.traditional + evidence.simplified
    return "Japanese" if _OF_JAPANESE * evidence.kana > telling else None


def _region(evidence: ScriptEvidence) -> Literal["Hant", "Hant-HK", "Hant-TW"]:
    if evidence.taiwan >= REGIONAL_MINIMUM and evidence.taiwan > evidence.hongkong:
        return "Hant-TW"
    if evidence.hongkong >= REGIONAL_MINIMUM and evidence.hongkong > evidence.taiwan:
        return "Hant-HK"
    return "Hant"


# -------------------------------------------------------------------------------------------- paragraph by paragraph
class _Paragraph(NamedTuple):
    """A line in another script than most of the text."""

    at: int
    script: ScriptName
    is_quoted: bool


class _Lines:
    """Where the lines of a text lie, without an object for each: a text may have very many."""

    def __init__(self, text: str, kinds: Kinds) -> None:
        of_text = units(text)
        self.text, self._kinds = text, kinds
        self.unit_ends = np.append(np.flatnonzero(of_text == ord("\n")), len(of_text))
        self.ends = self.unit_ends
        if len(of_text) != len(text):
            seconds = np.append(0, np.cumsum(of_text & _SURROGATE_MASK == _SECOND_SURROGATE))
            self.ends = self.unit_ends - seconds[self.unit_ends]

    def span(self, first: int, last: int) -> Span:
        """Where the lines from the first to the last one lie, with the line feed behind them, where there is one."""
        start = int(self.ends[first - 1]) + 1 if first else 0
        return start, min(int(self.ends[last]) + 1, len(self.text))

    def line(self, at: int) -> str:
        """One line, with its line feed."""
        return self.text[slice(*self.span(at, at))]

    def evidence(self, first: int, last: int) -> ScriptEvidence:
        """The evidence of the lines from the first to the last one."""
        start = int(self.unit_ends[first - 1]) + 1 if first else 0
        kinds = self._kinds[start : int(self.unit_ends[last]) + 1]
        return evidence_of(self.text[slice(*self.span(first, last))], kinds)


def _by_paragraphs(text: str, kinds: Kinds, evidence: ScriptEvidence) -> Identified:
    """Look at the paragraphs that may be in another script than most of the text, or at all where that has none."""
    lines = _Lines(text, kinds)

    def counted(telling: Telling, fewest: int = _FEWEST) -> dict[int, ScriptEvidence]:
        asked = lines_with(telling, kinds, lines.unit_ends, fewest=fewest)
        return {at: lines.evidence(at, at) for at in asked}

    counts = counted("syllables") if evidence.kana + evidence.hangul >= _FEWEST else {}
    foreign = {at: other for at, count in counts.items() if (other := _foreign(count))}
    abroad = _sum(counts[at] for at in foreign)
    own = ScriptEvidence(*(both - there for both, there in zip(evidence, abroad, strict=True)))
    base = script_of(abroad) if _size(abroad) > _size(own) else script_of(own)
    if base.startswith("Hant") and _only_mentions(text, own):
        base = "other"
    fewest = 1 if base == "mixed" else _FEWEST
    if not base.startswith("Hant"):
        counts |= counted("traditional", fewest)
    if base != "Hans":
        counts |= counted("simplified", fewest)
    others = {at: foreign.get(at) or _strong(count, _region(own)) for at, count in counts.items()}
    if base == "mixed":
        others = _of_their_neighbours(lines, others, counts, _region(own))
    paragraphs: list[_Paragraph] = []
    for at, script in sorted(others.items()):
        if script is not None and script != base:
            if at in counts or not paragraphs:
                is_quoted = script.startswith("Hant") and _is_quoted(lines.line(at))
            else:  # a line that says nothing by itself, a blank one mostly
                is_quoted = paragraphs[-1].is_quoted and paragraphs[-1].script == script
            paragraphs.append(_Paragraph(at, script, is_quoted))
    stretches = tuple(_stretches(lines, paragraphs, base))
    elsewhere = sum(_size(stretch.evidence) for stretch in stretches if stretch.script != base)
    is_mixed = base != "other" and elsewhere > NOTICEABLE_SHARE * _size(evidence)
    # Some characters count by those beside them: what the stretches have together is what is said of the document.
    return Identified("mixed" if is_mixed else base, _sum(stretch.evidence for stretch in stretches), stretches)


def _of_their_neighbours(
    lines: _Lines, known: Mapping[int, ScriptName | None], counts: Mapping[int, ScriptEvidence], region: ScriptName
) -> dict[int, ScriptName | None]:
    """The script of each line of a text that is in both: its own, as little as tells it, else that of the line before.

    A line with characters of both is in neither.
    """
    found: dict[int, ScriptName | None] = {}
    last: ScriptName | None = None
    for at in range(len(lines.ends)):
        count = counts.get(at, ScriptEvidence())
        own = known.get(at)
        if own is None and not (count.traditional and count.simplified):
            own = region if count.traditional else "Hans" if count.simplified else last
        found[at] = last = own
    first = next((script for script in found.values() if script), None)
    return {at: script or (first if at not in counts else None) for at, script in found.items()}


def _sum(counts: Iterable[ScriptEvidence]) -> ScriptEvidence:
    columns = list(zip(*counts, strict=True))
    return ScriptEvidence(*map(sum, columns)) if columns else ScriptEvidence()


def _size(evidence: ScriptEvidence) -> int:
    return evidence.han + evidence.kana + evidence.hangul


def _strong(count: ScriptEvidence, region: ScriptName) -> ScriptName | None:
    """The script of a line that says it by itself."""
    if (
        count.han >= _LEAST_OF_A_LINE
        and count.traditional >= _TRADITIONAL_SHARE_OF_A_LINE * count.han
        and count.traditional >= OUTWEIGHS * count.simplified
    ):
        return region
    if count.simplified >= max(_FEWEST, MINIMUM_SHARE * count.han, OUTWEIGHS * count.traditional):
        return "Hans"
    return None


def _is_quoted(line: str) -> bool:
    """Whether a Traditional line among others is an old text, verse, or a list of names: modern prose has its words."""
    modern = len(_modern().findall(line))
    classical = len(_CLASSICAL.findall(line))
    if not modern or (classical > modern and classical >= _CLASSICAL_SHARE * len(line)):
        return True
    lengths = [len(clause) for clause in _CLAUSE.findall(line)]
    return len(lengths) >= _FEWEST_VERSES and len(set(lengths)) == 1 and lengths[0] in _VERSE_LENGTHS


@cache
def _modern() -> re.Pattern[str]:
    """The words that modern prose in Traditional script is known by."""
    return re.compile("|".join(words("modern_words.txt")))


def _stretches(lines: _Lines, paragraphs: Sequence[_Paragraph], base: ScriptName) -> Iterator[Stretch]:
    """The paragraphs that differ from the rest, neighbours that are alike joined, and the rest between them."""
    groups: list[tuple[int, int, ScriptName, bool]] = []
    for at, script, is_quoted in paragraphs:
        if groups and groups[-1][1:] == (at - 1, script, is_quoted):
            groups[-1] = (groups[-1][0], at, script, is_quoted)
        else:
            groups.append((at, at, script, is_quoted))
    after, end = 0, len(lines.ends) - 1
    for first, last, script, is_quoted in groups:
        if after < first:
            yield Stretch(*lines.span(after, first - 1), base, lines.evidence(after, first - 1))
        yield Stretch(*lines.span(first, last), script, lines.evidence(first, last), is_quoted)
        after = last + 1
    if not groups or (after <= end and lines.span(after, end)[0] < len(lines.text)):
        yield Stretch(*lines.span(after, end), base, lines.evidence(after, end))
