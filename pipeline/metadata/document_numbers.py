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

_WHICH = rf"(?:第{_S}(?:\d{{1,4}}|{_HAN_NUMERAL}){_S}号|{_YEAR}{_S}年{_S}第{_S}\d{{1,4}}{_S}号)"
HEAD = re.compile(
    rf"(?P<organs>[\u4e00-\u9fff \u3000\n]{{2,300}}?)\s{{0,6}}(?:令|公告|通告)\s{{0,6}}"
    rf"[（(]?{_S}{_WHICH}{_S}[）)]?\s{{0,6}}"
)
"""An order's or an announcement's number as it stands at a head, over several lines: 国务院令⏎（第764号）."""

_ANNOUNCEMENT = re.compile(rf"{_YEAR}{_S}年{_S}第{_S}\d{{1,4}}{_S}号")
_HAN_YEAR = re.compile(
    rf"[\u4e00-\u9fff]{{1,20}}{_S}[〔\[［（(【]{_S}[一二][〇○零ＯO0一二三四五六七八九]{{3}}{_S}[〕\]］）)】]{_S}第?{_S}\d{{1,5}}{_S}号"
)
_WHICH_LINE = re.compile(rf"[（(]?{_S}{_WHICH}{_S}[）)]?")
_ORGAN = re.compile(
    "[\u4e00-\u9fff]{2,40}(?:办公厅|办公室|人民政府|委员会|[部厅局委署院行会办])|(?:中华人民共和国)?(?:国务院|主席)"
)
_STATE = re.compile("中华人民共和国(?!主席|最高|国家|驻)(?=[\u4e00-\u9fff]{3})|中华人民共和国(?=国家)")

_YEAR_OF = re.compile(_YEAR)


def own_line(line: str) -> bool:
    """True where a line is a document number and nothing else.

    >>> own_line("国发〔2017〕35号"), own_line("（京政发〔2020〕第10号）")
    (True, True)
    >>> own_line("〔2018〕5号"), own_line("津滨政办发〔201922")
    (False, False)
    >>> own_line("某局关于某事的公告（2022年第8号）"), own_line("2022年第8号")
    (False, False)
    """
    bare = line.strip(" \t\u3000（）()")
    return "号" in line and "关于" not in line and not _ANNOUNCEMENT.fullmatch(bare) and is_number(bare)


def which_line(line: str, *, of_year: bool = False) -> bool:
    """True where a line says which one and no more: 第745号, （第764号）, 2023年第15号 (`of_year`: only the last form).

    >>> which_line("（第764号）"), which_line("2023年第15号", of_year=True), which_line("第764号", of_year=True)
    (True, True, False)
    """
    if "号" not in line:
        return False
    return bool(_ANNOUNCEMENT.fullmatch(line.strip(" \t\u3000（）()")) if of_year else _WHICH_LINE.fullmatch(line))


def organs_of(number: str) -> list[tuple[int, int]]:
    r"""Where the bodies stand that an order's or an announcement's number names, without 中华人民共和国 before them.

    >>> number = "国家互联网信息办公室\n中华人民共和国教育部\n令\n第15号"
    >>> [number[start:end] for start, end in organs_of(number)]
    ['国家互联网信息办公室', '教育部']
    >>> organs_of("国令第707号"), organs_of("国发〔2017〕35号")
    ([], [])

    Where one part is not the name of a body, none is.
    """
    match = HEAD.fullmatch(number)
    if match is None:
        return []
    found: list[tuple[int, int]] = []
    for part in _PART.finditer(match["organs"]):
        if not _ORGAN.fullmatch(part.group()):
            return []
        state = _STATE.match(part.group())
        found.append((part.start() + (state.end() if state else 0), part.end()))
    return found


_PART = re.compile("[\u4e00-\u9fff]+")


def is_number(text: str) -> bool:
    r"""True where a text is a whole document number.

    >>> is_number("国令第707号"), is_number("国发〔2017〕"), is_number("大 中 小")
    (True, False, False)
    >>> is_number("甲部令\n第5号"), is_number("2022年第8号"), is_number("国办发〔二〇〇八〕12号")
    (True, True, True)
    """
    return any(pattern.fullmatch(text) for pattern in (NUMBER, ORDER, TAIWAN, HEAD, _ANNOUNCEMENT, _HAN_YEAR))


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
