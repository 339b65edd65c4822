"""What the figures of two texts tell: two notices of one template differ in their dates and numbers, two copies do not.

Here belongs the evidence in the texts themselves. That the texts are alike at all is known before: what is compared is
each figure of one with the figure that stands in the same place of the other.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

_ANY = "[0-9〇零一二三四五六七八九十百]"
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = (
    rf"(?:{_ANY}{{2,6}}年)?{_ANY}{{1,3}}月(?:{_ANY}{{1,3}}日)?"
    "|[0-9〇零一二三四五六七八九]{4}年"
    r"|[0-9]{4}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?"
    rf"|{_MONTH}\.?[0-9]{{1,2}}(?:st|nd|rd|th)?(?:,?(?:19|20)[0-9]{{2}})?|[0-9]{{1,2}}{_MONTH}(?:19|20)[0-9]{{2}}"
)
_TURN = rf"(?<=第){_ANY}+(?=[期届次批号辑轮回季])"
_NUMBER = r"(?<=\()(?:19|20)[0-9]{2}\)第?[0-9]{1,5}(?=号)"
_FIGURE = re.compile(rf"(?P<telling>{_DATE}|{_TURN}|{_NUMBER})|[0-9]+(?:[.:,/-][0-9]+)*")
"""Telling are figures that say which one of its kind something is: a date, a turn (第三批), a number (〔2021〕5号).
Chinese numerals count in these alone: 第十二条 has another one as soon as an article is put in before it."""

_BEGINNING = re.compile(
    "[0-9〇零一二三四五六七八九十百jfmasond]"
    rf"(?:(?<=[0-9])|(?<=[^0-9a-z])(?:(?={_ANY}{{0,5}}[年月])|(?<=第.))"
    r"|(?<=[a-z])(?=(?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)[a-z]{0,6}\.?[0-9]))"
)
"""How any figure begins: a single class is searched for some ten times as fast as what may follow it. A Chinese numeral
begins one before a year or a month, or behind 第; a letter, where a month and a figure follow."""

PLACE = 3
"""Characters on either side that make a place. On 206 pairs of real near-copies (versions of statutes and of manuals,
republished pages) with 2 to 6 no pair is told apart; with 3 most pairs of real sister statutes are."""

FEWEST = 3
"""Of figures that tell nothing by themselves, so many must differ: one or two may be a counter of the page."""


class Comparison(NamedTuple):
    """How many of the figures in the same places agree and differ: of the telling ones, and of all."""

    telling_agree: int = 0
    telling_differ: int = 0
    agree: int = 0
    differ: int = 0


Places: TypeAlias = dict[str, tuple[str, bool]]
"""The figure in each place of a text, and whether it is a telling one; a place is what stands around a figure."""


def figures_differ(one: Places, other: Places) -> bool:
    """Whether the figures say that two texts, alike otherwise, are of two documents.

    >>> notice = "经研究,定于{}召开第{}次会议,请于{}前报名,会议室在三楼."
    >>> may, june = (notice.format(*dates) for dates in (("5月10日", "三", "5月8日"), ("6月12日", "四", "6月9日")))
    >>> figures_differ(places(may), places(june)), figures_differ(places(may), places(may.replace("8日", "9日")))
    (True, False)

    They do where more telling figures differ than agree, or more of all, three at least. A version of a statute has one
    date more, and keeps the others.
    """
    found = compared(one, other)
    return found.telling_differ > found.telling_agree or found.differ > max(found.agree, FEWEST - 1)


def compared(one: Places, other: Places) -> Comparison:
    """Compare the figures in the places that both texts have; a figure in another place is not looked at.

    >>> compared(places("到2025年,建成3个平台,服务200家企业."), places("到2025年,建成5个平台,服务200家企业."))
    Comparison(telling_agree=1, telling_differ=0, agree=2, differ=1)
    """
    pairs = [(one[place], other[place]) for place in one.keys() & other.keys()]
    telling = [here == there for here, there in pairs if here[1] or there[1]]
    every = [here == there for here, there in pairs]
    return Comparison(sum(telling), len(telling) - sum(telling), sum(every), len(every) - sum(every))


def places(text: str) -> Places:
    """The places of a folded text that occur once in it.

    >>> places("到2025年,建成3个平台")
    {'到0,建成': ('2025年', True), ',建成0个平台': ('3', False)}
    """
    figures, pieces, end = [], [], 0
    for begin in _BEGINNING.finditer(text):
        start = begin.start()
        if start < end:
            continue  # within the figure before
        match = _FIGURE.match(text, start)
        if match is not None:
            pieces += [text[end:start], "0"]
            figures.append(match)
            end = match.end()
    blank = "".join((*pieces, text[end:]))
    found: Places = {}
    again = set()
    shift = 0
    for match in figures:
        at = match.start() - shift
        shift += match.end() - match.start() - 1
        place = f"{blank[max(0, at - PLACE) : at]}0{blank[at + 1 : at + 1 + PLACE]}"
        if place in found:
            again.add(place)
        found[place] = match.group(), match.lastgroup is not None
    return {place: figure for place, figure in found.items() if place not in again}
