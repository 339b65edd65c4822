"""Figures about texts: how much of each is Han, Traditional, half width; what a conversion or a merge left in it.

Here belongs what is counted in the text of each document alone. What a character counts for is looked up for all texts
at once, each text ending in a line end of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.code_points import HAN_RUN, code_points
from pipeline.script.evidence import script_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.derived.values import Numbers

_TONED = re.compile(
    "([\u3400-\u4dbf\u4e00-\u9fff])[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]{0,4}[)）]", re.IGNORECASE
)
_BOTH_SCRIPTS = dict.fromkeys(map(ord, "昇乾瞭著徵藉鍾陞"))  # stand in Simplified texts too, above all in names
_CONFLICT_LINE = re.compile("^(?:<{7}|={7}|>{7})(?:$| .*)", re.MULTILINE)
_LOST = re.compile("\ufffd+|锟斤拷")
_ABOUT_MERGING = re.compile("(?<![a-z])git(?![a-z])|merg|conflict|冲突|合并|版本控制|```", re.IGNORECASE)
_FEW_MARKS = 20  # as in the gate that restores punctuation: fewer say nothing about a document's habit
_OFTEN = 3
_LETTERS_OF_A_HAN = 4
_BASIC_PLANE = 0x10000
_COLON = ord(":")

_KINDS: dict[str, Any] = {
    "han": HAN_RUN.match,
    "alphabetic": str.isalpha,
    # Of the basic plane: what lies beyond it is counted as nothing.
    "letter": lambda c: ord(c) < _BASIC_PLANE and unicodedata.category(c)[0] == "L" and not HAN_RUN.match(c),
    "mark": lambda c: ord(c) < _BASIC_PLANE and unicodedata.category(c)[0] == "P",
    "half_width": ",;:?!".__contains__,
    "full_width": "\uff0c\uff1b\uff1a\uff1f\uff01".__contains__,
    "in_both_scripts": lambda c: ord(c) in _BOTH_SCRIPTS,
    "lost": "\ufffd锟".__contains__,
    # Without regard to case, as the pattern is.
    "toned": lambda c: c.lower() in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ",
}
"""What a character can count for; each is a bit."""

_BITS = {name: 1 << place for place, name in enumerate(_KINDS)}


class Counts(NamedTuple):
    """How many characters of each text count for what, and how many half-width marks stand beside Han."""

    han: Numbers
    alphabetic: Numbers
    letter: Numbers
    mark: Numbers
    full_width: Numbers
    in_both_scripts: Numbers
    lost: Numbers
    toned: Numbers
    half_width_beside_han: Numbers


def counts(texts: Sequence[str]) -> Counts:
    """The counts of each text.

    >>> found = counts(["AI 算力,", "", "第一\ufffd"])
    >>> found.han.tolist(), found.letter.tolist(), found.half_width_beside_han.tolist()
    ([2, 0, 2], [2, 0, 0], [1, 0, 0])
    """
    if not texts:
        return Counts(*(np.zeros(0, np.int64) for _ in Counts._fields))
    points = code_points("\n".join((*texts, "")))
    ends = np.cumsum([len(text) + 1 for text in texts])
    starts = np.concatenate(([0], ends[:-1]))
    table = np.zeros(int(points.max()) + 1, np.uint16)
    for point in np.flatnonzero(np.bincount(points)).tolist():
        table[point] = sum(_BITS[name] for name, is_one in _KINDS.items() if is_one(chr(point)))
    kinds = table[points]
    found = {
        name: np.add.reduceat((kinds & _BITS[name]).astype(np.bool_), starts, dtype=np.int64)
        for name in Counts._fields
        if name in _BITS
    }
    half = np.flatnonzero(kinds & _BITS["half_width"])
    beside = _is_basic_han(points[half - 1]) & (half > 0)
    beside |= _is_basic_han(points[half + 1]) & (points[half] != _COLON)
    places = np.searchsorted(ends, half[beside], side="right")
    return Counts(**found, half_width_beside_han=np.bincount(places, minlength=len(texts)))


def _is_basic_han(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return (points >= 0x4E00) & (points <= 0x9FFF)  # noqa: PLR2004  the block of unified ideographs


def lost_count(text: str) -> int:
    """How many characters are lost.

    >>> lost_count("第一\ufffd规定锟斤拷")
    4
    """
    return sum(map(len, _LOST.findall(text)))


def han_share(language: str, han: int, alphabetic: int) -> float | None:
    """The share of Han in the writing of a Chinese text, where four letters say as much as one Han.

    >>> han_share("zh-Hans", 2, 4)
    0.8
    """
    if not language.startswith("zh"):
        return None
    return han / (han + (alphabetic - han) / _LETTERS_OF_A_HAN) if han else 0.0


def traditional_share(language: str, text: str, in_both_scripts: int) -> float | None:
    """The share of Han of a text in Simplified that are Traditional only."""
    if language != "zh-Hans":
        return None
    evidence = script_evidence(text.translate(_BOTH_SCRIPTS) if in_both_scripts else text)
    return evidence.traditional / evidence.han if evidence.han else None


def half_width_share(language: str, half: int, full: int) -> float | None:
    """The share of half-width marks beside Han; null where there are too few marks to speak of a habit."""
    return half / (half + full) if language == "zh-Hans" and half + full >= _FEW_MARKS else None


def repeated_pinyin(text: str) -> int:
    """How many characters stand with their pinyin behind them three times or more."""
    return sum(times >= _OFTEN for times in Counter(_TONED.findall(text)).values())


def open_conflicts(text: str) -> int:
    """How many whole conflict blocks there are in a text that does not speak of merging outside of them."""
    if "<<<<<<<" not in text:
        return 0
    count, waiting_for, last, outside = 0, "<", 0, []
    for mark in _CONFLICT_LINE.finditer(text):
        if mark[0][0] == waiting_for:
            if waiting_for == "<":
                outside.append(text[last : mark.start()])
            elif waiting_for == ">":
                count += 1
                last = mark.end()
            waiting_for = {"<": "=", "=": ">", ">": "<"}[waiting_for]
    outside.append(text[last:])
    return 0 if count and any(map(_ABOUT_MERGING.search, outside)) else count
