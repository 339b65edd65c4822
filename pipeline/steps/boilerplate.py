"""Cut page furniture: navigation, share bars, buttons, paths, copyright lines, disclaimers, lists of related pages.

The patterns are data (`data/boilerplate.json`), each with lines that it cuts and look-alikes that it keeps. They are
matched against whole lines at the head or the tail of the page, on the shadow; nothing is ever cut out of a sentence.
Lines that only a collection's lexicon knows belong in :mod:`pipeline.steps.learned_furniture`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline import lexicon
from pipeline.blocks import HEAD_BLOCKS, TAIL_BLOCKS, Block, Blocks, blocks, line_at, shadow, whole_line
from pipeline.edits import Edit
from pipeline.metadata.dates import full_dates
from pipeline.metadata.labelled import labelled
from pipeline.page_ends import ends_document
from pipeline.steps.headers import is_title
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATA = lexicon.document("boilerplate.json")

RULES = {
    **{f"boilerplate.{row['id']}": row["sentence"] for row in (*_DATA["lines"], *_DATA["evidence"], *_DATA["beside"])},
    "boilerplate.end_marker": "The mark that ends a news agency's text: （完）.",
    "boilerplate.navigation": "Navigation between the page's title and the same title above the article.",
    "boilerplate.related_list": "A title in the list of related pages at the end.",
}

_LONGEST_FURNITURE = 600
_HINT_WITHIN = 80
"""Furniture shows what it is near its beginning; 60 characters may stand before a registration number."""

_LONG = 180
_HINT_WITHIN_LONG = 24
"""A line that is longer than any registration's says at its very beginning what it is: a disclaimer, a path, links."""

_END_MARKER = re.compile(
    r"[(\[【<《][ ]{0,3}(?:完|全文完|本文完|完结|未完待续|下转第?\d{1,3}版|上接第?\d{1,3}版)[ ]{0,3}[)\]】>》]$"
    r"|(?<=[。！？”])返回[^\s。,]{2,4},查看更多$|(?<=[.”\"!?])[ ]{1,3}Enditem\.?$|^NNNN$"
)
_LAST_OF_MARKER = "多)]】>》）］＞m.．N"
"""How a line ends that can match: hardly any does, so hardly any is looked at."""

_EVIDENCE_BLOCKS = 5
_EVIDENCE_HITS = 2
_WIDGET_FURNITURE = frozenset({"comments", "correct", "fontsize", "print", "qr", "qr_follow", "share"})
_WIDGET_ALONE = re.compile(
    r"大|中|小|默认|超大|特大|\||打印|分享|收藏|关闭|纠错|微信|微信好友|微博|新浪微博|腾讯微博|朋友圈|QQ|QQ空间|QQ好友|Qzone|评论|图集|海报|复制链接"
    r"|facebook|twitter|x|whatsapp|wechat|weibo|linkedin|email|e-mail|print|copy link|line|\+1",
    re.IGNORECASE,
)
_LONGEST_RELATED = 60
_RELATED_LINES = 60
_LONGEST_EVIDENCE = 1500
_PAGE_LINES = 400
_SHORTEST_NAVIGATION = 3
_SHORTEST_TITLE = 6
_HAN = re.compile("[\u3400-\u9fff]")
_LONGEST_TITLE = 120
_LONGEST_SITE = 40
_BEHIND_TITLE = re.compile(r"$|[-_|–—丨·]|\s")
_PATH = re.compile(r"[>»›]|正文$")


class _Zone(NamedTuple):
    """What furniture at one end of a page looks like: the alternation of its patterns, each a group named as the rule.

    `hints` are words of which furniture has one: a line without any need not be looked at more closely.
    """

    pattern: re.Pattern[str]
    hints: re.Pattern[str]


@functools.cache
def _zone(name: str) -> _Zone:
    rows = [row for row in _DATA["lines"] if row["zone"] in (name, "ends") and row["id"] != "related"]
    pattern = "|".join(f"(?P<{row['id']}>{row['pattern']})" for row in rows)
    return _Zone(
        re.compile(pattern, re.IGNORECASE), re.compile(_any_of({hint for row in rows for hint in row["hints"]}))
    )


def _any_of(words: set[str]) -> str:
    """A pattern that is any of these words, with one branch for each first character: fewer of them are tried."""
    beginnings: dict[str, list[str]] = {}
    for word in sorted(words):
        # What begins with another word is found where that is.
        if not any(word.startswith(other) for other in words if other != word):
            beginnings.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in beginnings.items())


class _Beside(NamedTuple):
    """What is furniture only beside certain other furniture, line by line; `opens` where nothing has to stand above."""

    rule: str
    pattern: re.Pattern[str]
    hints: re.Pattern[str]
    beside: frozenset[str]
    opens: bool

    def shows(self, block: Block, near: str) -> bool:
        """True where a line has its shape, and the furniture that it goes with is near."""
        if near not in self.beside or len(block.text) > _LONGEST_FURNITURE or not self.hints.search(block.text):
            return False
        return bool(self.pattern.fullmatch(_shadow(block)))


