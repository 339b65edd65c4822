"""The header that a platform puts above an article: who published it there, when, and from where.

Here belongs how WeChat's public accounts, Toutiao and Baidu write it: 原创 甲某 某研究院 2023-05-01 09:00 发表于北京.
It names no field, so the words around the day have to show what it is. Headers of news sites belong in
:mod:`pipeline.steps.headers`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.metadata.bylines import is_han_name
from pipeline.metadata.region_table import short_names

_TOKEN = re.compile(r"\S+")
_ACCOUNT = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·_-]{2,20}")
_ENDS_AS_ACCOUNT = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9·]{1,16}(?:网|报|社|台|刊|周刊|杂志|周末|在线|客户端|公众号|研究院|研究所|研究中心|联盟|协会|学会"
    r"|智库|观察|(?<!信息|新闻|政策|公告|通知|统一|首次|正式|联合|权威|任务|成果|标准|版本|产品|报告)发布)"
)
"""The names of outlets and of bodies that publish; 甲市发布 is the account of a city's government. A
university may as well be where something takes place: 甲大学 2023-05-01 09:00 北京."""

_NO_ACCOUNT = re.compile(
    "时间|日期|更新|截止|截至|会议|会场|地点|报名|开始|结束|原创|活动|仪式|来源|作者|编辑|阅读|浏览|发表|第.{1,4}[届次期场]|讲话|致辞"
)
ORIGINAL = re.compile("原创[：:]?")
"""What WeChat marks an article with that stands there first."""

PUBLISHED_FROM = re.compile("发[表布]于[ ]?[\u4e00-\u9fff]{2,6}")
"""Where an article was published from: 发表于北京."""

OFFICIAL_ACCOUNT = re.compile("(?P<name>[\u4e00-\u9fffA-Za-z0-9·]{2,16})官方[账帐]号")
"""What Baidu puts below the name of an account."""

_ORIGINAL_TOKENS = 3


class Account(NamedTuple):
    """Who published an article: the spans of the account's name and of the author's, within what was given."""

    name: tuple[int, int] | None
    author: tuple[int, int] | None


def account_before(before: str, behind: str, *, timed: bool) -> Account | None:
    """The account whose name stands before the day, where what is around it shows the header of a platform.

    >>> line, account = "原创 王某 某研究院 ", account_before("原创 王某 某研究院 ", " 北京", timed=True)
    >>> [line[slice(*span)] for span in account]
    ['某研究院', '王某']
    >>> account_before("某研究院 ", " 发表于北京", timed=False).name
    (0, 4)
    >>> account_before("全体会议 ", " 北京", timed=True) is None
    True

    It takes 原创 before it, 发表于 with a place behind it, or the time of day and a name that ends as an outlet's or a
    publishing body's does. What the author is called is read only where it looks like a person's name.
    """
    tokens = [match.span() for match in _TOKEN.finditer(before)]
    words = [before[slice(*span)] for span in tokens]
    place = behind.strip()
    if words and ORIGINAL.fullmatch(words[0]):
        if len(words) > _ORIGINAL_TOKENS or not all(_ACCOUNT.fullmatch(word) for word in words[1:]):
            return None
        if place and not _is_place(place):
            return None
        people = [span for span, word in zip(tokens[1:], words[1:], strict=True) if is_han_name(word)]
        author = people[0] if people else None
        name = tokens[-1] if len(tokens) > 1 and tokens[-1] != author else None
        return Account(name, author)
    if len(words) != 1 or not is_account(words[0]):
        return None
    if PUBLISHED_FROM.fullmatch(place):
        return Account(tokens[0], None)
    shown = timed and _ENDS_AS_ACCOUNT.fullmatch(words[0])
    return Account(tokens[0], None) if shown and (not place or _is_place(place)) else None


def account_behind(behind: str, *, timed: bool) -> tuple[int, int] | None:
    """The account whose name stands behind the time of day and a dot, as Toutiao writes it: 09:25·某日报.

    >>> behind = "·某日报"
    >>> behind[slice(*account_behind(behind, timed=True))]
    '某日报'
    """
    name = behind.strip().removeprefix("·").strip()
    if not timed or not behind.strip().startswith("·") or not is_account(name):
        return None
    start = behind.index(name)
    return start, start + len(name)


def is_account(word: str) -> bool:
    """True for what may be the name of an account, given that something else shows one.

    >>> is_account("某研究院"), is_account("更新时间"), is_account("支持3D打印，推动创新")
    (True, False, False)
    """
    return bool(_ACCOUNT.fullmatch(word)) and not _NO_ACCOUNT.search(word) and not word.isdigit()


def _is_place(word: str) -> bool:
    return bool(PUBLISHED_FROM.fullmatch(word)) or word in short_names()
