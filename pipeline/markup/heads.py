"""What the head of an HTML page says of it: its title, and what `meta` and `link` name.

Here belongs where it stands. Whether it is true of the text is asked when the text is clean, in
:mod:`pipeline.steps.record_fields`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.markup.tags import attributes
from pipeline.metadata.labelled import is_plausible
from pipeline.records.keys import BODY, PAGE, field_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.edits import Span
    from pipeline.markup.tags import Token

_NAMES = ("name", "property", "itemprop")
_NOT_SAID = frozenset((BODY, PAGE, "editor", "issuer"))
_OF_THE_SITE = frozenset(("author", "authorname", "authors"))
"""Keys behind which mostly stands who made the site."""


class Said(NamedTuple):
    """Something that a tag says: the key, the field that it names, and where the value stands."""

    key: str
    field: str
    span: Span
    token: Token


def said_in_head(text: str, tokens: Sequence[Token]) -> Iterator[Said]:
    """What the `meta` tags of a page say, and the address that `link` says is its own.

    >>> from pipeline.markup.tags import tokens
    >>> page = '<meta name="ArticleTitle" content="方案"><link rel="canonical" href="https://example.org/a">'
    >>> [(said.key, page[slice(*said.span)]) for said in said_in_head(page, list(tokens(page)))]
    [('ArticleTitle', '方案'), ('canonical', 'https://example.org/a')]

    The names are those of GB/T 33476 and of the guide for government sites (ArticleTitle, PubDate, ContentSource), of
    Open Graph, Dublin Core and search engines. Left alone: `author`, which mostly names who made the site.
    """
    for token in tokens:
        if token.kind != "open" or token.name not in ("meta", "link"):
            continue
        found = attributes(text, token)
        if token.name == "link":
            key, span = text[slice(*found.get("rel", (0, 0)))], found.get("href")
            is_said = key.lower() == "canonical"
            label = field_of("url")
        else:
            key = next((text[slice(*found[name])] for name in _NAMES if name in found), "")
            span, label = found.get("content"), field_of(key)
            is_said = key.lower() not in _OF_THE_SITE
        if not is_said or label is None or label.field in _NOT_SAID or span is None or span[0] == span[1]:
            continue
        if is_plausible(label, text[slice(*span)]):
            yield Said(key, label.field, span, token)


def title_of_page(text: str, tokens: Sequence[Token]) -> Span | None:
    """Where the title of a page stands, between its tags and without the white space there.

    >>> from pipeline.markup.tags import tokens
    >>> page = "<title>  方案_甲市 </title>"
    >>> page[slice(*title_of_page(page, list(tokens(page))))]
    '方案_甲市'
    """
    for number, token in enumerate(tokens[:-1]):
        if token.kind == "open" and token.name == "title" and tokens[number + 1][2:] == ("close", "title"):
            return _trimmed(text, token.end, tokens[number + 1].start)
    return None


def heading_of_page(text: str, tokens: Sequence[Token]) -> Span | None:
    """Where the heading of a page stands, if it has one of the first rank and no more.

    >>> from pipeline.markup.tags import tokens
    >>> pages = "<h1>方案 <b>全文</b></h1>", "<h1>甲市</h1><h1>方案</h1>"
    >>> [heading_of_page(page, list(tokens(page))) for page in pages]
    [(4, 16), None]
    """
    opened = [number for number, token in enumerate(tokens) if token.name == "h1" and token.kind == "open"]
    closed = [number for number, token in enumerate(tokens) if token.name == "h1" and token.kind == "close"]
    if len(opened) != 1 or len(closed) != 1 or opened > closed:
        return None
    return _trimmed(text, tokens[opened[0]].end, tokens[closed[0]].start)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    found = text[start:end]
    first, last = start + len(found) - len(found.lstrip()), start + len(found.rstrip())
    return (first, last) if first < last else None
