"""Cut the one-line header of a page (date, source, labelled fields) and the title that stands above it.

A header line is a date with at least one of: a labelled field, a host name, an outlet behind a gap, a time of day and
nothing else. Position alone never makes a title: the title is the line right above a header line, or a line that is
marked as one (`# …`, a row of asterisks below it).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.blocks import Block, Blocks, blocks, tail, whole_line
from pipeline.edits import Edit
from pipeline.metadata.accounts import (
    OFFICIAL_ACCOUNT,
    ORIGINAL,
    PUBLISHED_FROM,
    account_before,
    account_behind,
    is_account,
)
from pipeline.metadata.bylines import WITH_PLACE, byline, is_han_name, names_in
from pipeline.metadata.dates import full_dates
from pipeline.metadata.document_numbers import own_line
from pipeline.metadata.labelled import is_plausible, labelled
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.metadata.dates import Stated
    from pipeline.metadata.labelled import Labelled

RULES = {
    "field.authors": "The authors' line became a column.",
    "field.header_line": "The page's header line (date, source, labels) became columns.",
    "field.source_name": "The source's line became a column.",
    "field.release_date": "The date below the end mark of a press release became a column.",
    "field.title": "The title became a column.",
}

_SEARCHED = 8
_LONGEST_HEADER = 240
_LONGEST_TITLE = 100
_SHORTEST_TITLE = 4
_LONGEST_UNEXPLAINED = 24
_FOLLOWING = 8
_HOST = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|cn|net|org|gov|edu|hk|tw|mo)(?:\.[a-z]{2})?(?![\w.@-])",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"(?:^|[ \u00a0\u3000\t|丨｜·]{1,9})(?P<name>[\u4e00-\u9fffA-Za-z0-9·]{1,16}"
    r"(?:网|报|社|台|刊|周刊|周末|杂志|日报|晚报|时报|商报|新闻|财经|在线|频道|客户端|公众号|中心|资讯|委|局|部|厅|办|办公室|人民政府|官网))"
    r"(?=$|[ \u00a0\u3000\t|丨｜(（])"
)
_NEWS_OUTLET = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·]{1,10}(?:网|报|社|台|周刊|周末|杂志|在线|客户端)")
"""Outlets whose name is no organ's, which signs a document with the day behind it."""

_REPORTER = re.compile(WITH_PLACE)
_PROSE = re.compile("[。！？；，]")
_ENGLISH_PROSE = re.compile(r"[a-z]{2}[.!?]$|[a-z]{2}, [a-z]{2}")
_WIDGET = re.compile(
    r"(?:分享到?|打印|关闭|收藏|字[号体级]|小字号|大字号|[大中小]|默认|超大|浏览|评论|转发|点赞|发[表布]于|发布|星期[一二三四五六日]"
    r"|只看(?:该作者|楼主|大图)|倒序浏览|阅读模式|显示全部楼层"
    r"|[\[\]【】()（）:：\s·|丨｜])+"
)
_SEGMENTS = (
    ("source", re.compile(r"(?P<label>来源)\s{0,3}(?P<value>[^\s|:：]{2,20})")),
    ("author", re.compile(r"(?P<label>作者)\s{0,3}(?P<value>[^\s|:：]{2,20})")),
    (
        "author",
        re.compile(
            r"(?P<label>(?:本报|本网)?(?:记者|通讯员)|文|撰文)\s{0,3}"
            r"(?P<value>[\u4e00-\u9fff·]{2,4}(?:[、 ][\u4e00-\u9fff·]{2,4}){0,3})"
        ),
    ),
    (
        "editor",
        re.compile(
            r"(?P<label>(?:责任)?编辑|责编)\s{0,3}(?P<value>[\u4e00-\u9fff·]{2,4}(?:[、 ][\u4e00-\u9fff·]{2,4}){0,3})"
        ),
    ),
    ("views", re.compile(r"(?P<value>\d[\d,.]{0,11}[万萬]?)\s?(?P<label>次?(?:阅读|浏览|点击))")),
    (
        "views",
        re.compile(
            r"(?P<label>(?:阅读|浏览|点击)(?:量|数|次数)?)\s{0,3}[（(]?(?P<value>\d[\d,.]{0,11}[万萬]?\+?)[)）]?次?"
        ),
    ),
    (
        "author",
        re.compile(r"(?P<label>By)\s(?P<value>[A-Z][A-Za-z.’'-]{1,20}(?:(?: and |, | )[A-Z][A-Za-z.’'-]{1,20}){0,5})"),
    ),
    ("comments", re.compile(r"(?P<value>\d[\d,.]{0,11})\s?(?P<label>条?(?:评论|回复))")),
)
"""What stands between bars without a colon: `1164次阅读| 来源甲网| 作者乙某`."""

