"""What is measured in a cleaned text before anybody judges it: counts and shares, each a column of its own.

Here belongs measuring, once for each text, at the end of the split stage. What speaks against a text, and from which
figure on, is decided from these numbers alone in :mod:`pipeline.corpus.quality`: a limit that is moved asks for no text
again.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np

from pipeline.code_points import is_han
from pipeline.steps.lost_characters import lost_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

Figure = TypeVar("Figure")
"""A number of one text, or a column of them."""

LETTERS_OF_A_HAN = 4
"""How many letters of an alphabet say as much as one Han or one syllable, roughly."""

KANA_SHARE = 0.2
"""Japanese has about half of its characters in kana; a Chinese text that quotes it has far fewer than these."""

LATIN_SHARE = 0.1
"""With less Latin in the writing than this, nobody asks which language it is: names and formulas are in none."""

FOREIGN_WRITINGS = ("hangul", "japanese", "latin", "other_alphabet")
"""What other writing there is: `japanese` is kana with their Han, `latin` Latin letters that are not English."""


class Signals(NamedTuple, Generic[Figure]):
    """What is measured in a text; the fields are columns of `documents`, and :mod:`pipeline.columns` says what each is.

    `foreign_writing` is one of :data:`FOREIGN_WRITINGS`, or None.
    """

    char_count: Figure
    han_count: Figure
    lost_count: Figure
    letter_count: Figure
    han_share_0_to_1: Figure
    punctuation_share_0_to_1: Figure
    repeated_share_0_to_1: Figure
    foreign_share_0_to_1: Figure
    foreign_writing: Any
    spam_phrase_count: Figure
    spam_share_0_to_1: Figure


_OTHER, _PUNCTUATION, _FOREIGN_SIGN, _HAN, _LETTER, _LATIN, _ACCENTED, _KANA, _HANGUL, _FOREIGN = range(10)
"""A foreign sign is no letter and stands among some: Thai writes its vowels so."""


_ALPHABETS = ((0x370, 0x1100), (0x1200, 0x1E00), (0x1F00, 0x2000), (0xA4D0, 0xAC00), (0xFB50, 0xFE00))
"""Where Unicode has alphabets other than the Latin one, in ranges of code points."""


@functools.cache
def _classes() -> NDArray[np.uint8]:
    """What each UTF-16 code unit is; a high surrogate stands for its character, a low one for nothing."""
    categories = [unicodedata.category(chr(unit))[0] for unit in range(0x10000)]
    is_letter = np.array([category == "L" for category in categories])
    table = np.where(is_letter, _LETTER, _OTHER).astype(np.uint8)
    table[[category == "P" for category in categories]] = _PUNCTUATION
    for kind, ranges in {
        _FOREIGN: _ALPHABETS,
        _LATIN: ((0x41, 0x5B), (0x61, 0x7B), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)),
        _ACCENTED: ((0xC0, 0xD7), (0xD8, 0xF7), (0xF8, 0x250), (0x1E00, 0x1F00)),
        _KANA: ((0x3041, 0x3097), (0x30A1, 0x30FB), (0x31F0, 0x3200), (0xFF66, 0xFF9E)),
        _HANGUL: ((0x1100, 0x1200), (0x3131, 0x318F), (0xAC00, 0xD7A4)),
    }.items():
        for start, end in ranges:
            table[start:end][is_letter[start:end]] = kind
    for start, end in _ALPHABETS:
        table[start:end][table[start:end] == _OTHER] = _FOREIGN_SIGN
    table[is_han(np.arange(0x10000, dtype=np.uint16))] = _HAN
    # Planes 2 and 3 hold Han only; their high surrogates are D840 to D8BF.
    table[0xD840:0xD8C0] = _HAN
    return table


_WORD = re.compile("[a-z]+")
_ENGLISH = frozenset(
    _WORD.findall("a an and are as at be by can for from has in is it not of on or that the this to was with you")
)
_NOT_ENGLISH = frozenset(
    # The commonest words of French, German, Spanish, Italian, Portuguese, Dutch, Indonesian that English does not have.
    _WORD.findall(
        "das dan dari de del dem den der des dengan di die du een el en est et gli het il ist la las le les los mit "
        "nicht os pour que sich sur um una und une untuk van von yang zu"
    )
)
_SAMPLE = 20_000
_FEWEST_WORDS = 50
_ENGLISH_SHARE = 0.04
_NOT_ENGLISH_SHARE = 0.08
_ACCENTED_SHARE = 0.05
_SPAM = re.compile(
    "|".join(map(re.escape, (Path(__file__).parents[1] / "steps" / "data" / "spam.txt").read_text("utf-8").split()))
)
_REPORTS = re.compile(
    "打击|整治|查处|公安|犯罪|违法|非法|监管|治理|清理|关停|下架|责令|封禁|处置|曝光|通报|举报|警方|法院|检察"
)
"""A line with one of these reports what was done about it."""


def measured(text: str) -> Signals[float]:
    r"""Measure a cleaned text.

    >>> signals = measured("第一条 各区应当落实。\n第一条 各区应当落实。\nAI")
    >>> signals.char_count, signals.han_count, signals.letter_count, round(signals.han_share_0_to_1, 3)
    (26, 18, 2, 0.973)
    >>> round(signals.repeated_share_0_to_1, 3), round(signals.punctuation_share_0_to_1, 3)
    (0.458, 0.077)

    Left alone: what the words say, but for a list of phrases of gambling and pornography, which do not count in a line
    that reports on them. Counts are of code points; a share of nothing is 0.
    """
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    counts: list[int] = np.bincount(_classes().take(units), minlength=_FOREIGN + 1).tolist()
    han, letters = counts[_HAN], sum(counts[_LETTER:])
    foreign_share, foreign_writing = _foreign(text, counts)
    phrases, in_phrases = _spam(text)
    return Signals(
        char_count=len(text),
        han_count=han,
        lost_count=lost_count(text),
        letter_count=letters,
        han_share_0_to_1=_share(han, han + letters / LETTERS_OF_A_HAN),
        punctuation_share_0_to_1=_share(counts[_PUNCTUATION], len(text)),
        repeated_share_0_to_1=_repeated(text),
        foreign_share_0_to_1=foreign_share,
        foreign_writing=foreign_writing,
        spam_phrase_count=phrases,
        spam_share_0_to_1=_share(in_phrases, len(text)),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _repeated(text: str) -> float:
    """The share of the characters that stand in a line which stood further up already."""
    lines = text.split("\n")
    distinct = set(lines)
    if len(distinct) == len(lines):
        return 0.0
    whole = len(text) - len(lines) + 1
    return _share(whole - sum(map(len, distinct)), whole)


def _foreign(text: str, counts: list[int]) -> tuple[float, str | None]:
    """The share of the writing in that other language which has most of it, and what the writing is."""
    signs, han, _, latin, accented, kana, hangul, foreign = counts[_FOREIGN_SIGN:]
    foreign += signs
    alphabetic = (latin + accented) / LETTERS_OF_A_HAN
    whole = han + kana + hangul + foreign / LETTERS_OF_A_HAN + alphabetic
    is_latin = alphabetic > LATIN_SHARE * whole
    if not (is_latin or kana or hangul or foreign):
        return 0.0, None
    found = {
        "japanese": han + kana if kana > KANA_SHARE * (han + kana) else kana,
        "hangul": hangul,
        "other_alphabet": foreign / LETTERS_OF_A_HAN,
    }
    if is_latin and _is_not_english(text, accented / (latin + accented)):
        found["latin"] = alphabetic
    writing, most = max(found.items(), key=lambda one: one[1])
    return (most / whole, writing) if most else (0.0, None)


def _is_not_english(text: str, accented_share: float) -> bool:
    """Whether Latin letters are in another language than English beyond doubt."""
    words = _WORD.findall(text[:_SAMPLE].lower())
    if len(words) < _FEWEST_WORDS or sum(map(_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(words):
        return False
    others = sum(map(_NOT_ENGLISH.__contains__, words))
    return others > _NOT_ENGLISH_SHARE * len(words) or accented_share > _ACCENTED_SHARE


def _spam(text: str) -> tuple[int, int]:
    """How many different phrases of spam there are, and how many characters are in such phrases."""
    if not _SPAM.search(text):
        return 0, 0
    hits = [hit for line in text.split("\n") if not _REPORTS.search(line) for hit in _SPAM.findall(line)]
    return len(set(hits)), len("".join(hits))
