"""Cut photo captions out of the body and keep them with their credit.

Evidence is a credit at the end (…供图, 新华社记者 甲 摄), the opening 图为, or, for a name with a post that stands
alone beside a blank line, that the same words stand within a sentence of the text.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from pipeline.blocks import line_above, line_at, line_below, lines_with, whole_line
from pipeline.edits import Edit
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.blocks import Block

RULES = {"field.captions": "A photo caption became a column."}

_LONGEST = 160
_HAN = "\u4e00-\u9fff"
_S = "[ \u00a0\u3000]{0,4}"
_OWNER = rf"[{_HAN}A-Za-z0-9·]{{2,20}}?"
_REPORTER = rf"(?:[{_HAN}]{{0,10}}(?:记者|通讯员)[:：]?{_S})?[{_HAN}·]{{2,8}}(?:[、 ]{{1,2}}[{_HAN}·]{{2,4}}){{0,3}}"
_TAKEN = "(?<!拍)(?<!航)(?<!统)摄(?:影报道)?"
_BEHIND = re.compile(
    rf"(?P<credit>{_OWNER}(?:[ ]{{1,4}}[{_HAN}·]{{2,8}})?){_S}(?:供图|(?<=[社网报台局处署司院校会部厅馆])提供图片)"
    rf"|(?P<credit2>[{_HAN}]{{0,10}}(?:记者|通讯员)[:：]?{_S}[{_HAN}·]{{2,4}}(?:[、 ]{{1,2}}[{_HAN}·]{{2,4}}){{0,3}})"
    rf"{_S}{_TAKEN}"
    rf"|(?P<credit3>[{_HAN}·]{{2,4}})(?:[ \u00a0\u3000]{{1,4}}摄|摄影报道)"
    rf"|(?P<credit4>[{_HAN}A-Za-z]{{1,10}}(?:社|网|报|台|视觉中国|中国))图片"
    rf"|(?:图源|图片来源|供图|摄影){_S}[:：/／∕]{_S}(?P<credit5>[^\s。，：:]{{2,20}})"
)
"""A credit behind the end of a sentence, or a line of its own."""

_IN_BRACKETS = re.compile(
    rf"[(（]{_S}(?:(?P<credit>(?!见|如|附){_OWNER}){_S}(?:供图|提供图片|摄影报道|(?<=[社网报台局处署页书络国])图片)|(?P<credit2>{_REPORTER}){_S}{_TAKEN}"
    rf"|(?:图源|图片来源|供图|摄影|图){_S}[:：/／∕]{_S}(?P<credit3>[^\s。，：:()（）]{{2,20}}?)(?:提供|摄)?){_S}[)）]"
)
_CREDIT = re.compile(
    rf"(?:(?:^|(?<=[。！？”…])|[ \u00a0\u3000]{{1,9}})(?:{_BEHIND.pattern})"
    rf"|{_IN_BRACKETS.pattern.replace('credit', 'bracket')})$"
)
_ENGLISH_CREDIT = re.compile(
    r"[(（\[]?\b(?:Photos?(?: by| courtesy of)?|Photo credit)\s{0,3}[:/]?\s{0,3}"
    r"(?P<credit>[A-Z][A-Za-z .’'-]{2,40})[)\]]?$"
)
_SHOWS = re.compile("图为[^。！？]{2,120}[。！？]?")
_POSTS = (
    "主任|处长|局长|厅长|部长|主席|总裁|总经理|董事长|院长|校长|所长|秘书长|理事长|会长|市长|区长|书记|院士"
    "|教授|研究员|专家|CEO|工程师|负责人"
)
_POST = re.compile(rf"(?:{_POSTS})[\u4e00-\u9fff·]{{2,4}}$")
_POST_LENGTH = 12
_SIGNS = ("图", "摄", "hoto")
"""One of these stands in every credit."""

_LAST_OF_POST = f"[{''.join(sorted({post[-1] for post in _POSTS.split('|')}))}]"
_NAME_AT_END = re.compile(
    "\n(?:" + "|".join(f"(?<={_LAST_OF_POST}[{_HAN}·]{{{length}}}\n)" for length in (2, 3, 4)) + ")"
)
"""A line end behind what may be a post and a name: hardly any is, so hardly any line is looked at more closely."""

_BLANK_LINE = re.compile(r"\n[^\S\n]+\n")
_SHORTEST_REPEATED = 8
_MOST_REPEATED = 50
_MARK = re.compile("[。！？；：，:;,!?]$")
_BEFORE_LIST = re.compile("[：:]$")


def cut_captions(view: View) -> Outcome:
    r"""Cut photo captions, and read their text and credit.

    >>> from pipeline.text import Text
    >>> raw = "2021年6月9日，先导区启动活动举办。 某市经信局供图\n6月9日，某市启动建设先导区。"
    >>> text = Text(raw).revise(cut_captions)
    >>> text.value
    '6月9日，某市启动建设先导区。'
    >>> [(finding.kind, raw[slice(*finding.span)]) for finding in text.findings]
    [('caption', '2021年6月9日，先导区启动活动举办。'), ('caption_credit', '某市经信局')]

    Left alone: short lines that are headings (无人机拍摄, 用智能生成图片), members of a list, the labels of figures
    (图1), and every sentence that only speaks of a photograph.
    """
    text = view.text
    lines = {block for sign in _SIGNS for block in lines_with(text, sign) if len(block.text) <= _LONGEST}
    repeated = set(_repeated_names(text))
    edits: list[Edit] = []
    findings: list[Finding] = []
    for block in sorted(lines | repeated):
        credit = _CREDIT.search(block.text) or _ENGLISH_CREDIT.search(block.text)
        if credit:
            start, end = _credit_span(credit)
            caption = block.text[: credit.start()].rstrip(" \u00a0\u3000(（[")
            findings.append(Finding("caption", "", (block.start, block.start + len(caption))))
            findings.append(Finding("caption_credit", "", (block.start + start, block.start + end)))
        elif block in repeated or _SHOWS.fullmatch(block.text):
            findings.append(Finding("caption", "", (block.start, block.end)))
        else:
            continue
        start, end = whole_line(text, block)
        edits.append(Edit(start, text[start:end], "", "field.captions"))
    return Outcome(edits, findings) if edits else NOTHING


def _credit_span(credit: re.Match[str]) -> tuple[int, int]:
    group = next(name for name in credit.re.groupindex if credit[name])
    return credit.span(group)


def _repeated_names(text: str) -> Iterator[Block]:
    """The lines where a name with a post stands alone beside a blank line, and within a sentence once more."""
    if "\n\n" not in text and not _BLANK_LINE.search(text):
        return
    candidates = (block for block in _end_in_names(text) if _is_apart(text, block))
    for block in itertools.islice(candidates, _MOST_REPEATED):
        first = text.find(block.text)
        second = text.find(block.text, first + 1)
        for at in (first, second):
            if at >= 0 and not block.start <= at < block.end and _is_within_line(text, at, len(block.text)):
                yield block
                break


def _end_in_names(text: str) -> Iterator[Block]:
    """The lines that end in a post and a name."""
    for end in (*(found.start() for found in _NAME_AT_END.finditer(text)), len(text)):
        if _POST.search(text, max(0, end - _POST_LENGTH, text.rfind("\n", 0, end) + 1), end):
            yield line_at(text, end - 1)


def _is_within_line(text: str, at: int, length: int) -> bool:
    """True where the line holds more than the words there."""
    return text[at - 1 : at] not in {"", "\n"} or text[at + length : at + length + 1] not in {"", "\n"}


def _is_apart(text: str, block: Block) -> bool:
    """True where a blank line stands on one side and no member of a list on the other."""
    if not _SHORTEST_REPEATED <= len(block.text) <= _LONGEST or _MARK.search(block.text):
        return False
    before, after = line_above(text, block), line_below(text, block)
    if before and (_POST.search(before.text[-_POST_LENGTH:]) or _BEFORE_LIST.search(before.text)):
        return False
    if after and len(after.text) <= _LONGEST and _POST.search(after.text):
        return False
    gap_before = before is not None and before.line_end + 1 < block.line_start
    gap_after = after is not None and block.line_end + 1 < after.line_start
    return gap_before or gap_after
