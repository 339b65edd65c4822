"""Mentions of documents, and the rows that they make: one for each document.

Here belongs which mentions are of one document. What is a mention is read in :mod:`pipeline.enrichment.references`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.metadata.document_numbers import issuer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.edits import Span


class Mention(NamedTuple):
    """A document where it is named; `span` includes the title marks, `basis` is what shows that it is a document."""

    title: str
    number: str | None
    alias: str | None
    basis: str
    span: Span
    is_draft: bool
    number_span: Span | None = None
    alias_span: Span | None = None


class Reference(NamedTuple):
    """A document that a text names; `start` and `end` are its first mention, the other spans number and alias.

    `basis` is what shows that it is a document: its `number`, its `genre`, an `alias` that is one, the `wording` before
    it, or the `list` that it stands in. `mention_count` counts how often it is named, under its alias too.
    """

    title: str
    doc_number: str | None
    alias: str | None
    issuer: str | None
    basis: str
    is_draft: bool
    mention_count: int
    start: int
    end: int
    number_start: int | None
    number_end: int | None
    alias_start: int | None
    alias_end: int | None


def distinct(mentions: Sequence[Mention], named: Sequence[tuple[str, int]]) -> list[Reference]:
    """One row for each document: mentions of one title are of one document unless their numbers differ.

    `named` is everything that stands in title marks and where, by which mentions are counted. A title that stands
    without a number is that of its first row; an alias counts from where it is explained.
    """
    rows: dict[str, dict[str | None, Mention]] = {}
    explained = {one.alias: one.alias_span[0] for one in reversed(mentions) if one.alias and one.alias_span}
    for mention in mentions:
        if mention.number is None and explained.get(mention.title, mention.span[1]) <= mention.span[0] + 1:
            continue  # 《谅解备忘录》: the alias itself, where it is explained or behind that
        same = rows.setdefault(mention.title, {})
        number = None if mention.number is None else _plain(mention.number)
        if number is not None and None in same:
            same[number] = _merged(same.pop(None), mention)
        elif number in same or (number is None and same):
            key = number if number in same else next(iter(same))
            same[key] = _merged(same[key], mention)
        else:
            same[number] = mention
    merged = sorted((one for same in rows.values() for one in same.values()), key=lambda one: one.span)
    titles = {one.title for one in merged}
    by_number = Counter((one.title, one.number and _plain(one.number)) for one in mentions)
    places: dict[str, list[int]] = {}
    for title, start in named:
        places.setdefault(title, []).append(start)
    first = {title: next(iter(same.values())) for title, same in rows.items()}
    alone = {title for title, same in rows.items() if len(same) == 1}
    counts = {
        one: len(places.get(one.title, ()))
        if one.title in alone
        # Without a number, a mention belongs to the first document of its title.
        else by_number[one.title, _plain(one.number or "")]
        + (by_number[one.title, None] if one is first[one.title] else 0)
        for one in merged
    }
    return [_row(one, counts[one], [] if one.alias in titles else places.get(one.alias or "", [])) for one in merged]


def _merged(first: Mention, later: Mention) -> Mention:
    number = first if first.number is not None else later
    alias = first if first.alias is not None else later
    return first._replace(
        number=number.number,
        number_span=number.number_span,
        alias=alias.alias,
        alias_span=alias.alias_span,
        basis="number" if number.number is not None else first.basis,
        is_draft=first.is_draft or later.is_draft,
    )


def _row(one: Mention, count: int, aliases: Sequence[int]) -> Reference:
    number = None if one.number is None else _plain(one.number)
    if one.alias_span is not None:
        # Where the alias is explained in title marks of its own, that is no further mention.
        count += sum(start > one.alias_span[1] for start in aliases)
    return Reference(
        title=one.title,
        doc_number=number,
        alias=one.alias,
        issuer=None if number is None else issuer_of(number),
        basis=one.basis,
        is_draft=one.is_draft,
        mention_count=max(1, count),
        start=one.span[0],
        end=one.span[1],
        number_start=one.number_span[0] if one.number_span else None,
        number_end=one.number_span[1] if one.number_span else None,
        alias_start=one.alias_span[0] if one.alias_span else None,
        alias_end=one.alias_span[1] if one.alias_span else None,
    )


def _plain(number: str) -> str:
    return "".join(number.split())
