"""Cut the head of an official document: the centred title, broken over lines, and the document number.

The evidence is the form that GB/T 9704-2012 prescribes: a title that ends with its kind (通知, 意见, 条例 …), followed
by the number or by the line of recipients that ends in a colon; the form of a statute, whose title is followed by the
note of its adoption or by its first chapter or article; or a title that is known already from a label or a header.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.blocks import Block, Blocks, blocks, whole_line
from pipeline.edits import Edit
from pipeline.metadata.document_numbers import organs_of, own_line, which_line
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES = {
    "field.doc_number": "The document number's line became a column.",
    "field.issuer": "The issuer's line became a column.",
    "field.title": "The title became a column.",
}

KINDS = (
    "决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|办法|规定|条例|细则|规则|规程|方案|规划|计划|"
    "纲要|措施|要点|指引|指南|标准|章程|制度|法|解释|清单|目录|准则|公约|宣言|倡议|倡议书|暂行规定|若干政策"
)
_STATUTES = "办法|规定|条例|细则|规则|规程|章程|法|解释|准则|标准|决定"
_IN_BRACKETS = "(?:[（(〔][^（）()]{1,20}[）)〕])?"
_KIND_AT_END = re.compile(f"(?:{KINDS}){_IN_BRACKETS}$")
_LAST_OF_KIND = frozenset(")）〕").union(kind[-1] for kind in KINDS.split("|"))
_STATUTE_AT_END = re.compile(f"(?:{_STATUTES}){_IN_BRACKETS}$")
_ABOUT = re.compile("关于|印发|发布|实施|转发|批转|同意|调整")
_RECIPIENTS = re.compile(r"^[^。；]{2,300}[：:]$")
_ORGANS = re.compile("各|人民政府|委员会|部|厅|局|办|单位|机构|企业|公司|院|校|会|中心")
_END_MARKS = frozenset("。；，：:！？")
_STATUTE_BEGINS = re.compile(
    r"第[一1][章编条](?:[\s\u3000]|$)|第 ?1 ?条$|目[\s\u3000]*录$|总[\s\u3000]*则$"
    r"|[（(]?(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日)[^。]{0,80}(?:通过|公布|发布|批准|修订|修正|施行)"
)
_ORDER = re.compile(r"(?P<kind>令|公告|通告)\s*(?:第|[（(]|(?:19|20)\d\d)")
_PROCLAIMED = re.compile(
    "(?:现|兹)(?:予以)?公布[^《》。]{0,20}《(?P<name>[^《》\n]{4,60})》"
    "|《(?P<name2>[^《》\n]{4,60})》[^《》。\n]{2,160}[，,](?:现|兹)?(?:予以|予|将其|以)?(?:公布|发布)"
)
_ORDER_LINE = re.compile("(?!.*关于)[\u4e00-\u9fff \u3000]{0,60}(?:令|公告|通告)")
_ORGAN_LINE = re.compile("[\u4e00-\u9fff \u3000]{3,60}")
_ANNOUNCEMENT = re.compile(r"(?:公告|通告)[（(](?P<which>(?:19|20)\d\d ?年 ?第 ?\d{1,4} ?号)[）)]$")
_ANNOUNCES = re.compile("(?:公告|通告)$")
_MARKUP = re.compile(r"#{1,3}[ \t]{1,3}")
_LETTERHEAD = re.compile("[\u4e00-\u9fff（）]{4,30}文件")
_COLON = re.compile("[:：]")
_QUOTED = re.compile("《[^《》]*》|“[^“”]*”")
_ISSUE = re.compile(r"第[\d一二三四五六七八九十百]{1,5}期(?:[（(][^（）()]{1,20}[）)])?$")
_ODD_NUMBER = re.compile(r"(?=.*\d)[^，。；：:、《》]{4,40}号[）)]?$")
_ABOVE_TITLE = re.compile(
    # A label that nobody knows, with its value.
    r"[\u4e00-\u9fffA-Za-z \u3000]{2,14}[:：]\s{0,9}\S[^\n]{0,80}(?<![。！？；：:])"
    r"|[\[［【][\u4e00-\u9fff]{2,10}[\]］】][^\n。]{0,60}"
    r"|(?!.*关于)[\u4e00-\u9fff]{2,30}公报"
)
_HEADS_PART = re.compile("第[一二三四五六七八九十百]{1,5}(?:分?[编篇]|[章节条])[ \u3000]")
"""第一章 基本规定 ends as a statute's title does."""

_ABOVE_LINES = 12
_FRONT_NUMBERS = 4
_ORDER_LINES = 12
_ONE_ORGAN = 2
"""The lines of an order that one body gives: its name with 令 or 公告, and which one it is."""

_TITLE_LINES = 6
_NAME_LINES = 3
_LONGEST_LINE = 60
_SEARCHED = 12


