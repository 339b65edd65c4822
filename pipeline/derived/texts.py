"""Figures about a text: how much of it is Han, Traditional, half width; what a conversion or a merge left in it.

Here belongs what is counted in the text of one document alone.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.code_points import HAN_RUN
from pipeline.script.evidence import script_evidence

if TYPE_CHECKING:
    from pipeline.derived.values import Row

_TONED = re.compile(
    "([\u3400-\u4dbf\u4e00-\u9fff])[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]{0,4}[)）]", re.IGNORECASE
)
_BOTH_SCRIPTS = dict.fromkeys(map(ord, "昇乾瞭著徵藉鍾陞"))  # stand in Simplified texts too, above all in names
_HALF_WIDTH = re.compile("(?<=[\u4e00-\u9fff])[,;:?!]|[,;?!](?=[\u4e00-\u9fff])")
_FULL_WIDTH = re.compile("[\uff0c\uff1b\uff1a\uff1f\uff01]")
_CONFLICT_LINE = re.compile("^(?:<{7}|={7}|>{7})(?:$| .*)", re.MULTILINE)
_LOST = re.compile("\ufffd+|锟斤拷")
_ABOUT_MERGING = re.compile("(?<![a-z])git(?![a-z])|merg|conflict|冲突|合并|版本控制|```", re.IGNORECASE)
_FEW_MARKS = 20  # as in the gate that restores punctuation: fewer say nothing about a document's habit
_OFTEN = 3
_LETTERS_OF_A_HAN = 4


def han_count(text: str) -> int:
    """How many Han there are.

    >>> han_count("AI 算力")
    2
    """
    return sum(map(len, HAN_RUN.findall(text)))


def lost_count(text: str) -> int:
    """How many characters are lost.

    >>> lost_count("第一\ufffd规定锟斤拷")
    4
    """
    return sum(map(len, _LOST.findall(text)))


def han_share(row: Row) -> float | None:
    """The share of Han in the writing of a Chinese text, where four letters say as much as one Han.

    >>> han_share({"language": "zh-Hans", "text": "算力 AI"})
    0.8
    """
    if not row["language"].startswith("zh"):
        return None
    han = han_count(row["text"])
    letters = sum(map(str.isalpha, row["text"])) - han
    return han / (han + letters / _LETTERS_OF_A_HAN) if han else 0.0


def traditional_share(row: Row) -> float | None:
    """The share of Han of a text in Simplified that are Traditional only."""
    if row["language"] != "zh-Hans":
        return None
    evidence = script_evidence(row["text"].translate(_BOTH_SCRIPTS))
    return evidence.traditional / evidence.han if evidence.han else None


def half_width_share(row: Row) -> float | None:
    """The share of half-width marks beside Han; null where there are too few marks to speak of a habit."""
    if row["language"] != "zh-Hans":
        return None
    half, full = len(_HALF_WIDTH.findall(row["text"])), len(_FULL_WIDTH.findall(row["text"]))
    return half / (half + full) if half + full >= _FEW_MARKS else None


def repeated_pinyin(text: str) -> int:
    """How many characters stand with their pinyin behind them three times or more."""
    return sum(times >= _OFTEN for times in Counter(_TONED.findall(text)).values())


def open_conflicts(text: str) -> int:
    """How many whole conflict blocks there are in a text that does not speak of merging outside of them."""
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