@functools.cache
def _beside() -> tuple[_Beside, ...]:
    return tuple(
        _Beside(
            row["id"],
            re.compile(row["pattern"], re.IGNORECASE),
            re.compile(_any_of({*row["hints"]})),
            frozenset(row["beside"]),
            row["opens"],
        )
        for row in _DATA["beside"]
    )


class _Evidence(NamedTuple):
    """Phrases of which two in one line show what it is, with what the line must have and must not have beside them."""

    rule: str
    phrases: re.Pattern[str]
    needs: re.Pattern[str]
    lacks: re.Pattern[str]

    def shows(self, block: Block) -> bool:
        """True where a line has two different ones of the phrases."""
        if len(block.text) > _LONGEST_EVIDENCE or not self.needs.search(block.text):
            return False
        line = block.shadow
        if len({match.lastgroup for match in self.phrases.finditer(line)}) < _EVIDENCE_HITS:
            return False
        return not self.lacks.search(line)


@functools.cache
def _any_need() -> re.Pattern[str]:
    """What any evidence needs: most ends of pages have nothing of it."""
    return re.compile("|".join(row["needs"] for row in _DATA["evidence"]))


@functools.cache
def _evidence() -> tuple[_Evidence, ...]:
    found = []
    for row in _DATA["evidence"]:
        phrases = "|".join(f"(?P<phrase{number}>{phrase})" for number, phrase in enumerate(row["phrases"]))
        found.append(_Evidence(row["id"], re.compile(phrases), re.compile(row["needs"]), re.compile(row["lacks"])))
    return tuple(found)


def cut_boilerplate(view: View) -> Outcome:
    r"""Cut the lines at the head and the tail of a page that are furniture.

    >>> from pipeline.text import Text
    >>> Text("首页 > 新闻\n支持3D打印产业发展。\n【打印】").revise(cut_boilerplate).value
    '支持3D打印产业发展。\n'

    Left alone: everything between head and tail, lines longer than 600 characters, and policy words that look like
    furniture (3D打印, 尽职免责, 分享经济). Lines of a disclaimer without a heading, and injected advertising, take two
    different phrases in one line within five lines of an end. Navigation is cut where the page's title (`题目-甲网`) is
    repeated above the article and no prose stands between the two.
    """
    text = view.text
    every = blocks(text)
    findings: list[Finding] = []
    edits: list[Edit] = []
    article = _article(text, every)
    if article:
        title = every[article]
        edits.append(Edit(0, text[: title.line_start], "", "boilerplate.navigation"))
        findings.append(Finding("title", "page", (title.start, title.end)))
    cuts = _furniture(text, every, article)
    for block, rule in cuts.items():
        start, end = whole_line(text, block)
        edits.append(Edit(start, text[start:end], "", f"boilerplate.{rule}"))
        if rule == "copyright" and (site := _SITE_ALONE.fullmatch(block.shadow)):
            span = (block.start + site.start("host"), block.start + site.end("host"))
            findings.append(Finding("copyright_site", site["host"], span))
    for block in _last(every, TAIL_BLOCKS, article):
        if block.text[-1] not in _LAST_OF_MARKER or block in cuts:
            continue
        if found := _END_MARKER.search(shadow(block.text[-20:])):
            start = block.start + max(0, len(block.text) - 20) + found.start()
            edits.append(Edit(start, text[start : block.end], "", "boilerplate.end_marker"))
            findings.append(Finding("end_marker"))
    return Outcome(edits, findings) if edits else NOTHING


_SPACES = re.compile(" {2,}")
_SITE_ALONE = re.compile(r"(?:©|Copyright)[ ©\d-]{1,20}(?P<host>(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,6})", re.IGNORECASE)


def _shadow(block: Block) -> str:
    """The shadow with one space for many: the patterns have several optional spaces, which many would multiply."""
    return _SPACES.sub(" ", block.shadow)


def _furniture(text: str, every: Blocks, first: int) -> dict[Block, str]:
    """The lines from the first one on that are furniture, each with what it is."""
    cuts: dict[Block, str] = {}
    _add_patterned("head", every[first : first + HEAD_BLOCKS], cuts)
    _add_patterned("tail", _last(every, TAIL_BLOCKS, first), cuts)
    for blocks_of_end in (every[first : first + _EVIDENCE_BLOCKS], _last(every, _EVIDENCE_BLOCKS, first)):
        if blocks_of_end and _any_need().search(text, blocks_of_end[0].start, blocks_of_end[-1].end):
            for block in blocks_of_end:
                for evidence in _evidence():
                    if evidence.shows(block):
                        cuts.setdefault(block, evidence.rule)
    if cuts:
        _add_beside(_last(every, TAIL_BLOCKS, first), cuts)
    _add_related(every, first, cuts)
    return cuts


def _last(every: Blocks, count: int, first: int) -> Sequence[Block]:
    """The last lines of a page, without those above the first one of the article."""
    last = every[-count:]
    if first:
        start = every[first].line_start
        last = [block for block in last if block.line_start >= start]
    return last