def cut_official_head(view: View) -> Outcome:
    r"""Cut the title and the number that stand at the head of an official document.

    >>> from pipeline.text import Text
    >>> notice = "某市人民政府关于推进\n人工智能发展的通知\n某政发〔2020〕1号\n各区人民政府：\n现通知如下。"
    >>> text = Text(notice).revise(cut_official_head)
    >>> text.value
    '各区人民政府：\n现通知如下。'
    >>> [(finding.kind, finding.span) for finding in text.findings]
    [('title', (0, 20)), ('number', (21, 32))]

    Left alone: a first line that nothing but its place makes a title, the line of recipients (主送), which is text, and
    what stands above a title and is no part of it (a label that nobody knows, the issue of a gazette). The title of
    what a decree proclaims is read where it stands below the decree, and stays there.
    """
    text = view.text
    every = blocks(text)
    known = {bare for found in (*view.found("title"), *_labelled(view, "title")) if (bare := _known(view, found))}
    edits: list[Edit] = []
    findings: list[Finding] = []
    index = 0
    if _has_letterhead(every):
        start, end = whole_line(text, every[0])
        edits.append(Edit(start, text[start:end], "", "field.issuer"))
        findings.append(Finding("letterhead", "", (every[0].start, every[0].end)))
        index = 1
    # An order's head of several lines is read and stays: a label may have the number in another form (国令第707号).
    order = _order_lines(every, index)
    if order:
        _read_number(text, every[index : index + order], findings)
        index += order
    index, skipped = _front(every, index, known, edits, findings)
    given = _kinds_of_orders(text, findings)
    if lines := _title_lines(
        every, index, set() if skipped else known, numbered=bool(edits or order), announced=bool(given - {"令"})
    ):
        block, last = every[index], every[index + lines - 1]
        edits += _title_cut(every, block, last)
        mark = _MARKUP.match(block.text)
        findings.append(Finding("title", "official", (block.start + (mark.end() if mark else 0), last.end)))
        if announced := _ANNOUNCEMENT.search(last.text):
            span = (last.start + announced.start("which"), last.start + announced.end("which"))
            findings.append(Finding("number", "in_title", span))
        index += lines
        announces = _ANNOUNCES.search(last.text) is not None
        while every.reaches(index) and _is_number_line(every[index].text, of_year=announces):
            _cut_number(text, every[index : index + 1], edits, findings)
            index += 1
    elif (edits or order) and not known:
        if proclaimed := _proclaimed(every, index) if given else None:
            findings.append(proclaimed)
        elif not (_looks_official(every, index) or (order and _is_sentence(every, index))):
            return NOTHING
        if order and not proclaimed and order == _ONE_ORGAN and _ANNOUNCES.search(every[0].text):
            findings.append(Finding("title", "official", (every[0].start, every[0].end)))
    return Outcome(edits, findings) if findings else NOTHING


def _title_cut(every: Blocks, first: Block, last: Block) -> list[Edit]:
    """The cut of the lines of a title; a text that is its title alone keeps it."""
    start, end = first.line_start, whole_line(every.text, last)[1]
    return [Edit(start, every.text[start:end], "", "field.title")] if every.text[end:].strip() else []


def _order_lines(every: Blocks, index: int) -> int:
    """How many lines from `index` on are the number of an order or an announcement: 甲部⏎乙部⏎令⏎第15号; 0 for none."""
    for count in range(len(every[index : index + _ORDER_LINES])):
        line = every[index + count].text
        if _ORDER_LINE.fullmatch(line):
            if not every.reaches(index + count + 1) or not which_line(every[index + count + 1].text):
                return 0
            number = "\n".join(block.text for block in every[index : index + count + 2])
            return count + 2 if organs_of(number) else 0
        if not _ORGAN_LINE.fullmatch(line):
            return 0
    return 0


def _front(every: Blocks, index: int, known: set[str], edits: list[Edit], findings: list[Finding]) -> tuple[int, bool]:
    """Cut the numbers above a title; where the title may begin, and whether a line that is no part of it was passed."""
    passed = False
    numbers = 0
    for _ in range(_ABOVE_LINES):
        if not every.reaches(index):
            break
        line = every[index].text
        if own_line(line) and numbers < _FRONT_NUMBERS:
            _cut_number(every.text, every[index : index + 1], edits, findings)
            numbers += 1
        elif _is_above(line) and not _title_lines(every, index, known, numbered=bool(edits), announced=False):
            passed = True
        else:
            break
        index += 1
    return index, passed


def _is_above(line: str) -> bool:
    """True for a line above a title that is no part of it: a label, an issue, a letterhead, an odd number."""
    if _RECIPIENTS.match(line):
        return False
    return bool(_ABOVE_TITLE.fullmatch(line)) or _is_mark(line)


def _is_mark(line: str) -> bool:
    """True for an issue (2023年第5期), a letterhead (某市人民政府文件), a number in a form that is not read."""
    bare = _bare(line)
    if "关于" in bare:
        return False
    return bool(_ISSUE.search(bare) or _LETTERHEAD.fullmatch(bare) or _ODD_NUMBER.match(bare))


def _is_number_line(line: str, *, of_year: bool) -> bool:
    return own_line(line) or (of_year and which_line(line, of_year=True))


def _is_sentence(every: Blocks, index: int) -> bool:
    return every.reaches(index) and every[index].text.endswith("。")


