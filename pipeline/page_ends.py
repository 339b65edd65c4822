"""The lines at the two ends of a page that may be furniture of its site, and how such a line is compared with others.

Here belongs what learning a lexicon and cutting by it have in common, so that nothing is learned that would not be cut,
and no lexicon, whoever wrote it, can cut what is protected here. What repeats is counted in :mod:`pipeline.learning`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Protocol

from pipeline import lexicon
from pipeline.blocks import HEAD_BLOCKS, shadow
from pipeline.metadata.dates import full_dates
from pipeline.metadata.document_numbers import own_line
from pipeline.metadata.labelled import labelled
from pipeline.steps.headers import is_title

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pipeline.blocks import Block
    from pipeline.furniture import Zone

NUMBER_SIGN = "#"
"""What stands for a number that varies from page to page: a counter, the day on which the page was read."""

LONGEST_LINE = 60
"""A menu's item, a site's name, a footer. Longer lines that repeat are prose, or several things in one line."""

LONGEST_DISCLAIMER = 400

_DISCLAIMER = next(row for row in lexicon.document("boilerplate.json")["evidence"] if row["id"] == "disclaimer_line")
_DISCLAIMS = re.compile("|".join(_DISCLAIMER["phrases"]))
_OF_THE_SITE = re.compile(_DISCLAIMER["needs"])
_OF_A_STATUTE = re.compile(_DISCLAIMER["lacks"])
"""Learned, a disclaimer needs one of the phrases of which two are asked for where nothing is known of the site."""

_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_SEPARATOR = re.compile(r"[|丨>»·/ ]{1,12}")
_LETTER = re.compile("[\u3400-\u9fffA-Za-z]")
_FEWEST_LETTERS = 2
_PROSE_MARK = re.compile("[,。!?;…]|:$|、$|\\.$")
_PROTECTED = re.compile(r"[#@<`{}=]|\d(?:[- ]?\d){6}|^\(.*\)$")
"""A heading in Markdown, an address, markup and code, a telephone number, the note in brackets below a document."""

_ISSUE = re.compile("第 ?\\d{1,5} ?[期号辑版]")
"""What stands below the title of a series."""

_NUMERAL = "[一二三四五六七八九十百零〇之\\d-]{1,9}"
_NUMBERED = re.compile(rf"第{_NUMERAL}(?:[编章节条款项届次]|部分)|{_NUMERAL}[、.]|\({_NUMERAL}\)|[○●■□★*•▪-]")
_AROUND_A_DATE = re.compile("(?:星期|周)[一二三四五六日天]|农历|[^\u3400-\u9fffA-Za-z]")
_BEGINS_BODY = re.compile("[,。!?;:、…]")
_PROSE = re.compile('[。！？；]|[a-z]{2}[.!?](?:[ "”]|$)')
_NAME_OF_ORGAN = re.compile("[\u3400-\u9fff]{2,40}")
_HEADLINE_VERB = re.compile("召开|举行|举办|开幕|启动|参加|出席|亮相|走进|公布|印发|部署|调研|主持|开展|揭牌|会见|考察")
"""What no name of an organ has: a headline that ends as one does (甲市召开科技大会) signs nothing."""

_LONGEST_METADATA = 120
_MOST_METADATA = 5
_LONGEST_NAME_OF_KIND = 4
"""公告, 政策文件, 通知公告 are items of menus; a longer line that ends so is the title of a document."""


class Known(Protocol):
    """What knows the lines of furniture: a lexicon, or what is being learned."""

    def has(self, zone: Zone, line: str) -> bool:
        """Whether a line, as it is compared, is furniture at this end of a page."""
        ...


def plain(line: str) -> str:
    """A line as it is compared with others: width, spaces and case folded.

    >>> plain("版权所有：　甲市 Portal")
    '版权所有: 甲市 portal'
    """
    return _SPACES.sub(" ", shadow(line)).strip().lower()


def numberless(line: str) -> str:
    """A line as it is compared where its numbers vary.

    >>> numberless("您是第1024位访客")
    '您是第#位访客'
    """
    return _DIGITS.sub(NUMBER_SIGN, plain(line))


@functools.lru_cache(maxsize=4096)
def may_be_furniture(line: str) -> bool:
    """True for a line that may be taken for furniture where it repeats.

    >>> [may_be_furniture(line) for line in ("政务公开", "甲市大数据中心 主办", "|")]
    [True, True, True]
    >>> [may_be_furniture(line) for line in ("各区要抓好落实。", "附件：1.任务清单", "甲市人民政府", "2020年1月2日")]
    [False, False, False, False]

    Never furniture, however often it repeats: a sentence or a clause (but a disclaimer of the site), a labelled field,
    a heading, a date, a number of a document, its title by its kind (…的通知), the name of an organ (it signs), an
    annex, a note in brackets, a telephone number, a line of more than 60 characters. The words are data
    (`steps/data/furniture_look_alikes.tsv`).
    """
    if len(line) > LONGEST_DISCLAIMER:
        return False
    bare = _SPACES.sub(" ", shadow(line)).strip()
    if is_disclaimer(bare):
        return True
    if len(bare) > LONGEST_LINE or _PROSE_MARK.search(bare) or _PROTECTED.search(bare) or _ISSUE.search(bare):
        return False
    if _SEPARATOR.fullmatch(bare):
        return True
    close = bare.replace(" ", "")
    if len(_LETTER.findall(close)) < _FEWEST_LETTERS or _NUMBERED.match(close) or _looks_official(close):
        return False
    return not (own_line(bare) or labelled(line) or _is_date(bare))


def is_disclaimer(line: str) -> bool:
    """True for a line in which a site speaks of itself and disclaims.

    >>> is_disclaimer("凡本网注明来源的作品,版权均属本网。"), is_disclaimer("落实尽职免责机制。")
    (True, False)
    """
    return bool(_DISCLAIMS.search(line) and _OF_THE_SITE.search(line) and not _OF_A_STATUTE.search(line))


def knows(known: Known, zone: Zone, line: str) -> bool:
    """True where a line is known as furniture at this end, as it stands or but for its numbers."""
    if not may_be_furniture(line):
        return False
    return known.has(zone, plain(line)) or known.has(zone, numberless(line))


def furniture_at_ends(every: Sequence[Block], known: Known, *, titles: Collection[str] = ()) -> list[Block]:
    r"""The known lines of furniture from the first line of a page down, and from the last one up, without a gap.

    >>> from pipeline.blocks import blocks
    >>> from pipeline.furniture import Entry, Lexicon
    >>> known = Lexicon.of([Entry("head", "政务公开", 9), Entry("head", "甲市之窗", 9)])
    >>> page = "甲市之窗\n政务公开\n算力中心开工\n甲市之窗\n中心昨日开工。\n"
    >>> [block.text for block in furniture_at_ends(blocks(page), known)]
    ['甲市之窗', '政务公开']

    Left alone: what stands behind the first line that is not known (at the tail, labelled fields do not count: they
    become columns); a line of `titles`; where no title is known, the line right above the body that has the shape of
    one; all of a page of which no sentence would stay.
    """
    first = 0
    while first < len(every) and every[first].text not in titles and knows(known, "head", every[first].text):
        first += 1
    tail = []
    for block in upwards(every):
        if first == len(every) or block.start < every[first].start:
            break
        if block.text in titles or not knows(known, "tail", block.text):
            break
        tail.append(block)
    if not first and not tail:
        return []
    gone = set(tail)
    staying = [block for block in every[first:] if block not in gone]
    if not any(_PROSE.search(block.text) for block in staying):
        return []
    if first and may_be_title(every[first - 1].text, staying, titles=titles):
        first -= 1
    return [*every[:first], *reversed(tail)]


def upwards(every: Sequence[Block]) -> Iterator[Block]:
    r"""The lines of a page from the last one up, without the labelled fields that stand among the last ones.

    >>> from pipeline.blocks import blocks
    >>> [block.text for block in upwards(blocks("中心昨日开工。\n甲市之窗\n责任编辑：乙某"))]
    ['甲市之窗', '中心昨日开工。']

    Five of them at most: more are a list that the document is about.
    """
    left = _MOST_METADATA
    for block in reversed(every):
        if left and len(block.text) <= _LONGEST_METADATA and "。" not in block.text and labelled(block.text):
            left -= 1
        else:
            yield block


def may_be_title(line: str, below: Sequence[Block], *, titles: Collection[str] = ()) -> bool:
    """True where no title is known, and a line has the shape of one and stands right above what is none: the body."""
    if titles or not below or not is_title(line):
        return False
    if any(field.label.field == "title" for block in below[:HEAD_BLOCKS] for field in labelled(block.text)):
        return False
    return begins_body(below[0].text)


def begins_body(line: str) -> bool:
    """True for what stands below a title and not within a menu: a sentence, a header line, a date, a heading.

    >>> begins_body("2020-01-02 来源：甲网"), begins_body("政务服务"), begins_body("今天是2020年1月2日")
    (True, False, False)
    """
    if may_be_furniture(line):
        return False
    bare = shadow(line)
    if len(bare) > LONGEST_LINE or _BEGINS_BODY.search(bare) or _NUMBERED.match(bare.replace(" ", "")):
        return True
    return bool(full_dates(bare) or own_line(bare) or labelled(line) or _ISSUE.search(bare))


def ends_document(line: str) -> bool:
    """True for what a document ends with: an annex, the body that signs it, its date.

    >>> [ends_document(line) for line in ("附件2：起草说明", "某市司法局", "2023年5月6日", "某市召开大会")]
    [True, True, True, False]
    """
    bare = _SPACES.sub("", shadow(line))
    begins, _, _, organs = _look_alikes()
    if bare.startswith(begins):
        return True
    if bare.endswith(organs) and _NAME_OF_ORGAN.fullmatch(bare) and not _HEADLINE_VERB.search(bare):
        return True
    return _is_date(bare)


def _is_date(line: str) -> bool:
    """True for a date alone, with the day of the week or without."""
    dates = full_dates(line)
    for date in reversed(dates):
        line = line[: date.start] + line[date.end :]
    return bool(dates) and len(_AROUND_A_DATE.sub("", line)) < _FEWEST_LETTERS


def _looks_official(line: str) -> bool:
    """True for what official documents begin and end with."""
    begins, ends, kinds, organs = _look_alikes()
    if line.startswith(begins) or line.endswith(ends) or (line.endswith(organs) and _NAME_OF_ORGAN.fullmatch(line)):
        return True
    return len(line) > _LONGEST_NAME_OF_KIND and line.endswith(kinds)


@functools.cache
def _look_alikes() -> tuple[tuple[str, ...], ...]:
    """How lines begin and end that are no furniture, the kinds of documents, and organs."""
    rows = lexicon.rows("furniture_look_alikes.tsv")
    return tuple(tuple(word for kind, word in rows if kind == wanted) for wanted in ("begins", "ends", "kind", "organ"))