_BAR = re.compile("[|丨｜]")
_FEWEST_SEGMENTS = 2
_ENGLISH_OUTLET = re.compile(r"[A-Z][A-Za-z]{1,15}(?: [A-Z][A-Za-z]{1,15}){0,3}")
_MARK_AT_END = ("。", "；", "，", "：", ":", "、", ",")
SITE_BEHIND = re.compile(
    r"(?<=\S)[ ]{0,3}(?:--|[-_|—–])[ ]{0,3}[\u4e00-\u9fffA-Za-z0-9·]{2,14}"
    r"(?:网|网站|新闻|频道|在线|官网|客户端|人民政府)$"
)
_LETTER = re.compile("[\u3400-\u9fff]|[A-Za-z]{2,}")
_MENU = re.compile(r"[^\s|丨]{1,6}(?:[\s|丨]{1,5}[^\s|丨]{1,6}){3,}")
_GREETING = re.compile("^欢迎(?:访问|光临|来到)|今天是|^当前位置|^您的?(?:当前)?位置|^首页")
_OTHER_DATE = re.compile(r"(?:期|至|止|有效|时效|失效|生效|施行|实施|到期)[ \t\u3000]{0,4}[:：]?[ \t\u3000]{0,4}$")
"""What stands before a date that is not the page's: 信息时效期, 有效期至."""

_UPDATED = re.compile("(?:更新|修改|修订)(?:时间|日期|于)?[ \u3000]{0,4}$")
_DIGITS_ALONE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
_PUBLISHED_FROM = re.compile(rf"[\d日][ ]?{PUBLISHED_FROM.pattern}$")
"""How WeChat ends the header of an article."""

_TAKEN_FROM = re.compile(
    r"以下(?:文章|内容)来源于(?P<source>[^\s，,。]{2,20})"
    r"(?:[ ]{0,3}[，,][ ]{0,2}作者[：: ]{0,2}(?P<author>[^\s，,。]{1,20}))?[ ]{0,2}[.．。]{0,3}"
)
"""What WeChat puts above an article of another account."""

_ACCOUNT_LINES = 3
_SHORTEST_HEADLINE = 8
_HEADING_MARK = re.compile(r"#[ \t]{1,3}(?=\S)")
_SIGNS_OF_ROW = "＊*=＝━─"
_ROW = re.compile(rf"^[ \u3000]*(?P<mark>[{_SIGNS_OF_ROW}])(?P=mark){{7,200}}[ \u3000]*$", re.MULTILINE)
_ADOPTED = re.compile("(?:通过|公布|修[正订]|施行|批准)[）)]?$")
"""How the line ends that says when a statute was adopted: it stands below the header of its page."""

_RELEASE_TAIL = 400
_END_ALONE = re.compile("[（(]?完[）)]?")
_DAY_ALONE = re.compile(r"[（(]?(?:星期|周)[一二三四五六日天][）)]?")
_TIME_ALONE = re.compile(r"[\u4e00-\u9fff]{0,6}\d{1,2}[时:：]\d{1,2}分?")


class _Header(NamedTuple):
    position: int
    """Which block it is."""
    date: Stated
    fields: list[Labelled]


def cut_header(view: View) -> Outcome:
    r"""Cut the header line of a page and the title above it.

    >>> from pipeline.text import Text
    >>> line = "2018/1/18 09:25   example.gov.cn   关键字:智能,产业  浏览量:"
    >>> page = f"某市人工智能行动计划\n{line}\n为推进创新，制定本计划。\n"
    >>> text = Text(page).revise(cut_header)
    >>> text.value
    '为推进创新，制定本计划。\n'
    >>> [page[slice(*found.span)] for found in text.findings if found.kind in ("title", "header_date", "header_site")]
    ['2018/1/18 09:25', 'example.gov.cn', '某市人工智能行动计划']

    Left alone: a line with sentences in it, dates below the first eight lines, a day alone (it signs a document or says
    when a speech was made), and the entries of a chronicle.
    """
    text = view.text
    every = blocks(text)
    edits: list[Edit] = []
    findings: list[Finding] = []
    header = _header(every, dated=_has_value(view, "date_published"))
    if header is not None:
        block = every[header.position]
        findings += _read(block, header)
        last = _place_below(every, header, findings)
        edits.append(_cut(text, block, last, "field.header_line"))
    above = None if header is None else _cut_above(text, every, header, edits, findings)
    if not knows_title(view):
        title = title_above(every, above) if above is not None else None
        title = title or _marked_title(text, every)
        if title is not None:
            first, last, span = title
            edits.append(_cut(text, first, last, "field.title"))
            findings.append(Finding("title", "header", span))
    if header is None:
        _cut_release_date(text, edits, findings)
    _cut_taken_from(text, every, edits, findings)
    return Outcome(edits, findings) if edits else NOTHING


