"""Find the section tree of a text: numbered headings by GB/T 9704-2012, statutes, and short lines that head prose.

It edits nothing: headings stay in the text. It runs last, so that spans count code points of the published text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.blocks import Block, Blocks, blocks
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES: dict[str, str] = {}

_NUMERAL = "[一二三四五六七八九十百]+"
_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第{_NUMERAL}[编篇部]分?[\s、]*")),
    (1, re.compile(rf"第{_NUMERAL}章[\s、]*")),
    (2, re.compile(rf"第{_NUMERAL}节[\s、]*")),
    (1, re.compile(rf"{_NUMERAL}、\s*")),
    (2, re.compile(rf"[（(]{_NUMERAL}[）)]\s*")),
    (3, re.compile(r"\d{1,2}(?:[.．](?!\d)|、)\s*")),
    (4, re.compile(r"[（(]\d{1,2}[）)]\s*")),
)
_NUMBERED_LINE = re.compile("\n[ \u3000]*[第（(0-9一二三四五六七八九十百]")
_RUN_IN = re.compile(r"(?P<title>[^。！？；\n]{2,40})。(?P<rest>.*)$")
_LONGEST_HEADING = 50
_LONGEST_ENGLISH = 160
_SHORTEST_PROSE = 40
_MARK_AT_END = re.compile(r"[。！？；：，、…,.;:!?）)》]$")
_PROSE_END = re.compile(r"[。！？…”）.!?\"]$")
_GAP = re.compile(r"\s")
_HAN = re.compile("[\u3400-\u9fff]")


class _Heading(NamedTuple):
    block: Block
    level: int
    marker: str
    title: str
    inline: bool


def find_sections(view: View) -> Outcome:
    """Find headings, their levels, and how far each section reaches.

    >>> from pipeline.text import Text
    >>> text = Text("一、总体要求\\n（一）指导思想。坚持创新引领。\\n二、保障措施\\n加强组织领导。").revise(find_sections)
    >>> [(finding.value, finding.span, finding.note) for finding in text.findings]
    [('总体要求', (0, 22), '1|一、|'), ('指导思想', (7, 22), '2|（一）|inline'), ('保障措施', (23, 37), '1|二、|')]

    A finding's note holds level, marker and whether the text runs on in the heading's line. Left alone: 一是 … 二是 (a list
    in prose), 2.0 and 3.0, and, where nothing is numbered, every short line that no prose precedes and follows.
    """
    headings = [heading for block in _candidates(view.text) if (heading := _numbered(block))]
    if not any(heading.level < 3 for heading in headings):  # noqa: PLR2004  a list numbered 1. 2. 3. alone is no tree
        headings = _unnumbered(blocks(view.text))
    if not headings:
        return NOTHING
    findings = []
    for index, heading in enumerate(headings):
        start = heading.block.line_start
        stop = next((h.block.line_start - 1 for h in headings[index + 1 :] if h.level <= heading.level), len(view.text))
        note = f"{heading.level}|{heading.marker}|{'inline' if heading.inline else ''}"
        findings.append(Finding("section", heading.title, (start, stop), note))
    return Outcome((), findings)


def _candidates(text: str) -> Iterator[Block]:
    """The lines that begin like numbering: searched from line feed to line feed, not line by line."""
    for match in _NUMBERED_LINE.finditer("\n" + text):
        start = match.start()
        end = text.find("\n", start)
        line_end = len(text) if end < 0 else end
        line = text[start:line_end]
        kept = line.strip()
        at = start + len(line) - len(line.lstrip())
        yield Block(at, at + len(kept), kept, start, line_end)


def _numbered(block: Block) -> _Heading | None:
    for level, pattern in _MARKERS:
        match = pattern.match(block.text)
        if not match:
            continue
        marker, rest = match.group().strip(), block.text[match.end() :]
        if not rest:
            return None
        if len(rest) <= _LONGEST_HEADING and not re.search("[。；！？]", rest[:-1]) and not rest.endswith(("；", "，", "：", "、")):
            return _Heading(block, level, marker, rest.rstrip("。"), inline=False)
        run_in = _RUN_IN.match(rest)
        if run_in and "，" not in run_in["title"][:-12]:
            return _Heading(block, level, marker, run_in["title"], inline=bool(run_in["rest"]))
        return None
    return None


def _unnumbered(every: Blocks) -> list[_Heading]:
    found = []
    lengths = [len(line) for line in every.lines()]
    short = [i for i in range(1, len(lengths) - 1) if lengths[i] <= _LONGEST_ENGLISH]
    for index in short:
        if lengths[index - 1] < _SHORTEST_PROSE or lengths[index + 1] < _SHORTEST_PROSE:
            continue
        before, block, after = every[index - 1 : index + 2]
        chinese = bool(_HAN.search(block.text))
        if len(block.text) > (_LONGEST_HEADING if chinese else _LONGEST_ENGLISH) or _MARK_AT_END.search(block.text):
            continue
        if chinese and _GAP.search(block.text):  # a post and a name, a table's row
            continue
        if _is_prose(before) and _is_prose(after):
            found.append(_Heading(block, 1, "", block.text, inline=False))
    return found


def _is_prose(block: Block) -> bool:
    return len(block.text) >= _SHORTEST_PROSE and bool(_PROSE_END.search(block.text))
