"""Whether a cleaned text is fit to be published, judged by the text alone.

Here belongs what speaks against a document as a whole once it is clean. What a step can tell while it works is a
finding of that step; what needs other documents is in :mod:`pipeline.corpus.duplicates`. A sound document that is
refused is lost to everybody, a poor one that is published can still be filtered: so each reason takes strong evidence.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.document import Verdict
from pipeline.options import PRESET
from pipeline.steps.lost_characters import lost_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.options import Choices

FOREIGN_SHARE = 0.5
"""The share of its writing that another language must have, before a text counts as being in it."""

KANA_SHARE = 0.2
"""Japanese has about half of its characters in kana; a Chinese text that quotes it has far fewer than these."""

LETTERS_OF_A_HAN = 4
"""How many letters of an alphabet say as much as one Han or Hangul syllable, roughly."""

SPAM_PHRASES = 3
SPAM_SHARE = 0.05
"""Spam takes so many different phrases, and this share of the text: a report on crime has the words, too."""

_OTHER, _HAN, _LATIN, _ACCENTED, _KANA, _HANGUL, _FOREIGN = range(7)


def _classes() -> NDArray[np.uint8]:
    """What each UTF-16 code unit is; a high surrogate stands for its character, a low one for nothing."""
    table = np.zeros(0x10000, np.uint8)
    for kind, ranges in {
        _FOREIGN: ((0x370, 0x1100), (0x1200, 0x1E00), (0x1F00, 0x2000), (0xA4D0, 0xAC00), (0xFB50, 0xFE00)),
        _LATIN: ((0x41, 0x5B), (0x61, 0x7B), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)),
        _ACCENTED: ((0xC0, 0xD7), (0xD8, 0xF7), (0xF8, 0x250), (0x1E00, 0x1F00)),
        _KANA: ((0x3041, 0x3097), (0x30A1, 0x30FB), (0x31F0, 0x3200), (0xFF66, 0xFF9E)),
        _HANGUL: ((0x1100, 0x1200), (0x3131, 0x318F), (0xAC00, 0xD7A4)),
        # Planes 2 and 3 hold Han only; their high surrogates are D840 to D8BF.
        _HAN: ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0xD840, 0xD8C0)),
    }.items():
        for start, end in ranges:
            table[start:end] = kind
    return table


_CLASSES = _classes()
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


def judge(text: str, choices: Choices = PRESET) -> Verdict:
    """Whether the text of a document is fit to be published.

    >>> judge("各区人民政府：现将有关事项通知如下。").accepted
    True
    >>> judge("2021 / 3")
    Verdict(reason='empty_body', detail='no letter and no Han in 8 characters', stage='corpus')

    Left alone: what is short and whole (a notice of one sentence), tables, code with Chinese comments, Chinese that
    quotes other languages, a report on spam. Three limits are choices, preset so: 8 Han, since a headline has as many;
    2,000,000 characters, since the Records of the Grand Historian have half a million; three tenths of the characters
    lost, since with more no sentence is whole, and with a fifth, as a strict misreading leaves it, many are. The others
    are the constants above.
    """
    length = len(text)
    lost = lost_count(text)
    if lost > choices.maximum_lossy_share * length:
        return _refused("lossy_mojibake", f"{lost} of {length} characters are lost")
    counts = _counts(text)
    if not counts[1:].any():
        return _refused("empty_body", f"no letter and no Han in {length} characters")
    han, latin, accented, kana, hangul, foreign = (int(count) for count in counts[1:])
    if 2 * (han + hangul + kana) + latin + accented + foreign < 2 * choices.minimum_han:
        return _refused("too_short", f"{han} Han and {latin} letters")
    if length > choices.maximum_characters:
        return _refused("too_large", f"{length} characters, the limit is {choices.maximum_characters}")
    language = _other_language(text, counts)
    if language is not None:
        return _refused("not_zh_or_en", language)
    spam = _spam(text)
    return Verdict() if spam is None else _refused("spam_injected", spam)


def _refused(reason: str, detail: str) -> Verdict:
    return Verdict(reason, detail, "corpus")


def _counts(text: str) -> NDArray[np.intp]:
    """How many characters of each class there are."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    return np.bincount(_CLASSES.take(units), minlength=7)


def _other_language(text: str, counts: NDArray[np.intp]) -> str | None:
    """Say what the text is in, where that is neither Chinese nor English beyond doubt."""
    _, han, latin, accented, kana, hangul, foreign = (int(count) for count in counts)
    alphabetic = (latin + accented) / LETTERS_OF_A_HAN
    if kana or hangul or foreign:
        whole = han + kana + hangul + foreign / LETTERS_OF_A_HAN + alphabetic
        for name, writing in {
            "Japanese kana, with their Han": han + kana if kana > KANA_SHARE * (han + kana) else kana,
            "Hangul": hangul,
            "another alphabet": foreign / LETTERS_OF_A_HAN,
        }.items():
            if writing > FOREIGN_SHARE * whole:
                return f"{name} are {writing / whole:.0%} of the writing"
    if alphabetic > FOREIGN_SHARE * (han + alphabetic):
        words = _WORD.findall(text[:_SAMPLE].lower())
        if len(words) >= _FEWEST_WORDS and sum(word in _ENGLISH for word in words) < _ENGLISH_SHARE * len(words):
            others = sum(word in _NOT_ENGLISH for word in words)
            if others > _NOT_ENGLISH_SHARE * len(words) or accented > _ACCENTED_SHARE * (latin + accented):
                return f"Latin letters, and {others} of {len(words)} words are common in other languages than English"
    return None


def _spam(text: str) -> str | None:
    if not _SPAM.search(text):
        return None
    hits = [hit for line in text.split("\n") if not _REPORTS.search(line) for hit in _SPAM.findall(line)]
    if len(set(hits)) < SPAM_PHRASES or len("".join(hits)) < SPAM_SHARE * len(text):
        return None
    return f"{len(hits)} phrases of gambling or pornography, {len(set(hits))} of them different"
