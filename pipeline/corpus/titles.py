"""What two titles tell about documents whose texts are nearly the same: whether they are titles of two documents.

Here belongs the difference between 临川市制定地方性法规条例 beside 望海市制定地方性法规条例, and two headlines over one
piece of news.
"""

from __future__ import annotations

import re
from itertools import takewhile
from operator import eq

from pipeline.corpus.folding import folded_string
from pipeline.script.conversion import converter

LEAST_FRAME = 4
FRAME_SHARE = 0.5
"""Two titles are of one frame where they have so many characters in common at their ends, and this share of the longer
one: 青澜市松岗医院编制表, 青澜市白石疗养院编制表."""

_SPOKEN = re.compile(r"[^\W_]+")
_NUMERAL = re.compile("[0-9〇零一二三四五六七八九十百]+")
_SITE = re.compile(r"(?:[-_|–—―｜]+[^-_|–—―｜0-9]{2,12})+$|^\s*【[^】]{1,12}】")
"""What a page puts behind its title, or before it: 标题_某某网, 标题 - 新闻频道 - 某某网, 【某某社】标题."""

_REMARK = re.compile(r"\((?:[^()]{0,40}(?:修[正订改]|[制订]定)[^()]{0,40}|[组附多]?图|图文|视频|全文|表)\)")
"""What is in brackets and makes no other document: (2018年修正), another version; (组图), what the page has."""


def titles_differ(one: str, other: str, texts: tuple[str, str]) -> bool:
    """Whether two titles are those of two documents with nearly the same text; `texts` are folded.

    >>> staff = ("院长由主任医师兼任.",) * 2
    >>> titles_differ("松岗医院编制表", "白石医院编制表", staff)
    True
    >>> titles_differ("青澜市发布数据条例", "青澜市出台数据条例", ("青澜市今日发布数据条例.",) * 2)
    False

    They are where they differ in their numerals alone; or where they are of one frame, and the texts do not both have
    the words that one title has instead of the other's. Left alone: what one title has more than the other, another
    headline, other words of another region, a slip, the name of a site, a remark such as the edition of a statute.
    """
    one, other = _said(one), _said(other)
    if one == other or _in_one_vocabulary(one) == _in_one_vocabulary(other):
        return False
    if _NUMERAL.sub("0", one) == _NUMERAL.sub("0", other):
        return True
    head = _alike(one, other)
    tail = _alike(one[head:][::-1], other[head:][::-1])
    shorter, longer = sorted(map(len, (one, other)))
    if head + tail < max(LEAST_FRAME, FRAME_SHARE * longer) or head + tail == shorter:
        return False
    # A single other character may be a slip; where the texts tell it apart with its neighbours, it is none: 县, 市.
    may_be_slip = head + tail + 1 == shorter == longer
    words = [title[max(0, head - may_be_slip) : len(title) - max(0, tail - may_be_slip)] for title in (one, other)]
    spoken_of = [{word for word in words if word in text} for text in texts]
    return spoken_of[0].isdisjoint(spoken_of[1]) and (any(spoken_of) or not may_be_slip)


def _alike(one: str, other: str) -> int:
    """How many characters two titles have in common at their beginning."""
    return sum(takewhile(bool, map(eq, one, other)))


def _said(title: str) -> str:
    """The letters and figures of a title, folded, without the site's name and remarks."""
    return "".join(_SPOKEN.findall(_REMARK.sub("", folded_string(_SITE.sub("", title)))))


def _in_one_vocabulary(title: str) -> str:
    """A title in the Mainland's words: a gateway to Traditional script writes 資訊 for 信息, and 资讯 stays of it."""
    return converter("tw2sp").convert(converter("s2t").convert(title))