def _place_below(every: Blocks, header: _Header, findings: list[Finding]) -> Block:
    """The line that ends the header: that with its day, or the next one where it says from where, or by whom."""
    block = every[header.position]
    below = every[header.position + 1] if every.reaches(header.position + 1) else None
    if below is None or len(below.text) > _LONGEST_UNEXPLAINED:
        return block
    if official := OFFICIAL_ACCOUNT.fullmatch(below.text):
        findings.append(Finding("header_source", "", (below.start, below.start + official.end("name"))))
        return below
    return below if PUBLISHED_FROM.fullmatch(below.text) and header.date.instant else block


def _cut_above(text: str, every: Blocks, header: _Header, edits: list[Edit], findings: list[Finding]) -> int:
    """Cut what stands between the title and the header: a byline, an account; which block then follows the title."""
    position = _cut_byline(text, every, header.position, edits, findings)
    if position == header.position and (account := _account_above(every, header)):
        first, name, author = account
        edits.append(_cut(text, every[first], every[position - 1], "field.header_line"))
        findings.append(Finding("header_source", "", (name.start, name.end)))
        if author:
            findings.append(Finding("author", "", (author.start, author.end)))
        return first
    return position


def _account_above(every: Blocks, header: _Header) -> tuple[int, Block, Block | None] | None:
    """An account on lines of its own above the day: where they begin, its name, and the author's.

    原创 stands above it, or it is an outlet, or the header says from where it was published; and above that a headline.
    """
    position = header.position
    for first in range(position - 1, max(-1, position - 1 - _ACCOUNT_LINES), -1):
        between = every[first + 1 : position]
        if ORIGINAL.fullmatch(every[first].text) and between and all(is_account(block.text) for block in between):
            author = between[0] if len(between) > 1 and is_han_name(between[0].text) else None
            return first, between[-1], author
    if position < 2 or header.fields or not _is_headline_above(every, position - 1):  # noqa: PLR2004  a title and it
        return None
    name = every[position - 1]
    from_somewhere = _PUBLISHED_FROM.search(every[position].text) or (
        every.reaches(position + 1) and PUBLISHED_FROM.fullmatch(every[position + 1].text)
    )
    below = every[position + 1].text if every.reaches(position + 1) else ""
    official = OFFICIAL_ACCOUNT.fullmatch(below)
    proved = from_somewhere or (official and official["name"] == name.text)
    if _NEWS_OUTLET.fullmatch(name.text) or (proved and is_account(name.text)):
        return position - 1, name, None
    return None


def _is_headline_above(every: Blocks, position: int) -> bool:
    above = every[position - 1].text if position else ""
    return len(above) >= _SHORTEST_HEADLINE and is_title(above) and not _NEWS_OUTLET.fullmatch(above)


def _cut_taken_from(text: str, every: Blocks, edits: list[Edit], findings: list[Finding]) -> None:
    """Cut the line that says from which account an article was taken: 以下文章来源于某某报，作者甲某."""
    if text.find("来源于", 0, _LONGEST_HEADER * _SEARCHED) < 0:
        return
    for block in every[:_SEARCHED]:
        if block.text.startswith("以下") and (match := _TAKEN_FROM.fullmatch(block.text)):
            edits.append(_cut(text, block, block, "field.source_name"))
            for kind in ("source", "author"):
                value = match[kind]
                if value and (kind == "source" or is_han_name(value)):
                    findings.append(Finding(kind, "", (block.start + match.start(kind), block.start + match.end(kind))))
            return


