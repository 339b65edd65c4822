"""What the head of an HTML page says of it: its title, and what `meta`, `link` and JSON-LD name.

Here belongs where it stands. Whether it is true of the text is asked when the text is clean, in
:mod:`pipeline.steps.record_fields`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.lexicon import Label
from pipeline.markup.linked_data import linked_values
from pipeline.markup.tags import attributes
from pipeline.metadata.labelled import is_plausible
from pipeline.records.keys import BODY, PAGE, field_of, says_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.edits import Span
    from pipeline.markup.tags import Token

_NAMES = ("name", "property", "itemprop")
_NOT_SAID = frozenset((BODY, PAGE, "editor", "issuer"))
_PUBLISHED = frozenset(("datePublished", "dt-published", "published"))
"""What a `time` element is called that says when the article was published: in microdata, microformats, WordPress."""


class Said(NamedTuple):
    """Something that a tag or a script says: the key, the field that it names, and where the value stands."""

    key: str
    field: str
    span: Span
    token: Token


def said_in_head(text: str, tokens: Sequence[Token]) -> list[Said]:
    """What the `meta` tags of a page say, the address that `link` says is its own, and what JSON-LD adds to them.

    >>> from pipeline.markup.tags import tokens
    >>> page = '<meta name="ArticleTitle" content="方案"><link rel="canonical" href="https://example.org/a">'
    >>> [(said.key, page[slice(*said.span)]) for said in said_in_head(page, list(tokens(page)))]
    [('ArticleTitle', '方案'), ('canonical', 'https://example.org/a')]

    The names are those of GB/T 33476 and of the guide for government sites (ArticleTitle, PubDate, ContentSource), of
    Open Graph, Dublin Core and search engines. A `time` element counts where it says that it is the date of the
    article. Left alone: what stands for nothing (null), what does not look like its field.
    """
    found = [said for token in tokens if token.kind == "open" and (said := _said_by(text, token)) is not None]
    said_already = {said.field for said in found}
    for token in tokens:
        if token.kind == "script" and token.name == "script":
            linked = [Said(key, field, span, token) for key, field, span in linked_values(text, token)]
            found += [said for said in linked if said.field not in said_already and _is_plausible(text, said)]
            said_already.update(said.field for said in linked)
    return sorted(found, key=lambda said: said.span)


def _said_by(text: str, token: Token) -> Said | None:
    """What a tag says."""
    if token.name not in ("meta", "link", "time"):
        return None
    found = attributes(text, token)
    if token.name == "link":
        key, span = text[slice(*found.get("rel", (0, 0)))], found.get("href")
        field = "url" if key.lower() == "canonical" else ""
    elif token.name == "time":
        key, span = "datetime", found.get("datetime")
        field = _field_of_time(text, token, found)
    else:
        key = next((text[slice(*found[name])] for name in _NAMES if name in found), "")
        span, label = found.get("content"), field_of(key)
        field = label.field if label is not None else ""
    if not field or field in _NOT_SAID or span is None or span[0] == span[1]:
        return None
    said = Said(key, field, span, token)
    return said if _is_plausible(text, said) else None


def _field_of_time(text: str, token: Token, found: Mapping[str, Span]) -> str:
    marks = " ".join(text[slice(*found[name])] for name in ("itemprop", "class") if name in found).split()
    is_published = "pubdate" in text[token.start : token.end].split() or not _PUBLISHED.isdisjoint(marks)
    return "date_published" if is_published else ""


def _is_plausible(text: str, said: Said) -> bool:
    value = text[slice(*said.span)].strip()
    return bool(value) and not says_nothing(value) and is_plausible(Label(said.field, weak=True), value)


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