def _has_letterhead(every: Blocks) -> bool:
    """True where a line such as 某市人民政府文件 stands above a document's number."""
    if not every.reaches(1) or not every[0].text.endswith("件"):
        return False
    return bool(_LETTERHEAD.fullmatch(_bare(every[0].text)) and own_line(every[1].text))


def _labelled(view: View, field: str) -> list[Finding]:
    return [finding for finding in view.found("label_value") if finding.value == field]


def _known(view: View, finding: Finding) -> str:
    return _bare(view.text_of(finding)).rstrip(".…")


def _bare(text: str) -> str:
    return "".join(text.split())


def _cut_number(text: str, lines: Sequence[Block], edits: list[Edit], findings: list[Finding]) -> None:
    """Cut the lines of one number, and read it."""
    start, end = lines[0].line_start, whole_line(text, lines[-1])[1]
    edits.append(Edit(start, text[start:end], "", "field.doc_number"))
    _read_number(text, lines, findings)


def _read_number(text: str, lines: Sequence[Block], findings: list[Finding]) -> None:
    """Read the number on these lines; an order's names the bodies that gave it, as a letterhead does."""
    first, last = lines[0], lines[-1]
    end = whole_line(text, last)[1]
    # Who reads the value takes the brackets around a number away; the line feed keeps those of 主席令（第八号）.
    bracketed = last.text[-1] in "）)" and first.text[0] not in "（("
    findings.append(Finding("number", "own_line", (first.start, end if bracketed else last.end)))
    for begin, stop in organs_of(text[first.start : last.end]):
        findings.append(Finding("letterhead", "", (first.start + begin, first.start + stop)))


def _title_lines(every: Blocks, index: int, known: set[str], *, numbered: bool, announced: bool) -> int:
    """How many lines from `index` on are the title; 0 where none is evident.

    A line that is no part of a title (a label, an issue, a letterhead) ends the search, unless the title is known.
    Below the number of an announcement (`announced`), 关于…的公告 is evident.
    """
    joined = ""
    refused = False
    for count in range(1, len(every[index : index + _TITLE_LINES]) + 1):
        line = every[index + count - 1].text
        if len(line) > _LONGEST_LINE + (line.startswith("#") and 10) or line[-1] in _END_MARKS or own_line(line):
            # A title that is known may be longer, or end in a mark (…吗？).
            return 1 if count == 1 and _bare(line) in known else 0
        refused = refused or _no_part(line, joined)
        joined += _bare(_MARKUP.sub("", line, count=1) if count == 1 else line)
        if joined in known:
            return count
        if refused:
            continue
        after = every[index + count].text if every.reaches(index + count) else ""
        kind = joined[-1:] in _LAST_OF_KIND and _KIND_AT_END.search(joined)
        if kind and (_ABOUT.search(joined) or numbered) and _head_follows(after):
            return count
        if "关于" in joined and after and (_announces(joined, after) or (announced and _ANNOUNCES.search(joined))):
            return count
        if kind and _STATUTE_BEGINS.match(after) and _STATUTE_AT_END.search(joined):
            return count
    return 0


def _no_part(line: str, before: str) -> bool:
    """True for a line that no title has, given what of the title stands before it."""
    if _HEADS_PART.match(line):
        return True
    has_colon = ":" in line or "：" in line
    return (has_colon and bool(_COLON.search(_QUOTED.sub("", line)))) or ("关于" not in before and _is_mark(line))


def _announces(title: str, after: str) -> bool:
    """True for the title of an announcement with its number, within it or below it."""
    return bool(_ANNOUNCEMENT.search(title) or (_ANNOUNCES.search(title) and which_line(after, of_year=True)))


def _head_follows(line: str) -> bool:
    return own_line(line) or bool(_RECIPIENTS.match(line) and _ORGANS.search(line))


def _kinds_of_orders(text: str, findings: Sequence[Finding]) -> set[str]:
    """令, 公告 or 通告, where a number that was cut is an order's or an announcement's."""
    numbers = (text[slice(*finding.span)] for finding in findings if finding.kind == "number")
    return {match["kind"] for number in numbers if (match := _ORDER.search(number))}


def _proclaimed(every: Blocks, index: int) -> Finding | None:
    """The title of what a decree proclaims (现公布《…》, 《…》已经…通过，现予公布), where it stands below."""
    proclamation = _PROCLAIMED.match(every[index].text) if every.reaches(index) else None
    if proclamation is None:
        return None
    name = _bare(proclamation["name"] or proclamation["name2"])
    below = every[index + 1 : index + _SEARCHED]
    for first, block in enumerate(below):
        joined = ""
        for last in below[first : first + _NAME_LINES]:
            joined += _bare(last.text)
            if joined == name:
                return Finding("title", "official", (block.start, last.end))
    return None


def _looks_official(every: Blocks, index: int) -> bool:
    if not every.reaches(index):
        return False
    line = every[index].text
    return bool(_RECIPIENTS.match(line) or _PROCLAIMED.match(line)) or len(line) > _LONGEST_LINE