def _cut_byline(text: str, every: Blocks, position: int, edits: list[Edit], findings: list[Finding]) -> int:
    """Cut a byline between the title and the header; which block then follows the title."""
    block = every[position - 1] if position > 1 else None
    if block is None or (match := byline(block.text)) is None:
        return position
    at = block.start + match.start("names")
    edits.append(_cut(text, block, block, "field.authors"))
    findings += [Finding("author", "", (at + start, at + end)) for start, end in names_in(match["names"])]
    return position - 1


def _cut(text: str, first: Block, last: Block, rule: str) -> Edit:
    start, end = first.line_start, whole_line(text, last)[1]
    return Edit(start, text[start:end], "", rule)


def _has_value(view: View, field: str) -> bool:
    return any(found.value == field and found.span[0] < found.span[1] for found in view.found("label_value"))


def knows_title(view: View) -> bool:
    """True where an earlier step has found a title."""
    return any(True for _ in view.found("title")) or _has_value(view, "title")


class Title(NamedTuple):
    """A title's lines, the first and the last of them, and its span."""

    first: Block
    last: Block
    span: tuple[int, int]


def title_above(every: Sequence[Block], position: int) -> Title | None:
    r"""The title right above the header at `position`, where the line there has the shape of one.

    >>> title_above(blocks("人工智能大会开幕\n来源：甲网"), 1).first.text
    '人工智能大会开幕'
    >>> title_above(blocks("首页 新闻 政务 服务 互动\n来源：甲网"), 1) is None
    True

    A subtitle behind a dash belongs to it, the site's name behind a mark (题目 - 甲新闻网) does not. No title: a
    sentence, a date, a number, a menu, a greeting, a labelled field.
    """
    if position < 1:
        return None
    first = last = every[position - 1]
    if last.text.startswith(("——", "--")) and position > 1:
        first = every[position - 2]
    if not is_title(first.text) or len(last.text) > _LONGEST_TITLE or last.text.endswith(_MARK_AT_END):
        return None
    site = SITE_BEHIND.search(last.text)
    return Title(first, last, (first.start, last.start + site.start() if site else last.end))


def is_title(line: str) -> bool:
    """True where a line has the shape of a title. The shape alone proves nothing.

    >>> is_title("人工智能大会开幕"), is_title("2020年5月6日"), is_title("会议指出，要推动创新。")
    (True, False, False)
    """
    if not _SHORTEST_TITLE <= len(line) <= _LONGEST_TITLE or line.endswith(_MARK_AT_END) or "。" in line:
        return False
    if (not line.isascii() and _MENU.fullmatch(line)) or _GREETING.search(line) or own_line(line) or labelled(line):
        return False
    rest = line
    for date in reversed(full_dates(line)):
        rest = rest[: date.start] + rest[date.end :]
    return bool(_LETTER.search(rest)) and len(_WIDGET.sub("", rest)) >= _SHORTEST_TITLE


def _header(every: Blocks, *, dated: bool) -> _Header | None:
    for position, block in enumerate(every[:_SEARCHED]):
        if len(block.text) > _LONGEST_HEADER:
            continue
        dates = full_dates(block.text)
        if not dates or dates[0].start > _LONGEST_TITLE:
            continue
        fields = labelled(block.text)
        if not all(_may_head(block, field, dates[0]) for field in fields):
            continue
        header = _Header(position, dates[0], fields)
        if _OTHER_DATE.search(block.text, 0, dates[0].start) or (
            not fields and _UPDATED.search(block.text, 0, dates[0].start)
        ):
            continue
        if _PROSE.search(_before_fields(block, fields)) or not (
            _is_evident(block, header, dated=dated) or _is_below_headline(every, header)
        ):
            continue
        if _prose_follows(every, position) and not _is_chronicle(every, position):
            return header
    return None


def _may_head(block: Block, field: Labelled, date: Stated) -> bool:
    """True where a field may stand in a header line: its value looks like one, and is no prose that holds the date."""
    if field.value_start <= date.start < field.value_end and not field.label.field.startswith("date_"):
        return False
    return is_plausible(field.label, block.text[field.value_start : field.value_end])


def _before_fields(block: Block, fields: Sequence[Labelled]) -> str:
    """The line up to its first labelled field: a value may hold commas, a header line's own part may not."""
    return block.text[: fields[0].start] if fields else block.text


