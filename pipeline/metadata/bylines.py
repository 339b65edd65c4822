"""The names in a byline: who wrote a news text, as papers and agencies print it.

Here belongs what a name looks like there, and the line that holds nothing but a byline. Where one is looked for is
decided by the steps.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from pipeline import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

_S = "[ \u00a0\u3000]{0,4}"
_HAN = "\u4e00-\u9fff"
_OUTLET = (
    r"(?!据|由|在|与|和|从|对|向|互联网|物联网|因特网|全网|电网|官网|外网|内网|社会|报告)"
    rf"[{_HAN}A-Za-z]{{1,10}}?(?:社|网|报|台|电视|日报|晚报|在线|客户端|中心|通讯|新闻|时报|周刊|财经)"
)
_NO_NAME = "手记|调查|观察|述评|直击|专访|报道|在线|连线|视角|评论|综述|一线|走基层"
_ROLE = "(?:首席|特约|见习|实习|特派)?(?:记者|通讯员)"
BYLINE = re.compile(
    rf"[■□◎●]?{_S}(?:(?:{_OUTLET}|本报|本刊|本网|本台)?{_ROLE}{_S}[:：]?|(?:{_OUTLET}|本报|本刊|本网|本台)评论员){_S}"
    rf"(?P<names>(?!{_NO_NAME})[{_HAN}·]{{2,4}}(?:[、，,]?[ \u3000]{{0,2}}(?!{_NO_NAME})[{_HAN}·]{{2,4}}){{0,4}})"
)
"""A line that holds nothing but an outlet's reporters; behind 评论员, a colon heads the title of a commentary."""

WITH_PLACE = (
    rf"[〔（(【]?(?:(?P<agency4>{_OUTLET}){_S}[/／∕]{_S})?(?:特派)?记者"
    rf"(?P<names4>[{_HAN}]{{2,4}}(?:、[{_HAN}]{{2,4}}){{0,3}}){_S}[/／∕]{_S}(?P<place4>[{_HAN}]{{2,8}}?)(?:综合)?报[导道][〕）)】]?{_S}"
)
"""Taiwan's: 〔记者甲某／台北报导〕, 联合报／记者甲某／台中报导."""

LONGEST_BYLINE = 40
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.’'-]+(?: [A-Z][A-Za-z.’'-]*){1,3}")
_NO_PERSON = re.compile("[网报社台刊院所部厅局委署会]$|公司|大学|发布|新闻|日报")
_NAME = re.compile(rf"[{_HAN}·]{{2,10}}|[A-Z][A-Za-z.’'-]*(?:\s+[A-Z][A-Za-z.’'-]*)*")
_BEFORE_NAME = re.compile("(?:本报|本网|本刊)?(?:见习|实习|特约|特派)?(?:记者|通讯员|实习生)")
_BEHIND_NAMES = re.compile("(?:报[道导]|摄影?|撰文|图文|编辑|整理|综合)$")
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木")
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,3}}|(?:{'|'.join(_COMPOUND)})[{_HAN}]{{2}}")


@functools.cache
def _surnames() -> frozenset[str]:
    return frozenset(lexicon.words("surnames.txt"))


def names_in(names: str) -> Iterator[tuple[int, int]]:
    """Where names stand in the part of a byline that holds them.

    >>> [names[start:end] for names in ("甲某、实习生乙某 本报通讯员 丙某 北京报道",) for start, end in names_in(names)]
    ['甲某', '乙某', '丙某']

    Left out: what people are called (通讯员, 实习生), and 报道 with its place.
    """
    for name in _NAME.finditer(names):
        role = _BEFORE_NAME.match(name.group())
        start = name.start() + (role.end() if role else 0)
        if start < name.end() and not _BEHIND_NAMES.search(name.group()):
            yield start, name.end()


def byline(line: str) -> re.Match[str] | None:
    """The byline that fills a line.

    >>> byline("新华社记者王敏、李强")["names"], byline("人民日报记者 坚守一线"), byline("本报评论员：保持定力")
    ('王敏、李强', None, None)

    The first name begins with one of the hundred commonest surnames, or a compound one: a headline may begin as a
    byline does, and a name that is missed stays in the text.
    """
    if len(line) > LONGEST_BYLINE:
        return None
    match = BYLINE.fullmatch(line)
    if match is None:
        return None
    return match if _begins_with_surname(match["names"]) else None


def is_name(word: str) -> bool:
    """Whether something looks like the name of one person and nothing else, in Han or in Latin letters.

    >>> [is_name(word) for word in ("王敏", "Wang Min", "管理员", "人民网", "admin")]
    [True, True, False, False, False]
    """
    return is_han_name(word) or _LATIN_NAME.fullmatch(word) is not None


def is_han_name(word: str) -> bool:
    """Whether something is two or three Han of which the first is a common surname, or four with a compound one.

    >>> [is_han_name(word) for word in ("王小某", "欧阳某某", "研究院", "高度重视", "王某某研究院")]
    [True, True, False, False, False]
    """
    return bool(_HAN_NAME.fullmatch(word)) and _begins_with_surname(word) and not _NO_PERSON.search(word)


def _begins_with_surname(names: str) -> bool:
    return names[0] in _surnames() or names.startswith(_COMPOUND) or "某" in names[1:3]
