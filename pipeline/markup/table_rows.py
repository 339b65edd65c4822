"""Which rows of the tables of a page are rows of a text, and which lay the page out.

Here belongs the question alone. What stands between cells is decided in :mod:`pipeline.markup.layout`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.markup.elements import BLOCKS, CELLS, PARTS_OF_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.markup.tags import Token

_OF_A_LINE = frozenset(("br", "center", "div", "p"))
"""Blocks that a cell holds as often for its looks as for its paragraphs: Word puts one around the words of each."""

_BREAKING = (BLOCKS - PARTS_OF_TABLE - _OF_A_LINE) | {"table"}
_SENTENCE = re.compile("[。！？]")
_MOST_IN_LINE, _MOST_IN_LINES = 300, 60
"""Characters of a cell that holds one paragraph, and of one that holds several, each no sentence: 增速<br>（同比）."""


class Rows(NamedTuple):
    """The tags, by number, that begin or end cells which are columns of a page, and blocks that part no lines."""

    broken: frozenset[int]
    joined: frozenset[int]


class _Row:
    def __init__(self) -> None:
        self.cells: list[int] = []
        self.blocks: list[int] = []
        self.is_broken = False

    def add(self, number: int, token: Token) -> None:
        """A tag within the row; what stands in a table within it is that one's."""
        if token.name in CELLS:
            self.cells.append(number)
        elif token.name in _OF_A_LINE:
            self.blocks.append(number)
        self.is_broken |= token.kind == "open" and token.name in _BREAKING


def rows_of_tables(text: str, tokens: Sequence[Token]) -> Rows:
    """Go through the tables of a page.

    >>> from pipeline.markup.tags import tokens
    >>> page = "<table><tr><td><p>规模</p></td><td><p>500</p></td></tr><tr><td>栏目<td><h2>方案</h2></table>"
    >>> rows = rows_of_tables(page, list(tokens(page)))
    >>> sorted(rows.broken), sorted(rows.joined)
    ([12, 13], [3, 4, 7, 8])

    A row whose cells hold headings, lists or tables, or a text in sentences and several paragraphs, lays out a page.
    """
    broken: set[int] = set()
    joined: set[int] = set()
    for row, end in _rows(tokens):
        if row.is_broken or (row.blocks and not _is_of_words(text, tokens, row, end)):
            broken.update(row.cells)
        else:
            joined.update(row.blocks)
    return Rows(frozenset(broken), frozenset(joined))


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[_Row, int]]:
    """The rows, each with the number of the tag that ends it: unclosed ones end with the next, or with their table."""
    tables: list[_Row | None] = [None]
    for number, token in enumerate(tokens):
        row = tables[-1]
        begins_table = token.name == "table" and token.kind == "open"
        if row is not None and token.name in ("table", "tr") and not begins_table:
            yield row, number
            tables[-1] = None
        elif row is not None:
            row.add(number, token)
        if begins_table:
            tables.append(None)
        elif token.name == "table":
            tables = tables[:-1] or [None]
        elif token.name == "tr" and token.kind == "open":
            tables[-1] = _Row()
    yield from ((row, len(tokens)) for row in tables if row is not None)


def _is_of_words(text: str, tokens: Sequence[Token], row: _Row, end: int) -> bool:
    """Whether the cells of a row hold words, or one paragraph each."""
    opened = [number for number in row.cells if tokens[number].kind == "open"]
    if len(opened) < 2:  # noqa: PLR2004  one cell parts nothing
        return False
    blocks = frozenset(row.blocks)
    for first, last in zip(opened, [*opened[1:], end], strict=True):
        length, parts, is_apart, has_sentence = 0, 0, True, False
        for number in range(first, last):
            is_apart |= number in blocks
            following = tokens[number + 1].start if number + 1 < len(tokens) else tokens[number].end
            shown = text[tokens[number].end : following].strip()
            if shown:
                length += len(shown)
                parts += is_apart
                is_apart = False
                has_sentence |= _SENTENCE.search(shown) is not None
        if length > _MOST_IN_LINE or (parts > 1 and (has_sentence or length > _MOST_IN_LINES)):
            return False
    return True
