"""Documents that an English text names in quotation marks and gives a short name: “… Measures” (referred to as “…”).

Here belongs how English names them. Titles in 《》 are read in :mod:`pipeline.enrichment.references`.
"""

from __future__ import annotations

import re

from pipeline.enrichment.reference_rows import Mention, Reference, distinct

_SHORT_NAME = re.compile(
    "” ?[(](?:hereinafter |hereafter )?(?:referred to as|abbreviated as|known as) (?:the )?“"
    "(?P<alias>[^“”\n]{2,120})”[)]"
)
_QUOTE = re.compile("[“”\n]")
_GENRE = re.compile(
    r"\b(?:Measures|Plan|Opinions|Regulations?|Provisions|Notice|Guidelines?|Guidance|Law|Rules|Polic(?:y"
    r"|ies)|Program(?:me)?|Strategy|Outline|Standards?|Act)\b"
)
_LONGEST_TITLE = 300


def english_references(text: str) -> list[Reference]:
    """The documents that an English text names with a short name.

    >>> one, = english_references("It issued the “Measures for “Smart” Parks” (referred to as “Ten Rules”) today.")
    >>> one.title, one.alias
    ('Measures for “Smart” Parks', 'Ten Rules')

    Left alone: every other stretch in quotation marks, which may be anything.
    """
    mentions = []
    for match in _SHORT_NAME.finditer(text):
        start = _opened_at(text, match.start())
        if start is None:
            continue
        title = text[start + 1 : match.start()]
        if _GENRE.search(title):
            alias = match.span("alias")
            span = (start, match.start() + 1)
            mentions.append(Mention(title, None, match["alias"], "alias", span, is_draft=False, alias_span=alias))
    return distinct(mentions, [(one.title, one.span[0]) for one in mentions])


def _opened_at(text: str, closes: int) -> int | None:
    """Where the quotation opens that a mark closes; quotations inside it are whole."""
    depth = 1
    first = max(0, closes - _LONGEST_TITLE)
    for match in reversed(list(_QUOTE.finditer(text, first, closes))):
        if match.group() == "\n":
            return None
        depth += 1 if match.group() == "”" else -1
        if depth == 0:
            return match.start()
    return None