def _add_patterned(zone: str, lines: Sequence[Block], cuts: dict[Block, str]) -> None:
    """The lines at an end that have the shape of furniture, and the buttons beside them."""
    pattern, hints = _zone(zone)
    widget = ""
    for block in lines:
        length = len(block.text)
        within = _HINT_WITHIN if length <= _LONG else _HINT_WITHIN_LONG
        likely = length <= _LONGEST_FURNITURE and hints.search(block.text, 0, within)
        if likely and (found := pattern.fullmatch(_shadow(block))):
            rule = str(found.lastgroup)
            cuts.setdefault(block, rule)
            widget = rule if rule in _WIDGET_FURNITURE else ""
        elif widget and _WIDGET_ALONE.fullmatch(block.text):
            cuts.setdefault(block, widget)
        else:
            widget = ""


def _add_beside(lines: Sequence[Block], cuts: dict[Block, str]) -> None:
    """The lines that are furniture beside what is cut already, below it and above it, without a gap.

    Above it, what does not open such a block (an address, a telephone) is only cut below a line that does.
    """
    for upwards in (False, True):
        near = ""
        run: dict[Block, str] = {}
        for block in reversed(lines) if upwards else lines:
            if block in cuts:
                near = near if cuts[block] in _beside_rules() else cuts[block]
                cuts |= run
                run = {}
            elif near and (beside := next((one for one in _beside() if one.shows(block, near)), None)):
                run[block] = beside.rule
                if beside.opens or not upwards:
                    cuts |= run
                    run = {}
            else:
                near, run = "", {}


@functools.cache
def _beside_rules() -> frozenset[str]:
    return frozenset(one.rule for one in _beside())


def _add_related(every: Blocks, first: int, cuts: dict[Block, str]) -> None:
    """Below the heading of a list of related pages, the titles that follow it to the end.

    The page is read from its last line up, for as long as lines are items; the heading is the uppermost one.
    """
    items: list[Block] = []
    related = 0
    beginning = every[first].line_start if every.reaches(first) else 0
    for block in every.upwards(_RELATED_LINES):
        if block.line_start <= beginning or not _is_item(block):
            break
        items.append(block)
        if _heads_related(block):
            related = len(items)
    for block in items[: max(0, related - 1)]:
        cuts.setdefault(block, "related_list")
    if related:
        cuts.setdefault(items[related - 1], "related")


@functools.cache
def _related() -> _Zone:
    row = next(row for row in _DATA["lines"] if row["id"] == "related")
    return _Zone(re.compile(row["pattern"], re.IGNORECASE), re.compile("|".join(row["hints"])))


def _heads_related(block: Block) -> bool:
    """True for the heading of a list of related pages."""
    if len(block.text) > _LONGEST_RELATED or not _related().hints.search(block.text):
        return False
    return bool(_related().pattern.fullmatch(_shadow(block)))


def _is_item(block: Block) -> bool:
    """True for a line that may stand in a list of related pages: a title, its heading, or other furniture."""
    if len(block.text) <= _LONGEST_RELATED and not block.text.endswith(("。", "；", "：")):
        return not ends_document(block.text)
    if len(block.text) > _LONGEST_FURNITURE:
        return False
    furniture = _zone("tail")
    if furniture.hints.search(block.text) and furniture.pattern.fullmatch(_shadow(block)):
        return True
    return _heads_related(block)


def _article(text: str, every: Blocks) -> int:
    """Which line repeats the page's title above the article; 0 where none does.

    The first line is the title, with the site's name behind it or without. Between the two stand at least three lines
    and hardly a sentence; above the second one a path (首页 > 要闻), or below it a date or a labelled field.
    """
    if not every.reaches(_SHORTEST_NAVIGATION + 1) or not _SHORTEST_TITLE <= len(every[0].text) <= _LONGEST_TITLE:
        return 0
    page_title = every[0].text
    if not _HAN.search(page_title) or page_title[0] in "<#|-*`":
        return 0
    beginning = page_title[:_SHORTEST_TITLE]
    at = text.find(beginning, every[0].end)
    while at >= 0:
        block = line_at(text, at)
        rest = page_title[len(block.text) :]
        if at == block.start and len(rest) <= _LONGEST_SITE and page_title.startswith(block.text):
            index = every.index_at(at) if _BEHIND_TITLE.match(rest) else 0
            return index if index < _PAGE_LINES and _heads_article(every, index) else 0
        at = text.find(beginning, at + 1)
    return 0


def _heads_article(every: Sequence[Block], index: int) -> bool:
    """True where navigation stands between the page's title and this line, and an article's header around it."""
    between, below = every[1:index], every[index + 1 : index + 4]
    if len(between) < _SHORTEST_NAVIGATION or not is_title(every[index].text):
        return False
    sentences = sum(
        other.text.endswith(("。", "！", "？")) or len(other.text) > _LONGEST_FURNITURE for other in between
    )
    if sentences * 20 > len(between):
        return False
    dated = any(
        len(other.text) <= _LONGEST_TITLE and (full_dates(other.text) or labelled(other.text)) for other in below
    )
    return dated or bool(_PATH.search(between[-1].text))
