"""What a page says of its article in JSON-LD, as schema.org and Baidu's landing pages have it.

Here belongs where it stands. The rest of what scripts hold is no text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.records.json_values import DECODER, object_values
from pipeline.records.keys import field_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span
    from pipeline.markup.tags import Token

_OPENING = re.compile(r"""<script\b[^>]{0,300}?\btype\s*=\s*["']?application/ld\+json\b[^>]{0,300}>""", re.IGNORECASE)
_CLOSING = "</"
_LONGEST = 100_000
"""Characters; those of an article have a few thousand."""

_ARTICLES = frozenset(
    ("Article", "BlogPosting", "NewsArticle", "OpinionNewsArticle", "Report", "ReportageNewsArticle", "TechArticle")
)
_CONTEXTS_OF_BAIDU = tuple(f"{scheme}://ziyuan.baidu.com/contexts/cambrian.jsonld" for scheme in ("http", "https"))
_UPDATED_OF_BAIDU = "upDate"
"""Elsewhere a key like it is about the crawl."""

_BEGINNING = re.compile(r"[^\[{]{0,40}\[?")
"""With the comment that hid scripts from old browsers."""

_GRAPH = re.compile(r'"@graph"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_SAID = frozenset(("author", "date_published", "date_updated", "keywords", "summary", "title"))
_ESCAPED_CONTROL = re.compile(r"\\(?:[bfnrt]|u00[01])")


def linked_values(text: str, token: Token) -> Iterator[tuple[str, str, Span]]:
    r"""The values in a script that says what the article of its page is: key, field, and where each stands.

    >>> from pipeline.markup.tags import tokens
    >>> said = '{"@type": "NewsArticle", "headline": "方案", "author": {"@type": "Person", "name": "甲某"}}'
    >>> page = f'<script type="application/ld+json">{said}</script>'
    >>> [(key, field, page[slice(*span)]) for key, field, span in linked_values(page, next(tokens(page)))]
    [('headline', 'title', '方案'), ('author', 'author', '甲某')]

    Left alone: what is said of the site, its other pages and its publisher, authors that are no people, values with
    line ends in them, and what is no JSON.
    """
    opening = _OPENING.match(text, token.start, token.end)
    end = text.rfind(_CLOSING, token.start, token.end)
    if opening is None or end - opening.end() > _LONGEST:
        return
    for start, stop, found in _objects(text, opening.end(), end):
        if _is_article(found):
            yield from _said(text, start, stop, found)
            return


def _said(text: str, start: int, stop: int, found: dict[str, Any]) -> Iterator[tuple[str, str, Span]]:
    article = text[start:stop]
    for path, (first, last) in object_values(article):
        key, inner = path[0], [name for name in path[1:] if name]
        label = field_of(key)
        field = "date_updated" if key == _UPDATED_OF_BAIDU else label.field if label is not None else ""
        is_direct = not inner or (field == "author" and inner == ["name"] and _are_people(found[key]))
        is_plain = not _ESCAPED_CONTROL.search(article, first, last) and "\n" not in article[first:last]
        if field in _SAID and is_direct and is_plain and first < last:
            yield key, field, (start + first, start + last)


def _objects(text: str, start: int, end: int) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The objects that may be the article's: the whole, the elements of a list, those of a graph in either."""
    begins = _BEGINNING.match(text, start, end)
    if begins is None:
        return
    yield from _elements(text, begins.end(), end)
    graph = _GRAPH.search(text, start, end)
    if graph:
        yield from _elements(text, graph.end(), end)


def _elements(text: str, start: int, end: int) -> Iterator[tuple[int, int, dict[str, Any]]]:
    while (between := _BETWEEN.match(text, start, end)) and text.startswith("{", between.end(), end):
        try:
            found, stop = DECODER.raw_decode(text, between.end())
        except (ValueError, RecursionError):
            return
        if stop > end:
            return
        yield between.end(), stop, found
        start = stop


def _is_article(found: dict[str, Any]) -> bool:
    kinds = found.get("@type", "")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind in _ARTICLES for kind in kinds) or (
        found.get("@context") in _CONTEXTS_OF_BAIDU
    )


def _are_people(authors: object) -> bool:
    found = authors if isinstance(authors, list) else [authors]
    return all(isinstance(one, dict) and one.get("@type") == "Person" for one in found)
