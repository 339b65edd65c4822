"""Read who stands at the end of a text: editors' and authors' lines are cut, a signature of an official document stays.

A labelled line at the end (`责任编辑：甲`) is read by :mod:`pipeline.steps.labels`; here belong the forms in brackets
and in English, and the issuer and date below an official document or a decree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.blocks import Block, blocks, whole_line
from pipeline.edits import Edit
from pipeline.metadata.dates import full_dates
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES = {
    "field.authors": "The authors' line became a column.",
    "field.editors": "The editors' line became a column.",
    "field.source_name": "The source's line became a column.",
}

_TAIL_LINES = 8
_READ = 200
"""How many code points at the end of a line are looked at."""

_S = "[ \u00a0\u3000]{0,6}"
_HAN_NAME = "[\u4e00-\u9fff·]{2,4}"
_NO_NAME = "手记|调查|观察|注|按|系|为|单位|简介|节|证"
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,6}|[A-Z]{2}\d{3}|[A-Z][A-Za-z.’'-]*(?:\s+[A-Z][A-Za-z.’'-]*)*")
_EDITORS = re.compile(
    rf"[(（【\[]{_S}(?:责任编辑|责编|编辑|实习编辑|Editors?(?: in charge)?){_S}[:：]{_S}"
    rf"(?P<names>[^()（）【】\[\]\n]{{1,60}})[)）】\]](?:{_S}(?:阅读)?下一篇[：:]?)?\s*$",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    rf"[(（]{_S}(?:本文|文章|稿件|信息)?来源{_S}[:：]{_S}(?P<source>[^()（）\n，。,;；]{{2,30}}?){_S}"
    rf"(?:[,，;；\s]{_S}(?:记者|作者|通讯员){_S}[:：]?{_S}(?P<names>[^()（）\n:：]{{2,40}}?))?"
    rf"(?:[,，;；\s]{_S}(?:责任编辑|责编|编辑){_S}[:：]{_S}(?P<editors>[^()（）\n]{{2,40}}))?[)）]\s*$"
)
_REPORTERS = re.compile(
    rf"(?<=[。！？”…])[(（]{_S}(?:[\u4e00-\u9fff]{{1,8}}(?:社|网|报|台)|本报|本网)?(?:特约|见习|实习)?(?:记者|通讯员|作者){_S}[:：]?{_S}"
    rf"(?P<names>(?!{_NO_NAME}){_HAN_NAME}(?:[、，,\s]{{1,3}}(?:通讯员\s?)?{_HAN_NAME}){{0,5}})[)）]\s*$"
)
_LAST_OF_LINE = ")）】]篇:："
"""How a line ends that one of these matches."""

_TOOLS = re.compile(r"(?:[【\[][^】\]]{1,8}[】\]]\s*)*")
_TOOLS_AT_END = re.compile(rf"(?:{_S}[【\[](?:我要)?纠错[】\]]){{0,3}}{_S}$")


def cut_editor_lines(view: View) -> Outcome:
    r"""Cut the editors' and the source's line in brackets that ends a news text, and read the names.

    >>> from pipeline.text import Text
    >>> text = Text("大会闭幕。\n(责编：甲某、乙某)").revise(cut_editor_lines)
    >>> text.value, [finding.kind for finding in text.findings]
    ('大会闭幕。\n', ['editor', 'editor'])

    Only within the last eight lines. Left alone: 编辑部 and 编辑 in a sentence, （作者单位：…）.
    """
    text = view.text
    edits: list[Edit] = []
    findings: list[Finding] = []
    for block in blocks(text)[-_TAIL_LINES:]:
        if block.text[-1] not in _LAST_OF_LINE:
            continue
        base = max(block.start, block.end - _READ)
        ending = text[base : block.end]
        if match := _EDITORS.search(ending):
            findings += _names(match, base, "editor")
            edits.append(_cut(text, base + match.start(), block, "field.editors"))
        elif match := _SOURCE.search(ending):
            findings.append(Finding("source", "", (base + match.start("source"), base + match.end("source"))))
            if match["names"]:
                findings += _names(match, base, "author")
            if match["editors"]:
                findings.append(Finding("editor", "", (base + match.start("editors"), base + match.end("editors"))))
            edits.append(_cut(text, base + match.start(), block, "field.source_name"))
        elif match := _REPORTERS.search(ending):
            findings += _names(match, base, "author")
            edits.append(_cut(text, base + match.start(), block, "field.authors"))
    return Outcome(edits, findings) if edits else NOTHING


def _cut(text: str, start: int, block: Block, rule: str) -> Edit:
    if _TOOLS.fullmatch(text[max(block.start, start - _READ) : start].strip()) and start - block.start <= _READ:
        begin, end = whole_line(text, block)
        return Edit(begin, text[begin:end], "", rule)
    base = max(block.start, start - _READ)
    if tools := _TOOLS_AT_END.search(text[base:start]):
        start = base + tools.start()
    return Edit(start, text[start : block.end], "", rule)


def _names(match: re.Match[str], base: int, kind: str) -> list[Finding]:
    at = base + match.start("names")
    names = (name for name in _NAME.finditer(match["names"]) if name.group() != "通讯员")
    return [Finding(kind, "", (at + name.start(), at + name.end())) for name in names]


_ORGAN = "(?:国务院|办公厅|办公室|人民政府|委员会|管委会|党委|[部厅局委院署行会])"
_ISSUER = re.compile(rf"[\u4e00-\u9fff]{{2,40}}{_ORGAN}(?:[ \u3000]{{1,9}}[\u4e00-\u9fff]{{2,40}}){{0,9}}|国务院")
_NOTE = re.compile(r"[(（]此件[^()（）]{2,12}[)）]")
_DECREE = re.compile("(?:令|公告)(?:第|[（(])")
_SIGNED = re.compile(
    r"(?:^|(?<=[。\s]))(?:总理|主席|部长|主任|局长|署长|行长|省长|市长|会长|院长|检察长)[ \u3000]{1,9}"
    r"[\u4e00-\u9fff](?:[ \u3000]{0,2}[\u4e00-\u9fff]){1,3}[ \u3000]{0,20}$"
)
_DATE_LINE = 24
_DECREE_LINES = 6


def read_signature(view: View) -> Outcome:
    r"""Read the issuer and the date that sign an official document; they stay in the text.

    >>> from pipeline.text import Text
    >>> text = Text("特此通知。\n某市人民政府\n2019年1月27日\n（此件公开发布）").revise(read_signature)
    >>> text.value == text.original, [(finding.kind, finding.value) for finding in text.findings]
    (True, [('signature_date', '2019-01-27'), ('signature_issuer', ''), ('note', '')])

    A decree is signed at its head, by a person with a post (总理　　某某), before what it proclaims. Left alone: a date
    that no organ stands above, and every date in a sentence.
    """
    findings: list[Finding] = []
    every = blocks(view.text)
    lines = every[-_TAIL_LINES:]
    for index, block in enumerate(lines):
        if len(block.text) <= _DATE_LINE and index:
            dates = full_dates(block.text)
            rest = block.text[: dates[0].start] + block.text[dates[0].end :] if dates else "-"
            above = lines[index - 1]
            if dates and not rest.strip("（）() ") and _ISSUER.fullmatch(above.text):
                span = (block.start + dates[0].start, block.start + dates[0].end)
                findings.append(Finding("signature_date", dates[0].edtf, span))
                findings.append(Finding("signature_issuer", "", (above.start, above.end)))
        if _NOTE.fullmatch(block.text):
            findings.append(Finding("note", "", (block.start, block.end)))
    if any(_DECREE.search(view.text_of(number)) for number in view.found("number")):
        findings += _decree(view.text, every[:_DECREE_LINES])
    return Outcome((), findings) if findings else NOTHING


def _decree(text: str, lines: Sequence[Block]) -> list[Finding]:
    """The date behind the name of the person who signs a decree, on the same line or the next."""
    for block, below in zip(lines, (*lines[1:], None), strict=True):
        base = max(block.start, block.end - _READ)
        ending = text[base : block.end]
        for date in full_dates(ending)[-1:]:
            if date.end == len(ending) and _SIGNED.search(ending[: date.start]):
                return [Finding("signature_date", date.edtf, (base + date.start, base + date.end))]
        if below is not None and len(below.text) <= _DATE_LINE and _SIGNED.search(ending):
            for date in full_dates(below.text)[:1]:
                return [Finding("signature_date", date.edtf, (below.start + date.start, below.start + date.end))]
    return []
