"""Take the marks of Markdown out of a text that is surely written in it: headings, bold type, links, images.

Here belongs whether a text is Markdown, and which marks go. Front matter belongs in
:mod:`pipeline.steps.front_matter`, tags in :mod:`pipeline.steps.markup`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.blocks import HEAD_BLOCKS, Block, blocks, line_at, whole_line
from pipeline.character_class import CharacterClass
from pipeline.edits import Edit
from pipeline.steps.front_matter import cut_front_matter
from pipeline.steps.headers import is_title, knows_title
from pipeline.text import NOTHING, Finding, Outcome, View, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = {
    "field.title": "The title became a column.",
    "markdown.bold": "The asterisks around bold type, in a text in Markdown.",
    "markdown.heading": "The number signs of a heading, in a text in Markdown.",
    "markdown.image": "An image, in a text in Markdown.",
    "markdown.link": "The brackets and the address of a link, in a text in Markdown.",
}

_FENCE = re.compile(
    r"^[ \t]*(?P<fence>```|~~~)[^\n]*(?:\n|\Z)"
    r"(?:(?![ \t]*(?P=fence))(?:[^\n]+(?:\n|\Z)|\n))*(?:[ \t]*(?P=fence)[^\n]*|(?P<open>\Z))",
    re.MULTILINE,
)
_CODE = re.compile(r"`[^`\n]{1,300}`|^(?: {4}|\t)\s*(?![-*+] |\d{1,3}\. |\s)[^\n]*$", re.MULTILINE)
"""Between back-quotes, or an indented line that is no member of a list within a list."""

_HEADING = re.compile(
    r"^ {0,3}(?P<marks>#{1,6}[ \t]{1,9})(?=\S)[^\n]*?"
    r"(?P<closing>[ \t]{1,9}#{1,9}|[ \t]{0,4}\{#[\w-]{1,100}\})?[ \t]{0,9}$",
    re.MULTILINE,
)
_BOLD = re.compile(
    r"(?<![*\\0-9A-Za-z])(?P<open>\*{2,3})(?=[^\s*])[^*\n]{1,300}(?<=[^\s*])(?P<close>(?P=open))(?![*0-9A-Za-z])"
)
"""Not 2**10: between letters or figures of ASCII it is a power."""

_TARGET = r"\(\s{0,2}<?(?=[^\s()]{0,600}[/#.:])[^\s()<>]{1,600}>?(?:\s{1,3}\"[^\"\n]{0,200}\")?\s{0,2}\)"
_IMAGE = re.compile(rf"\[!\[[^\[\]\n]{{0,300}}\]{_TARGET}\]{_TARGET}|!\[[^\[\]\n]{{0,300}}\]{_TARGET}")
_ANCHOR = re.compile(rf"[ \t]{{0,4}}\[[¶#§]\]{_TARGET}")
"""The link of a heading to itself."""

_LINK = re.compile(rf"(?<![!\\])(?P<open>\[)(?P<text>[^\[\]\n]{{0,300}})(?P<close>\]{_TARGET})")
_SIGNS = (CharacterClass("#"), CharacterClass("[*]"), CharacterClass(r"\]"))
"""Of a heading, of bold type, of a link: most texts have none of them, or one."""

_KINDS = {"markdown.heading": "\n#", "markdown.bold": "**", "markdown.image": "![", "markdown.link": "]("}
"""What stands in a text that has the mark."""

_FEWEST_KINDS = 2
_FEWEST_MARKS = 3
_LONGEST_TITLE = 100
_LONGEST_ABOVE = 60
_PROSE = re.compile("[。！？；]$")


def strip_markdown(view: View) -> Outcome:
    r"""Take out the marks of a text in Markdown, and read its only heading of the first level as its title.

    >>> from pipeline.text import Text
    >>> page = "# 算力平台说明\n\n本市**建成**平台，见[公告](https://example.cn/a)。\n\n## 用途\n\n开放使用。\n"
    >>> text = Text(page).revise(strip_markdown)
    >>> text.value
    '\n本市建成平台，见公告。\n\n用途\n\n开放使用。\n'
    >>> [(found.kind, page[slice(*found.span)]) for found in text.findings]
    [('title', '算力平台说明')]

    A text is in Markdown where two kinds of marks stand in it, three marks at least; front matter is a kind as well,
    and `# …` alone is none, unless it begins the text: comments of programs look so.
    Left alone: every other text, with whatever signs, code between back-quotes, in fences and indented, italics, lists,
    quotations, tables, rules, links by reference, and brackets without an address behind them (〔2017〕, [1](2)).
    """
    text = view.text
    fronted = any(revision.step == name_of(cut_front_matter) for revision in view.revisions)
    if sum(sign.may_occur_in(text) for sign in _SIGNS) + fronted < _FEWEST_KINDS:
        return NOTHING
    present = sum(sign in text for sign in _KINDS.values()) + text.startswith("#")
    if present + fronted < _FEWEST_KINDS:
        return NOTHING
    if any(fence["open"] is not None for fence in _FENCE.finditer(text)):
        return NOTHING  # a text that was cut within its code: what is inside and what is not, nobody knows
    marks = list(_marks(text))
    kinds = {mark[0].rule for mark in marks} - (set() if _has_headings(text) else {"markdown.heading"})
    if len(kinds) + fronted < _FEWEST_KINDS or len(marks) + fronted < _FEWEST_MARKS:
        return NOTHING
    edits = [edit for mark in marks for edit in mark]
    title = _title(view, text)
    if title is None:
        return Outcome(edits)
    block, span = title
    start, end = whole_line(text, block)
    outside = [edit for edit in edits if edit.end <= start or edit.start >= end]
    findings = [] if knows_title(view) else [Finding("title", "header", span)]
    return Outcome([*outside, Edit(start, text[start:end], "", "field.title")], findings)


def _marks(text: str) -> Iterator[list[Edit]]:
    """The edits of every mark that goes; none within code, none of a link within an image."""
    seen = text
    for code in (_FENCE, _CODE):
        seen = code.sub(_hidden, seen)
    for image in _IMAGE.finditer(seen):
        yield [_cut_image(text, image)]
    seen = _IMAGE.sub(_hidden, seen)
    for anchor in _ANCHOR.finditer(seen):
        yield [Edit(anchor.start(), text[slice(*anchor.span())], "", "markdown.link")]
    seen = _ANCHOR.sub(_hidden, seen)
    for rule, pattern, groups in (
        ("markdown.heading", _HEADING, ("marks", "closing")),
        ("markdown.bold", _BOLD, ("open", "close")),
        ("markdown.link", _LINK, ("open", "close")),
    ):
        for match in pattern.finditer(seen):
            spans = [match.span(group) for group in groups if match[group]]
            yield [Edit(start, text[start:end], "", rule) for start, end in spans]


def _has_headings(text: str) -> bool:
    return text.lstrip().startswith("# ") or any(len(match["marks"].rstrip()) > 1 for match in _HEADING.finditer(text))


def _hidden(match: re.Match[str]) -> str:
    """As many characters that no mark has, so that offsets stay."""
    return "\0" * len(match.group())


def _cut_image(text: str, image: re.Match[str]) -> Edit:
    """The image, with its line where nothing else stands there."""
    start, end = image.span()
    block = line_at(text, start)
    if (block.start, block.end) == (start, end):
        start, end = whole_line(text, block)
    return Edit(start, text[start:end], "", "markdown.image")


def _title(view: View, text: str) -> tuple[Block, tuple[int, int]] | None:
    """The only heading of the first level, where only short lines stand above it."""
    found = [match for match in _HEADING.finditer(text) if len(match["marks"].rstrip()) == 1]
    if len(found) != 1:
        return None
    block = line_at(text, found[0].start("marks"))
    above = [other for other in blocks(text)[:HEAD_BLOCKS] if other.start < block.start]
    if len(above) == HEAD_BLOCKS or any(len(one.text) > _LONGEST_ABOVE or _PROSE.search(one.text) for one in above):
        return None
    start = found[0].end("marks")
    end = found[0].start("closing") if found[0]["closing"] else block.end
    if anchor := _ANCHOR.search(text, start, end):
        end = anchor.start()
    title = text[start:end]
    if len(title) > _LONGEST_TITLE or _BOLD.search(title) or _LINK.search(title):
        return None
    if knows_title(view):
        known = {view.text_of(one).strip() for one in view.found("title", "label_value")}
        return (block, (start, end)) if title.strip() in known else None
    return (block, (start, end)) if is_title(title) else None