def _is_evident(block: Block, header: _Header, *, dated: bool) -> bool:
    """True where something beside the date shows a header, and little stands there that nothing explains."""
    rest = _rest(block.text, header)
    unexplained = _HOST.sub("", rest)
    segments = _segments(rest)
    for segment in segments:
        unexplained = unexplained.replace(segment.group(), "")
    outlet = _OUTLET.search(block.text[header.date.end :])
    if outlet:
        unexplained = unexplained.replace(outlet["name"], "")
    if len(_WIDGET.sub("", unexplained)) > _LONGEST_UNEXPLAINED:
        return False
    told = any(not (field.label.weak and field.label.field.startswith("date_")) for field in header.fields)
    if told or segments or _HOST.search(rest) or outlet:
        return True
    if header.fields:  # 时间：… alone says when something takes place
        return False
    timed = header.date.instant is not None
    return bool(
        _PUBLISHED_FROM.search(block.text)
        or _is_date_line(block, header)
        or (timed and _OUTLET.fullmatch(block.text[: header.date.start].strip()))
        or _account(block, header)
        or _REPORTER.fullmatch(block.text[header.date.end :].strip())
        # A day alone signs a document; with the time of day it is the page system's.
        or (timed and not dated and not _WIDGET.sub("", rest).strip())
    )


def _is_below_headline(every: Blocks, header: _Header) -> bool:
    """True for an outlet with nothing but the day behind it, right below a headline: 政府新闻网 2023年5月1日."""
    line, date = every[header.position].text, header.date
    if header.fields or line[date.end :].strip() or not _NEWS_OUTLET.fullmatch(line[: date.start].strip()):
        return False
    return header.position > 0 and _is_headline_above(every, header.position)


def _is_date_line(block: Block, header: _Header) -> bool:
    """True for a day in digits alone on the second line: 2020-01-02. A day with 年 signs a document as often."""
    return header.position == 1 and not header.date.instant and bool(_DIGITS_ALONE.fullmatch(block.text))


def _account(block: Block, header: _Header) -> tuple[tuple[int, int] | None, tuple[int, int] | None] | None:
    """Where the names of a platform's account and of its author stand in the text, in a header without labels."""
    if header.fields:
        return None
    date, timed = header.date, header.date.instant is not None
    before, behind = block.text[: date.start], block.text[date.end :]
    if not before.strip() and (span := account_behind(behind, timed=timed)):
        at = block.start + date.end
        return (at + span[0], at + span[1]), None
    if account := account_before(before, behind, timed=timed):
        name, author = ((block.start + span[0], block.start + span[1]) if span else None for span in account)
        return name, author
    return None


def _rest(line: str, header: _Header) -> str:
    """What neither the date nor a labelled field explains."""
    stop = header.fields[0].start if header.fields else len(line)
    if header.date.start >= stop:
        return line[:stop]
    return line[: header.date.start] + " " + line[header.date.end : max(stop, header.date.end)]


def _segments(rest: str) -> list[re.Match[str]]:
    parts = _BAR.split(rest)
    if len(parts) < _FEWEST_SEGMENTS:
        return []
    return [match for _, pattern in _SEGMENTS for part in parts if (match := pattern.fullmatch(part.strip()))]


def _prose_follows(every: Sequence[Block], position: int) -> bool:
    following = every[position + 1 : position + 1 + _FOLLOWING]
    return any(_PROSE.search(block.text) or _ENGLISH_PROSE.search(block.text) for block in following)


def _is_chronicle(every: Sequence[Block], position: int) -> bool:
    """True where a line next to this one begins with a date as well: entries, not a header."""
    for block in (*every[max(0, position - 1) : position], *every[position + 1 : position + 3]):
        if len(block.text) <= _LONGEST_HEADER and (dates := full_dates(block.text)) and dates[0].start == 0:
            rest = block.text[dates[0].end :]
            if _ADOPTED.search(rest):
                continue
            if rest.strip() and rest[0] in " \u00a0\u3000\t|丨" and not labelled(block.text):
                return True
    return False


