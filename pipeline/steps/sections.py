"""Find the section tree of a text: numbered headings by GB/T 9704-2012, statutes, and short lines that head prose.

It edits nothing: headings stay in the text. It runs last, so that spans count code points of the published text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.blocks import Blocks, blocks
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES: dict[str, str] = {}

_NUMERAL = "[一二三四五六七八九十百]+"
_S = "[ \u00a0\u3000]*"
_NUMBERED = re.compile(
    rf"""\n{_S}(?:
      第{_NUMERAL}(?:(?P<level1_part>[编篇]|部分?)|(?P<level1_subpart>分[编篇])|(?P<level1_chapter>章)|(?P<level2>节)){_S}、?{_S}
    | (?P<level1_plain>{_NUMERAL}、){_S}
    | [（(](?:(?P<level2_plain>{_NUMERAL})|(?P<level4>\d{{1,2}}))[）)]{_S}
    | (?P<level3>\d{{1,2}}(?:[.．](?!\d)|、)){_S}
    )""",
    re.VERBOSE,
)
"""The beginning of a numbered line, with a group that names its level. It begins with a line feed, because a pattern
that begins with a literal is found fastest."""

_WITHIN_LAW = ("level1_part", "level1_subpart", "level1_chapter", "level2")
"""How a law is divided, from the widest: 编, 分编, 章, 节 (the Legislation Law; 分编 are those of the Civil Code)."""

_PLAIN = ("level1_plain", "level2_plain", "level3", "level4")
_FIRST = "一、"
_LEVEL_OF_ANNEXES = 3
_RUN_IN = re.compile(r"(?P<title>[^。！？；\n]{2,40})。(?P<rest>.*)$")
_LONGEST_HEADING = 50
_LONGEST_ENGLISH = 160
_SHORTEST_PROSE = 40
_SHORTEST_ITEM = 20
_MARKS_AT_END = tuple("。！？；：，、…,.;:!?）)》")
_PROSE_ENDS = tuple('。！？…”）.!?"')
_MARK_WITHIN = re.compile("[。；！？]")
_NO_END = ("；", "，", "：", "、")
_ITEM_END = ("；", ";")
_LIST_OF_ANNEXES = re.compile(rf"\n{_S}附[ \u3000]{{0,2}}件{_S}[：:]{_S}(?:1{_S}[.．、].*)?$", re.MULTILINE)
_FIRST_ITEM = "一是"
_GAP = re.compile(r"\s")
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile("[\u3400-\u9fff]{2}|[A-Za-z]{3}")


class _Heading(NamedTuple):
    start: int
    kind: str
    """The group of the pattern that its number matched, or none."""
    level: int
    marker: str
    title: str
    inline: bool


def find_sections(view: View) -> Outcome:
    r"""Find headings, their levels, and how far each section reaches.

    >>> from pipeline.text import Text
    >>> plan = "一、总体要求\n（一）指导思想。坚持创新引领。\n二、保障措施\n加强组织领导。"
    >>> text = Text(plan).revise(find_sections)
    >>> [(finding.value, finding.span, finding.note) for finding in text.findings]
    [('总体要求', (0, 22), '1|一、|'), ('指导思想', (7, 22), '2|（一）|inline'), ('保障措施', (23, 37), '1|二、|')]

    A law's 章 lie below its 编, and 一、 below the parts of a report in which its numbers begin anew. A finding's note
    holds level, marker and whether the text runs on in the heading's line. Left alone: 条, which are what the text of
    a law is made of, 一是 … 二是 (a list in prose), 2.0 and 3.0, the members of a list (items that end in ；, what
    follows 附件：1.…, a whole sentence with nothing below it), and, where nothing is numbered, every short line that
    no prose precedes and follows.
    """
    headings = _nested(list(_numbered(view.text)))
    if not any(heading.level < 3 for heading in headings):  # noqa: PLR2004  a list numbered 1. 2. 3. alone is no tree
        headings = _unnumbered(blocks(view.text))
    if not headings:
        return NOTHING
    findings = []
    # From the last heading back, so that the next one of each level is known.
    deepest = max(heading.level for heading in headings)
    next_start = dict.fromkeys(range(1, deepest + 1), len(view.text) + 1)
    for heading in reversed(headings):
        start = heading.start
        stop = min(next_start[level] for level in range(1, heading.level + 1)) - 1
        next_start[heading.level] = start
        note = f"{heading.level}|{heading.marker}|{'inline' if heading.inline else ''}"
        findings.append(Finding("section", heading.title, (start, stop), note))
    return Outcome((), findings[::-1])


def _nested(headings: list[_Heading]) -> list[_Heading]:
    """The headings with 章 below 编, and 一、 below 第一部分 where its numbers begin anew in several of them.

    The level of 编, 分编, 章 and 节 is how many of these kinds the text has down to it; 节 is never the first.
    """
    present = [kind for kind in _WITHIN_LAW if any(heading.kind == kind for heading in headings)]
    levels = {kind: number for number, kind in enumerate(present, 1)}
    if "level2" in levels:
        levels["level2"] = max(2, levels["level2"])
    found, above = [], 0
    deeper = len(present) if _begin_anew(headings) else 0
    for heading in headings:
        if heading.kind in levels:
            above = deeper
            level = levels[heading.kind]
        else:
            level = heading.level + above
        found.append(heading if level == heading.level else heading._replace(level=level))
    return found


def _begin_anew(headings: list[_Heading]) -> bool:
    """True where 一、 stands below two different headings of a law or a report in parts."""
    parents, parent = set(), None
    for heading in headings:
        if heading.kind in _WITHIN_LAW:
            parent = heading.start
        elif heading.kind in _PLAIN and heading.marker == _FIRST and parent is not None:
            parents.add(parent)
    return len(parents) > 1


def _numbered(text: str) -> Iterator[_Heading]:
    """The numbered lines that are headings: short ones, and those whose first sentence is.

    No heading is the member of a list: of one whose members end in a semicolon, or of the list of annexes.
    """
    below = "\n" + text
    listed: dict[int, int] = {}  # where a member of a list ends, and the level of its number
    if "附" in text:
        listed = {match.end() - 1: _LEVEL_OF_ANNEXES for match in _LIST_OF_ANNEXES.finditer(below)}
    for match in _NUMBERED.finditer(below):
        start, after = match.start(), match.end() - 1
        end = text.find("\n", after)
        rest = text[after : end if end >= 0 else len(text)].rstrip()
        if not rest:
            continue
        kind, level = str(match.lastgroup), _level(match)
        marker = match.group().strip()
        if rest.endswith(_ITEM_END) or listed.get(start - 1) == level:
            listed[end] = level
            continue
        if len(rest) <= _LONGEST_HEADING and not _MARK_WITHIN.search(rest[:-1]) and not rest.endswith(_NO_END):
            if not (_is_sentence(rest) and _ends_section(below, end, level)):
                yield _Heading(start, kind, level, marker, rest.rstrip("。"), inline=False)
            continue
        run_in = _RUN_IN.match(rest)
        if run_in and "，" not in run_in["title"][:-12]:
            yield _Heading(start, kind, level, marker, run_in["title"], inline=bool(run_in["rest"]))


def _level(match: re.Match[str]) -> int:
    return int(str(match.lastgroup)[len("level")])


def _is_sentence(line: str) -> bool:
    return line.endswith("。") and "，" in line


def _ends_section(below: str, end: int, level: int) -> bool:
    """True where nothing belongs to the numbered line that ends there: the next one is of its level or higher."""
    following = _NUMBERED.match(below, end + 1) if end >= 0 else None
    return end < 0 or (following is not None and _level(following) <= level)


def _unnumbered(every: Blocks) -> list[_Heading]:
    found = []
    lines = every.lines
    lengths = list(map(len, lines))
    for index in range(1, len(lines) - 1):
        if (
            lengths[index] > _LONGEST_ENGLISH
            or lengths[index - 1] < _SHORTEST_PROSE
            or lengths[index + 1] < _SHORTEST_ITEM
        ):
            continue
        line = lines[index].strip()
        if not _WORD.search(line) or line.endswith(_MARKS_AT_END):
            continue
        chinese = bool(_HAN.search(line))
        if chinese and (len(line) > _LONGEST_HEADING or _GAP.search(line)):  # a post and a name, a table's row
            continue
        before, after = lines[index - 1].strip(), lines[index + 1].strip()
        if _is_prose(before) and (_is_prose(after) or after.startswith(_FIRST_ITEM)):
            found.append(_Heading(every[index].line_start, "", 1, "", line, inline=False))
    return found


def _is_prose(line: str) -> bool:
    return len(line) >= _SHORTEST_PROSE and line.endswith(_PROSE_ENDS)
