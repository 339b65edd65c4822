"""What of a page its readers do not see, or see on every page of the site: hidden elements, banners, marks of anchors.

Here belongs which elements those are. Elements that go whatever they hold are said in :mod:`pipeline.markup.tags`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.markup.tags import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.markup.tags import Kind

_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_HIDDEN = re.compile(r"\shidden(?=[\s>/])")
_NOT_SHOWN = re.compile(r"""\sstyle\s*=\s*["'][^"'<>]{0,300}?display\s*:\s*none""")
_LONGEST_TAG = 2_000

_BANNERS = frozenset(("footer", "header"))
_ARTICLES = frozenset(("article", "main"))
_HEADINGS = frozenset(("h1", "h2", "title"))
_TEXTS = re.compile("[。！？；：:]")
"""In a sentence, or behind a label: what holds one may be of the text, and shown when a script has run."""

_MOST_UNSEEN = 200
"""Characters; a list of links may be longer."""

_ANCHORS = frozenset(("#", ":::", "¶", "§", "¤", "🔗"))
"""What links are copied from, beside headings; and where those who cannot see jump to on pages of Taiwan's offices."""
_LOOKED_AT_AGAIN = 4
"""So many times as many tags as the page has are looked at: hidden elements may stand in one another."""


def seen(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The tags of a page, where an element that is not seen is one.

    >>> from pipeline.markup.tags import tokens
    >>> page = "<p style='display:none'>扫一扫</p><h2>总则<a href='#a'>#</a></h2>"
    >>> [(token.kind, page[token.start:token.end]) for token in seen(page, list(tokens(page)))][:2]
    [('hidden', "<p style='display:none'>扫一扫</p>"), ('open', '<h2>')]

    A banner is a `header` or `footer` outside of the `article` or `main` that a page has. Left alone: hidden elements
    and banners that hold a sentence, something labelled, a heading, or more than a few words that are no links.
    """
    ends = _ends(tokens)
    has_article = any(token.name in _ARTICLES for token in tokens)
    found: list[Token] = []
    number, depth, budget = 0, 0, _LOOKED_AT_AGAIN * len(tokens)
    while number < len(tokens):
        token = tokens[number]
        end = ends.get(number)
        depth += (token.name in _ARTICLES) * ((token.kind == "open") - (token.kind == "close"))
        kind = _kind(text, token, is_outside=has_article and not depth) if end is not None else None
        if kind and end is not None and end - number <= budget:
            budget -= end - number
            if _is_unseen(text, tokens[number : end + 1]):
                found.append(Token(token.start, tokens[end].end, kind, token.name))
                number = end + 1
                continue
        if end == number + 1 and _is_anchor(text, token, tokens[end]):
            found.append(Token(token.start, tokens[end].end, "menu", token.name))
            number = end + 1
            continue
        found.append(token)
        number += 1
    return found


def _ends(tokens: Sequence[Token]) -> dict[int, int]:
    """Which tag ends the element that one begins: the next of its name that ends none within it."""
    opened: dict[str, list[int]] = {}
    ends = {}
    for number, token in enumerate(tokens):
        if token.kind == "open":
            opened.setdefault(token.name, []).append(number)
        elif token.kind == "close" and opened.get(token.name):
            ends[opened[token.name].pop()] = number
    return ends


def _kind(text: str, token: Token, *, is_outside: bool) -> Kind | None:
    if token.name in _BANNERS and is_outside:
        return "menu"
    tag = text[token.start : min(token.end, token.start + _LONGEST_TAG)].lower()
    if "hidden" not in tag and "none" not in tag:
        return None
    return "hidden" if _HIDDEN.search(_QUOTED.sub("", tag)) or _NOT_SHOWN.search(tag) else None


def _is_unseen(text: str, element: Sequence[Token]) -> bool:
    """Whether what an element holds is no part of the text."""
    if any(token.name in _HEADINGS or token.name == "table" for token in element):
        return False
    links = length = 0
    for token, following in pairwise(element):
        links += (token.name == "a") * ((token.kind == "open") - (token.kind == "close"))
        shown = text[token.end : following.start].strip()
        if _TEXTS.search(shown):
            return False
        length += 0 if links > 0 else len(shown)
    return length <= _MOST_UNSEEN


def _is_anchor(text: str, token: Token, end: Token) -> bool:
    return token.name == "a" and text[token.end : end.start].strip() in _ANCHORS
