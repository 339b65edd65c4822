"""Document numbers (发文字号) as official documents print them.

Here belongs what a number looks like, and which body a number's code stands for. Whether a number is the document's own
is decided by where it stands (:mod:`pipeline.steps.official_heads`, labels).
"""

from __future__ import annotations

import functools
import re
from typing import TypeAlias

from pipeline import lexicon

_S = r"[ \t\u00a0\u3000]{0,4}"
_YEAR = r"(?:19|20)\d\d"
_HAN_NUMERAL = "[一二三四五六七八九十百零〇]{1,6}"
NUMBER = re.compile(
    rf"(?P<code>[\u4e00-\u9fff]{{1,20}}){_S}[〔\[［（(【]{_S}{_YEAR}{_S}年?{_S}[〕\]］）)】]{_S}(?:第)?{_S}\d{{1,5}}{_S}号(?:文)?"
)
"""国发〔2017〕35号 with every kind of bracket, 第 and 年; a code of at least one Han is part of it."""

ORDER = re.compile(
    rf"[\u4e00-\u9fff]{{1,31}}(?:令|公告|通告){_S}"
    rf"(?:第{_S}\d{{1,4}}{_S}号|[（(]?第{_HAN_NUMERAL}号[）)]?|\d{{4}}{_S}年{_S}第{_S}\d{{1,4}}{_S}号)"
)
"""中华人民共和国国务院令第745号, 国令第707号, 某部公告2020年第5号."""

TAIWAN = re.compile(rf"[\u4e00-\u9fff]{{2,10}}字第{_S}\d{{6,12}}[A-Z]?{_S}号")
"""院臺科字第1121023456號, after conversion."""

_YEAR_OF = re.compile(_YEAR)


def own_line(line: str) -> bool:
    """True where a line is a document number and nothing else.

    >>> own_line("国发〔2017〕35号"), own_line("（京政发〔2020〕第10号）")
    (True, True)
    >>> own_line("〔2018〕5号"), own_line("津滨政办发〔201922")
    (False, False)
    """
    return "号" in line and is_number(line.strip(" \t\u3000（）()"))


def is_number(text: str) -> bool:
    """True where a text is a whole document number.

    >>> is_number("国令第707号"), is_number("国发〔2017〕"), is_number("大 中 小")
    (True, False, False)
    """
    return any(pattern.fullmatch(text) for pattern in (NUMBER, ORDER, TAIWAN))


def issuer_of(number: str) -> str | None:
    """The body that a number's code stands for, by a table; never guessed.

    >>> issuer_of("国办发〔2018〕117号"), issuer_of("某政发〔2018〕1号")
    ('国务院办公厅', None)
    >>> issuer_of("国卫办发〔2016〕3号"), issuer_of("国卫办发〔2020〕3号")
    ('国家卫生和计划生育委员会办公厅', '国家卫生健康委员会办公厅')

    The table is ``agency_codes.tsv``: codes, some with * for the section of the body that wrote it (工信部科), and the
    first and last whole year in which a code stood for a body where another one had it before or has it since.
    """
    match = NUMBER.match(number)
    if match is None:
        return None
    code, year = match["code"], int(_YEAR_OF.findall(match.group())[0])
    exact, families = _agencies()
    for rows in (exact.get(code, ()), *(found for start, found in families if _is_of(code, start))):
        for name, first, last in rows:
            if first <= year <= last:
                return name
    return None


_SECTION = 6
"""The longest name of a section in a code that was seen (国科发 + 创新基础) has four characters."""

_Agencies: TypeAlias = "tuple[dict[str, list[tuple[str, int, int]]], list[tuple[str, list[tuple[str, int, int]]]]]"


@functools.cache
def _agencies() -> _Agencies:
    """The bodies by code, and those by the beginning of their codes, the longest beginning first."""
    exact: dict[str, list[tuple[str, int, int]]] = {}
    families: dict[str, list[tuple[str, int, int]]] = {}
    for code, name, first, last in (tuple([*row, "", ""][:4]) for row in lexicon.rows("agency_codes.tsv")):
        into = families if code.endswith("*") else exact
        into.setdefault(code.rstrip("*"), []).append((name, int(first or 0), int(last or 9999)))
    return exact, sorted(families.items(), key=lambda item: (-len(item[0]), item[0]))


def _is_of(code: str, start: str) -> bool:
    return code.startswith(start) and len(code) - len(start) <= _SECTION