def _read(block: Block, header: _Header) -> list[Finding]:
    base = block.start
    date = header.date
    findings = []
    if not any(field.value_start <= date.start < field.value_end for field in header.fields):
        findings.append(Finding("header_date", date.edtf, (base + date.start, base + date.end)))
    for field in header.fields:
        findings.append(Finding("label", field.label.field, (base + field.start, base + field.name_end)))
        value = (base + field.value_start, base + field.value_end)
        findings.append(Finding("label_value", field.label.field, value))
    stop = header.fields[0].start if header.fields else len(block.text)
    before, after = block.text[: min(date.start, stop)], block.text[date.end : max(stop, date.end)]
    behind = base + date.end
    outlet = _OUTLET.fullmatch(before.strip()) if len(before) <= _LONGEST_UNEXPLAINED else None
    if account := _account(block, header):
        name, author = account
        findings += [Finding("header_source", "", name)] if name else []
        findings += [Finding("author", "", author)] if author else []
        return findings
    if reporter := _REPORTER.fullmatch(after.strip()):
        behind += len(after) - len(after.lstrip())
        findings += (
            [Finding("header_source", "", (behind + reporter.start("agency4"), behind + reporter.end("agency4")))]
            if reporter["agency4"]
            else []
        )
        at = behind + reporter.start("names4")
        findings += [Finding("author", "", (at + start, at + end)) for start, end in names_in(reporter["names4"])]
        return findings
    if outlet and not header.fields:
        findings.append(Finding("header_source", outlet["name"], (base, base + len(outlet["name"]))))
    if host := _HOST.search(after):
        findings.append(Finding("header_site", host.group(), (behind + host.start(), behind + host.end())))
    elif outlet := _OUTLET.search(after):
        span = (behind + outlet.start("name"), behind + outlet.end("name"))
        findings.append(Finding("header_source", outlet["name"], span))
    if len(_BAR.findall(block.text)) >= _FEWEST_SEGMENTS - 1:
        findings += [*_read_segments(before, base), *_read_segments(after, behind)]
        if header.fields and header.fields[-1].value_end > date.end:
            last = header.fields[-1].value_end
            findings += _read_segments(block.text[last:], base + last)
    return findings


def _read_segments(part_of_line: str, base: int) -> Iterator[Finding]:
    """What stands between bars without a colon; an outlet in English behind the name of an author only."""
    by = False
    for part in re.finditer(r"[^|丨｜]+", part_of_line):
        stripped = part.group().strip()
        at = base + part.start() + len(part.group()) - len(part.group().lstrip())
        for field, pattern in _SEGMENTS:
            if match := pattern.fullmatch(stripped):
                yield Finding("label", field, (at + match.start("label"), at + match.end("label")))
                yield Finding("label_value", field, (at + match.start("value"), at + match.end("value")))
                by = by or match["label"] == "By"
        if by and not stripped.startswith("By ") and _ENGLISH_OUTLET.fullmatch(stripped):
            yield Finding("header_source", stripped, (at, at + len(stripped)))


def _marked_title(text: str, every: Sequence[Block]) -> Title | None:
    """The title that the text marks as such: its only heading of the first level, or the line above its only row."""
    if every and (mark := _HEADING_MARK.match(every[0].text)) and _heading_count(text) == 1:
        first = every[0]
        if len(first.text) <= _LONGEST_TITLE:
            return Title(first, first, (first.start + mark.end(), first.end))
    for position, block in enumerate(every[1:4], 1):
        if block.text[0] in _SIGNS_OF_ROW and _ROW.fullmatch(block.text) and len(_ROW.findall(text)) == 1:
            above = title_above(every, position)
            return Title(above.first, block, above.span) if above else None
    return None


def _heading_count(text: str) -> int:
    """How many headings of the first level a text in Markdown has."""
    lines = "\n" + text
    return lines.count("\n# ") + lines.count("\n#\t")


def _cut_release_date(text: str, edits: list[Edit], findings: list[Finding]) -> None:
    """The end of a press release as Hong Kong's government writes it: 完, the day, the time."""
    lines = tail(blocks(text)) if "完" in text[-_RELEASE_TAIL:] else ()
    for position, block in enumerate(lines[:-1]):
        if not _END_ALONE.fullmatch(block.text):
            continue
        below = lines[position + 1]
        dates = full_dates(below.text) if len(below.text) <= _LONGEST_UNEXPLAINED else []
        if not dates or not (_DAY_ALONE.fullmatch(rest := below.text[dates[0].end :].strip()) or not rest):
            continue
        last = lines[position + 2] if position + 2 < len(lines) else below
        last = last if _TIME_ALONE.fullmatch(last.text) else below
        edits.append(_cut(text, block, last, "field.release_date"))
        date = dates[0]
        findings.append(Finding("header_date", date.edtf, (below.start + date.start, below.start + date.end)))
        return
