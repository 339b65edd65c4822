"""Cut front matter (YAML between two lines `---`) off the head of a Markdown file, and read its keys.

Only the flat form that static-site generators write is read: `key: value`, `key: [a, b]`, and a key with items below
it. Labels without such a fence belong in :mod:`pipeline.steps.labels`.
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
_FENCED = re.compile(r"---[ \t]*\n(?P<inside>(?:(?!---)[^\n]{0,500}\n){1,60})---[ \t]*(?:\n|$)")
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
    field = ""
    for line in lines:
        match = _LINE.fullmatch(line)
        if match and match["key"]:
            field = _FIELDS.get(match["key"].lower(), "front_matter")
            start = position + match.start("key")
            yield Finding("label", field, (start, start + len(match["key"])))
        for group in ("value", "item"):
            if match and field and match[group] is not None:
                start, end = _unquoted(match, group)
                kind = field if is_plausible(Label(field, weak=field != "title"), line[start:end]) else "front_matter"
                yield Finding("label_value", kind, (position + start, position + end))
        position += len(line) + 1


def _unquoted(match: re.Match[str], group: str) -> tuple[int, int]:
    start, end = match.span(group)
    value = match[group]
    if len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES:
        return start + 1, end - 1
    return start, end
