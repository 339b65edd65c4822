"""Cut the head of an official document: the centred title, broken over lines, and the document number.

The evidence is the form that GB/T 9704-2012 prescribes: a title that ends with its kind (通知, 意见, 条例 …), followed
by the number or by the line of recipients that ends in a colon; the form of a statute, whose title is followed by the
note of its adoption or by its first chapter or article; or a title that is known already from a label or a header.
"""

from __future__ import annotations

import re

from pipeline.blocks import Block, Blocks, blocks, whole_line
from pipeline.edits import Edit
from pipeline.metadata.document_numbers import own_line
from pipeline.text import NOTHING, Finding, Outcome, View

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
_STATUTE_AT_END = re.compile(f"(?:{_STATUTES}){_IN_BRACKETS}$")
_ABOUT = re.compile("关于|印发|发布|实施|转发|批转|同意|调整")
_RECIPIENTS = re.compile(r"^[^。；]{2,300}[：:]$")
_ORGANS = re.compile("各|人民政府|委员会|部|厅|局|办|单位|机构|企业|公司|院|校|会|中心")
_END = re.compile("[。；，：:！？]$")
_STATUTE_BEGINS = re.compile(
    r"第[一1][章编条](?:[\s\u3000]|$)|第 ?1 ?条$|目[\s\u3000]*录$|总[\s\u3000]*则$"
    r"|[（(]?(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日)[^。]{0,80}(?:通过|公布|发布|批准|修订|修正|施行)"
)
_DECREE = re.compile(r"令(?:第|[（(])")
_PROCLAIMED = re.compile("^(?:现|兹)(?:予以)?公布[^《》。]{0,20}《(?P<name>[^《》\n]{4,60})》")
_MARKUP = re.compile(r"#{1,3}[ \t]{1,3}")
_LETTERHEAD = re.compile("[\u4e00-\u9fff（）]{4,30}文件")
_FRONT_NUMBERS = 4
_TITLE_LINES = 6
_LONGEST_LINE = 60
_SEARCHED = 12
_SPACES = re.compile(r"\s+")


def cut_official_head(view: View) -> Outcome:
    r"""Cut the title and the number that stand at the head of an official document.

    >>> from pipeline.text import Text
    >>> notice = "某市人民政府关于推进\n人工智能发展的通知\n某政发〔2020〕1号\n各区人民政府：\n现通知如下。"
    >>> text = Text(notice).revise(cut_official_head)
    >>> text.value
    '各区人民政府：\n现通知如下。'
    >>> [(finding.kind, finding.span) for finding in text.findings]
    [('title', (0, 20)), ('number', (21, 32))]

    Left alone: a first line that nothing but its place makes a title, and the line of recipients (主送), which is text.
    The title of what a decree proclaims is read where it stands below the decree, and stays there.
    """
    text = view.text
    every = blocks(text)
    known = {bare for found in (*view.found("title"), *_labelled_titles(view)) if (bare := _known(view, found))}
    edits: list[Edit] = []
    findings: list[Finding] = []
    index = 0
    if _has_letterhead(every):
        start, end = whole_line(text, every[0])
        edits.append(Edit(start, text[start:end], "", "field.issuer"))
        findings.append(Finding("letterhead", "", (every[0].start, every[0].end)))
        index = 1
    while index < _FRONT_NUMBERS and every.reaches(index) and own_line(every[index].text):
        _cut_number(text, every[index], edits, findings)
        index += 1
    if lines := _title_lines(every, index, known, numbered=bool(edits)):
        block, last = every[index], every[index + lines - 1]
        start, end = block.line_start, whole_line(text, last)[1]
        edits.append(Edit(start, text[start:end], "", "field.title"))
        mark = _MARKUP.match(block.text)
        findings.append(Finding("title", "official", (block.start + (mark.end() if mark else 0), last.end)))
        index += lines
        while every.reaches(index) and own_line(every[index].text):
            _cut_number(text, every[index], edits, findings)
            index += 1
    elif edits and not known:
        if proclaimed := _proclaimed(every, index):
            findings.append(proclaimed)
        elif not _looks_official(every, index):
            return NOTHING
    return Outcome(edits, findings) if edits else NOTHING


def _has_letterhead(every: Blocks) -> bool:
    """True where a line such as 某市人民政府文件 stands above a document's number."""
    if not every.reaches(1) or not every[0].text.endswith("件"):
        return False
    return bool(_LETTERHEAD.fullmatch(_bare(every[0].text)) and own_line(every[1].text))


def _labelled_titles(view: View) -> list[Finding]:
    return [finding for finding in view.found("label_value") if finding.value == "title"]


def _known(view: View, finding: Finding) -> str:
    return _bare(view.text_of(finding)).rstrip(".…")


def _bare(text: str) -> str:
    return _SPACES.sub("", text)


def _cut_number(text: str, block: Block, edits: list[Edit], findings: list[Finding]) -> None:
    start, end = whole_line(text, block)
    edits.append(Edit(start, text[start:end], "", "field.doc_number"))
    findings.append(Finding("number", "own_line", (block.start, block.end)))


def _title_lines(every: Blocks, index: int, known: set[str], *, numbered: bool) -> int:
    """How many lines from `index` on are the title; 0 where none is evident."""
    joined = ""
    for count in range(1, len(every[index : index + _TITLE_LINES]) + 1):
        line = every[index + count - 1].text
        if len(line) > _LONGEST_LINE + (line.startswith("#") and 10) or _END.search(line) or own_line(line):
            # A title that is known may be longer, or end in a mark (…吗？).
            return 1 if count == 1 and _bare(line) in known else 0
        joined += _bare(_MARKUP.sub("", line, count=1) if count == 1 else line)
        if joined in known:
            return count
        after = every[index + count].text if every.reaches(index + count) else ""
        if _KIND_AT_END.search(joined) and (_ABOUT.search(joined) or numbered) and _head_follows(after):
            return count
        if _STATUTE_AT_END.search(joined) and _STATUTE_BEGINS.match(after):
            return count
    return 0


def _head_follows(line: str) -> bool:
    return own_line(line) or bool(_RECIPIENTS.match(line) and _ORGANS.search(line))


def _proclaimed(every: Blocks, index: int) -> Finding | None:
    """The title of what a decree proclaims (现公布《…》), where it stands on its own line below."""
    if not every.reaches(index) or not _DECREE.search(every[index - 1].text):
        return None
    proclamation = _PROCLAIMED.match(every[index].text)
    if proclamation is None:
        return None
    name = _bare(proclamation["name"])
    for block in every[index + 1 : index + _SEARCHED]:
        if _bare(block.text) == name:
            return Finding("title", "official", (block.start, block.end))
    return None


def _looks_official(every: Blocks, index: int) -> bool:
    if not every.reaches(index):
        return False
    return bool(_RECIPIENTS.match(every[index].text)) or len(every[index].text) > _LONGEST_LINE
