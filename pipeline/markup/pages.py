"""Whether a text is an HTML page, or only has tags in it.

Here belongs the question alone. A text about HTML, Markdown with a tag, a text with remains of tags: those are texts,
and what is left behind in them belongs to :mod:`pipeline.steps.characters`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.markup.tags import tokens

if TYPE_CHECKING:
    from pipeline.edits import Span

_BEGINNING = re.compile(
    r"[\s\ufeff]*(?:<\?xml[^>]{0,200}>\s*|<!--(?:(?!-->).){0,5000}-->\s*)*"
    r"<(?:(?P<body>body)|!doctype\s+html|html|head|base|link|meta|noscript|script|style|title)(?=[\s>/])[^>]*>\s*"
    r"(?P<at_once>(?=<))?",
    re.IGNORECASE | re.DOTALL,
)
_STRUCTURE = re.compile(r"<(?:html|head|body|/head|/body|/html)(?=[\s>/])", re.IGNORECASE)
_STRUCTURE_STANDS_BEFORE = 20_000
_END = re.compile(r"</html\s*>", re.IGNORECASE)
_MOST_BEHIND = 200
"""Characters of text behind the end of a page, in which no sentence ends: a counter, a line of the server's."""

_FRAGMENT = re.compile(
    r"\s*<(?:article|blockquote|center|div|dl|figure|font|h[1-6]|main|ol|p|section|span|strong|table|ul)(?=[\s>/])",
    re.IGNORECASE,
)
_FRAGMENT_ENDS = re.compile(r"(?:</[a-z][a-z0-9]*\s*>|<(?:br|hr|img)\b[^<>]{0,500}>)\s*\Z", re.IGNORECASE)
_TAIL = 1_000


def is_page(text: str, span: Span | None = None) -> bool:
    """Whether a text, or a stretch of one, is an HTML page: it begins as one, and does not go on far behind its end.

    >>> is_page("<!DOCTYPE html><html><body><p>第一条</p></body></html>")
    True
    >>> [is_page(text) for text in ("<p>第一条</p>", "HTML 的第一行是 <!DOCTYPE html>", "<html> 标签" * 60)]
    [False, False, False]
    >>> is_page("<html></html>" + "这个例子里有三个标签，" * 20)
    False
    """
    start, end = span or (0, len(text))
    beginning = _BEGINNING.match(text, start, end)
    if beginning is None or beginning["at_once"] is None is beginning["body"]:
        return False  # a tag with a text behind it: the text speaks of tags
    head = min(end, start + _STRUCTURE_STANDS_BEFORE)
    if not _STRUCTURE.search(text, beginning.end(), end if beginning["body"] else head):
        return False
    ends = [match.end() for match in _END.finditer(text, beginning.end(), end)]
    if not ends:
        return True
    behind = _visible(text, ends[-1], end)
    return len(behind) <= _MOST_BEHIND and "。" not in behind  # else a lesson goes on behind its listing


def is_fragment(text: str, span: Span) -> bool:
    """Whether a value of a record is a part of a page: it begins and ends with tags.

    >>> text = "<p>第一条</p><p>第二条</p>"
    >>> is_fragment(text, (0, len(text))), is_fragment(text + "！", (0, len(text) + 1))
    (True, False)
    """
    start, end = span
    return bool(_FRAGMENT.match(text, start, end) and _FRAGMENT_ENDS.search(text, max(start, end - _TAIL), end))


def _visible(text: str, start: int, end: int) -> str:
    """What stands between tags, without white space."""
    parts, at = [], start
    for token in tokens(text, start, end):
        parts.append(text[at : token.start])
        at = token.end
    return "".join("".join([*parts, text[at:end]]).split())
