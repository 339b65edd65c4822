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

    from pipeline.metadata.dates import Stated

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
_DECREE = re.compile(r"(?:令|公告)\s*(?:第|[（(])")
_SIGNED = re.compile(
    r"(?:^(?:[\u4e00-\u9fff]{2,30})?|(?<=[。\s]))"
    r"(?:总理|主席|部长|主任|局长|署长|行长|省长|市长|会长|院长|检察长)[ \u3000]{1,9}"
    r"[\u4e00-\u9fff](?:[ \u3000]{0,2}[\u4e00-\u9fff]){1,3}[ \u3000]{0,20}$"
)
_SALUTATION = re.compile("各[^。；]{1,300}[：:]$")
_SALUTED = 6
_ENDS_PROSE = re.compile("[。！；：]$")
_ANNEXES = re.compile("附件?[ \u3000]{0,3}[:：0-9一]")
_ANNEX_LINE = 80
_ANNEX_LINES = 16
_NO_TITLE = re.compile("[。；，：:！？]$")
_TITLE_LINE = 60
_JOINT_LINES = 24
_DATE_LINE = 24
_DECREE_LINES = 12


def read_signature(view: View) -> Outcome:
    r"""Read the issuer and the date that sign an official document; they stay in the text.

    >>> from pipeline.text import Text
    >>> text = Text("特此通知。\n某市人民政府\n2019年1月27日\n（此件公开发布）").revise(read_signature)
    >>> text.value == text.original, [(finding.kind, finding.value) for finding in text.findings]
    (True, [('signature_date', '2019-01-27'), ('signature_issuer', ''), ('note', '')])

    A decree is signed at its head, by a person with a post (总理　　某某), before what it proclaims; a notice above the
    plan that is attached to it. Left alone: a date that no organ stands above, and every date in a sentence.
    """
    every = blocks(view.text)
    findings = _above_annex(every) if _is_official(view, every) else []
    if not findings:
        signed = any(_date_alone(block) or _NOTE.fullmatch(block.text) for block in every[-_TAIL_LINES:])
        lines = every[-_TAIL_LINES - _JOINT_LINES :] if signed else ()
        for index in range(max(0, len(lines) - _TAIL_LINES), len(lines)):
            findings += _signed(lines, index)
            if _NOTE.fullmatch(lines[index].text):
                findings.append(Finding("note", "", (lines[index].start, lines[index].end)))
    if any(_DECREE.search(view.text_of(number)) for number in view.found("number")):
        findings += _decree(view.text, every[:_DECREE_LINES])
    return Outcome((), findings) if findings else NOTHING


def _is_official(view: View, every: Sequence[Block]) -> bool:
    """True where a number, a title of the official form, or a salutation (各区人民政府：) says what the text is."""
    return (
        any(True for _ in view.found("number"))
        or any(finding.value == "official" for finding in view.found("title"))
        or any(finding.value == "doc_number" for finding in view.found("label_value"))
        or any(_SALUTATION.match(block.text) for block in every[:_SALUTED])
    )


def _date_alone(block: Block) -> Stated | None:
    """The date that a line holds and nothing else."""
    if len(block.text) > _DATE_LINE:
        return None
    dates = full_dates(block.text)
    if not dates or (block.text[: dates[0].start] + block.text[dates[0].end :]).strip("（）() "):
        return None
    return dates[0]


def _signed(lines: Sequence[Block], index: int) -> list[Finding]:
    """The date on a line, and the organs on the lines right above it, in their order; nothing where none stands there.

    More than one line of organs is read only where they stand below a sentence or a list of annexes.
    """
    date = _date_alone(lines[index])
    if date is None:
        return []
    first = index
    while first and index - first < _JOINT_LINES and _ISSUER.fullmatch(lines[first - 1].text):
        first -= 1
    if index - first > 1 and not _below_text(lines, first):
        first = index - 1
    start = lines[index].start
    found = [Finding("signature_date", date.edtf, (start + date.start, start + date.end))]
    found += [Finding("signature_issuer", "", (block.start, block.end)) for block in lines[first:index]]
    return found if first < index else []


def _below_text(lines: Sequence[Block], first: int) -> bool:
    """True where what stands above `first` is a sentence, or a list of annexes below one."""
    for above in range(first - 1, max(-1, first - 1 - _ANNEX_LINES), -1):
        line = lines[above].text
        if _ENDS_PROSE.search(line):
            return True
        if _ANNEXES.match(line):
            return above > 0 and bool(_ENDS_PROSE.search(lines[above - 1].text))
        if len(line) > _ANNEX_LINE:
            return False
    return False


def _above_annex(every: Sequence[Block]) -> list[Finding]:
    """The signature that stands between a text and the title of what is attached to it.

    Only the first date that stands alone behind a sentence is looked at: a later one is the annex's.
    """
    lines = list(every)
    prose = False
    for index, block in enumerate(lines):
        prose = prose or block.text.endswith("。")
        if not prose or _date_alone(block) is None:
            continue
        found = _signed(lines, index)
        first = index - sum(finding.kind == "signature_issuer" for finding in found)
        below = index + 1
        while below < len(lines) and _NOTE.fullmatch(lines[below].text):
            found.append(Finding("note", "", (lines[below].start, lines[below].end)))
            below += 1
        if first == index or below == len(lines) or not _below_text(lines, first):
            return []
        title = lines[below].text
        return found if len(title) <= _TITLE_LINE and not _NO_TITLE.search(title) else []
    return []


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
