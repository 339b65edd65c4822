"""Cut front matter (YAML between two lines `---`) off the head of a Markdown file, and read its keys.

Only what static-site generators write is read: `key: value`, also folded or literal (`>`, `|`) or over several lines,
`key: [a, b]`, and a key with items below it. Of nested keys only the `name` of an item is. Labels without such a fence
belong in :mod:`pipeline.steps.labels`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.edits import Edit
from pipeline.lexicon import Label
from pipeline.metadata.labelled import is_plausible
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = {"field.front_matter": "The front matter of a Markdown file became columns."}

_LONGEST = 6000
_FENCED = re.compile(
    r"---[ \t]*\n(?P<inside>(?:(?!---|\.\.\.[ \t]*(?:\n|$))[^\n]{0,500}\n){1,60})(?:---|\.\.\.)[ \t]*(?:\n|$)"
)
_LINE = re.compile(
    r"(?:(?P<key>[A-Za-z_][\w.-]{0,40}|[\u4e00-\u9fff]{1,8})[ \t]*:(?:[ \t]+(?P<value>[^\n]*?))?"
    r"|[ \t]*-[ \t]+(?P<item>[^\n]*?)|[ \t]+[^\n]*?|#[^\n]*?)[ \t]*"
)
_FIELDS = {
    "title": "title",
    "标题": "title",
    "author": "author",
    "authors": "author",
    "作者": "author",
    "date": "date_published",
    "日期": "date_published",
    "lastmod": "date_updated",
    "updated": "date_updated",
    "tags": "keywords",
    "keywords": "keywords",
    "description": "summary",
    "summary": "summary",
    "url": "url",
    "link": "url",
    "permalink": "url",
    "source": "source",
}
_QUOTES = "\"'"
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*$")
_BLOCK = re.compile(r"[>|][+-]?[1-9]?[+-]?")
_ITEM = re.compile(r"""[ \t]*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>[^,\[\]"']+))[ \t]*(?:,|$)""")
_PAIR = re.compile(r"(?P<key>[A-Za-z_][\w-]{0,40}):[ \t]+(?P<value>.*)")
_NAMES = frozenset({"name", "姓名"})
_LISTS = frozenset({"author", "keywords"})


def cut_front_matter(view: View) -> Outcome:
    r"""Cut the front matter of a Markdown file and say what stands in it.

    >>> from pipeline.text import Text
    >>> page = "---\nid: intro\ntitle: '人工智能'\ndate: 2020-01-02\n---\n甲地发布方案。\n"
    >>> text = Text(page).revise(cut_front_matter)
    >>> text.value
    '甲地发布方案。\n'
    >>> [(found.value, page[slice(*found.span)]) for found in text.findings if found.kind == "label_value"]
    [('front_matter', 'intro'), ('title', '人工智能'), ('date_published', '2020-01-02')]

    Left alone: lines between rules that are not all keys and values (a slide deck, a poem), a fence that never closes,
    and data files, which have no fence.
    """
    text = view.text
    if not text.startswith("---"):
        return NOTHING
    fenced = _FENCED.match(text[:_LONGEST])
    if fenced is None:
        return NOTHING
    lines = fenced["inside"].split("\n")[:-1]
    matches = [_LINE.fullmatch(line) for line in lines]
    if any(match is None for match, line in zip(matches, lines, strict=True) if line.strip()):
        return NOTHING
    if not any(match and match["key"] for match in matches):
        return NOTHING
    edit = Edit(0, fenced.group(), "", "field.front_matter")
    return Outcome([edit], list(_findings(lines, fenced.start("inside"))))


def _findings(lines: list[str], position: int) -> Iterator[Finding]:
    """A label for every key, and a value for what stands behind it or for each of its items."""
    inside, starts = "\n".join(lines), [position]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    field, number = "", 0
    while number < len(lines):
        line, at = lines[number], starts[number]
        number += 1
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        if match["key"]:
            field = _FIELDS.get(match["key"].lower(), "front_matter")
            yield Finding("label", field, (at + match.start("key"), at + match.end("key")))
        group = "value" if match["value"] is not None else "item"
        if not field or match[group] is None:
            continue
        start, end = _without_comment(line, match.span(group))
        is_block = group == "value" and bool(_BLOCK.fullmatch(line[start:end]))
        below = _below(lines, number, block=is_block) if group == "value" and start < end else number
        if is_block:
            # The value is what stands below, without the white space around it.
            text = "\n".join(lines[number:below])
            start = starts[number] + len(text) - len(text.lstrip()) if text.strip() else at + end
            spans = [(start, start + len(text.strip()))]
        elif below > number and line[start] not in _QUOTES:
            spans = [(at + start, starts[below] - 1)]
        else:
            spans = [(at + first, at + last) for first, last in _values(line, (start, end), field)]
        number = below
        for first, last in spans:
            value = inside[first - position : last - position]
            # An abstract is made of sentences, which elsewhere show that a label heads the body.
            fits = field == "summary" or is_plausible(Label(field, weak=field != "title"), value)
            yield Finding("label_value", field if fits else "front_matter", (first, last))


def _below(lines: list[str], number: int, *, block: bool) -> int:
    """Where the lines end that continue a value: deeper ones, in a block blank ones and any others as well."""
    last = number
    for index in range(number, len(lines)):
        line = lines[index]
        if not line.strip() and block:
            continue
        match = _LINE.fullmatch(line)
        if not line[:1].isspace() or (not block and (match is None or match["item"] is not None or _is_pair(line))):
            break
        last = index + 1
    return last


def _is_pair(line: str) -> bool:
    bare = line.strip()
    return bare.startswith("#") or bool(_PAIR.match(bare)) or bare.endswith(":")


def _without_comment(line: str, span: tuple[int, int]) -> tuple[int, int]:
    """A value's span without the comment behind it; what is quoted may hold the sign of one."""
    start, end = span
    value = line[start:end]
    if value[:1] in _QUOTES and value:
        closing = value.find(value[0], 1)
        if closing > 0 and not _COMMENT.sub("", value[closing + 1 :]).strip():
            return start, start + closing + 1
        return span
    return start, start + len(_COMMENT.sub("", value).rstrip())


def _values(line: str, span: tuple[int, int], field: str) -> Iterator[tuple[int, int]]:
    """The spans of a value's parts: those of a list in brackets, the name of a person; without the quotes around it."""
    start, end = span
    value = line[start:end]
    if field in _LISTS and value.startswith("[") and value.endswith("]"):
        for item in _ITEM.finditer(line, start + 1, end - 1):
            group = str(item.lastgroup)
            stripped = item[group].strip()
            first = item.start(group) + item[group].find(stripped)
            yield first, first + len(stripped)
        return
    pair = _PAIR.fullmatch(value)
    if pair and field == "author":
        if pair["key"] in _NAMES:
            yield from _values(line, (start + pair.start("value"), end), "")
        return
    if len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES:
        start, end = start + 1, end - 1
    yield start, end
