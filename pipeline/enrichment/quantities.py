"""Quantities as they are printed: a number or a range, its scale, and its unit as a canonical one.

Here belongs what 3000亿元, 2至3家 and 10%以上 amount to. Whether a quantity is a target, and of what, is read in
:mod:`pipeline.enrichment.targets`. The units are data: ``steps/data/units.tsv``.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline import lexicon
from pipeline.character_class import CharacterClass

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDE = {**{0xFF10 + digit: 0x30 + digit for digit in range(10)}, ord("％"): ord("%"), ord("．"): ord(".")}
_IS_WIDE = CharacterClass("[０-９％]")
_NUMBER = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?"
_BEHIND_FIRST_DIGIT = r"\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{0,11}(?:\.\d{1,6})?"
_SCALES = {
    "": 1,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
_SCALE = "万亿|[十百千]?亿|[十百千]?万|千(?!瓦|克|米|卡)|百(?!分)"
_SUFFIXES = {"以上": ">=", "及以上": ">=", "以内": "<=", "以下": "<=", "之内": "<=", "左右": "=", "上下": "="}


class Unit(NamedTuple):
    """A unit as it is published, how many of it one printed unit makes, and what it measures.

    `measures` is `count`, `money`, `share` or `size`.
    """

    name: str
    factor: float
    measures: str


class Quantity(NamedTuple):
    """A quantity and where it stands; `highest` is set for a range, `relation` only where words beside it say one."""

    start: int
    end: int
    value: float
    highest: float | None
    unit: Unit
    relation: str | None


@functools.cache
def units() -> dict[str, Unit]:
    """Every unit by its printed form.

    >>> units()["亿元"] if "亿元" in units() else units()["元"]
    Unit(name='CNY', factor=1.0, measures='money')
    """
    return {row[0]: Unit(row[1], float(row[2]), row[3]) for row in lexicon.rows("units.tsv")}


@functools.cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(units(), key=lambda name: (-len(name), name))))
    suffixes = "|".join(sorted(_SUFFIXES, key=lambda name: (-len(name), name)))
    return re.compile(
        # No part of a longer number, of a date, of an ordinal, of a name such as A4 or 5G, of a negative number. It is
        # asked behind the first digit: a pattern that begins with a class of characters is found fastest.
        rf"(?P<low>\d(?<![\d.,A-Za-z〔第前/∶:-]\d)(?<![第前]\s\d)(?:{_BEHIND_FIRST_DIGIT}))(?:(?P<low_scale>{_SCALE})?(?P<low_share>%)?[至到~～—–-](?P<high>{_NUMBER}))?"
        rf"[ ]?(?P<scale>{_SCALE})?(?P<more>[多余])?(?P<early>以上)?(?P<unit>{names})"
        # 12个月 and 5个工作日 count time; 500强, 3.0版 and 20家庭 are other words.
        r"(?!个?月|年[头度级]|工作日|小时|交易日|自然日|季度|星期|周岁|岁|强|级|世纪|万|亿|庭|庭的)"
        rf"(?P<late>{suffixes})?"
    )


def folded(text: str) -> str:
    """A text with the width of digits and percent signs folded; offsets stay.

    >>> folded("增长１０％")
    '增长10%'
    """
    return text.translate(_WIDE) if _IS_WIDE.may_occur_in(text) else text


def quantities(text: str) -> Iterator[Quantity]:
    """Every quantity of a text whose digits are half-width, in order.

    >>> [(one.value, one.highest, one.unit.name, one.relation) for one in quantities("2至3家、1.5万亿元、10%以上")]
    [(2.0, 3.0, '家', None), (1500000000000.0, None, 'CNY', None), (0.1, None, 'ratio', '>=')]
    >>> list(quantities("2025年，国内500强，12个月，第3名，5G，〔2017〕35号"))
    []

    Left alone: numbers in Chinese numerals (三家, 百分之十), of which too many are no figures (一批, 三农), and time.
    """
    for match in _pattern().finditer(text):
        unit = units()[match["unit"]]
        scale = _SCALES[match["scale"] or ""]
        value = _number(match["low"]) * (_SCALES[match["low_scale"]] if match["low_scale"] else scale)
        highest = _number(match["high"]) * scale if match["high"] else None
        relation = _SUFFIXES.get(match["late"] or match["early"] or "")
        if match["more"]:
            relation = ">"
        if highest is not None and (highest <= value or (match["low_share"] and unit.measures != "share")):
            continue  # 2020-2025 is no range of a quantity, 10-5 is none at all
        yield Quantity(
            match.start(),
            match.end(),
            _exact(value * unit.factor),
            None if highest is None else _exact(highest * unit.factor),
            unit,
            relation,
        )


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _exact(value: float) -> float:
    """The value that was printed: 69.62 hundredths are 0.6962, not what multiplying leaves of it."""
    return float(f"{value:.12g}")
