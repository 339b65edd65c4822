"""A row of a table as text (CSV, TSV): where its cells stand, and where it ends.

Here belongs the grammar: that of RFC 4180, also with other separators; a quotation mark that opens no cell stands for
itself, as it does to the reader of the standard library.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from pipeline.records.keys import BODY, PAGE, field_of
from pipeline.records.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.edits import Span

SEPARATORS = (",", "\t", ";", "|")


@functools.cache
def _cell(separator: str) -> re.Pattern[str]:
    """A cell; `behind` a quoted one, nothing should stand before the separator."""
    quoted = rf'"(?P<quoted>{_QUOTED})"(?!")(?P<behind>{_bare(separator)})'
    return re.compile(rf'{quoted}|(?!"){_bare(separator)}')


@functools.cache
def _open_cell(separator: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<quoted>(?P<behind>(?!)))?{_bare(separator)}")


@functools.cache
def _left_open(separator: str) -> re.Pattern[str]:
    """A line, from the beginning of a cell on, that ends within a quoted one."""
    return re.compile(rf'(?:(?:"{_QUOTED}"(?!")|(?!")){_bare(separator)}[{separator}])*"{_QUOTED}\Z')


@functools.cache
def _closing(separator: str) -> re.Pattern[str]:
    """A line, from within a quoted cell on, up to the next cell."""
    return re.compile(rf'{_QUOTED}"(?!"){_bare(separator)}(?P<more>[{separator}])?')


_QUOTED = '[^"]*(?:""[^"]*)*'


def _bare(separator: str) -> str:
    return rf"[^{separator}\r\n]*"


def separator_of(header: str) -> str:
    """What stands between the cells of a table's first row: the separator that stands there most often.

    >>> separator_of("标题;正文"), separator_of("title")
    (';', ',')
    """
    return max(SEPARATORS, key=header.count)


def names_of(header: str) -> list[str]:
    r"""The names of the columns, as a table's first row has them.

    >>> names_of('\ufeff标题,"正文, 全"\r\n')
    ['标题', '正文, 全']
    """
    return list(_names_of(header))


@functools.lru_cache(maxsize=16)
def _names_of(header: str) -> tuple[str, ...]:
    """The names again: they are asked for with every row of a table."""
    header = header.lstrip("\ufeff")
    spans = cells(header, separator_of(header))
    return tuple(header[slice(*span)].replace('""', '"').strip() for span in spans)


def names_a_text(header: str) -> bool:
    """Whether a table has a column of texts, beside at least one other: else its rows are no documents.

    >>> names_a_text("title,text"), names_a_text("year,share"), names_a_text("正文")
    (True, False, False)
    """
    fields = [label.field for name in names_of(header) if (label := field_of(name)) is not None]
    return bool({BODY, PAGE}.intersection(fields)) and len(names_of(header)) > 1


def cells(row: str, separator: str) -> list[Span]:
    r"""Where the cells of a row stand, without quotation marks.

    >>> row = '方案,"第一条，""总则""。\n第二条",2023\r\n'
    >>> [row[start:end] for start, end in cells(row, ",")]
    ['方案', '第一条，""总则""。\n第二条', '2023']

    A quotation mark that is never closed stands for itself.
    """
    return [match.span("quoted" if match["quoted"] is not None else 0) for match in _matches(row, separator)]


def misfit(row: str, header: str) -> str:
    r"""What is wrong with a row, beside the first row of its table; empty where nothing is.

    >>> misfit("方案,2023", "标题,正文,日期")
    'the row has 2 cells, the first row of the table 3'
    >>> misfit('"方案"一,第一条', "标题,正文"), misfit('方案,"第一条', "标题,正文")
    ('a quotation mark stands within a cell', 'a quotation mark is never closed')
    """
    separator = separator_of(header)
    found, width = list(_matches(row, separator)), len(_names_of(header))
    if goes_on(row, separator, within=False):
        return "a quotation mark is never closed"
    if any(match["behind"] for match in found):
        return "a quotation mark stands within a cell"
    return "" if len(found) == width else f"the row has {len(found)} cells, the first row of the table {width}"


def _matches(row: str, separator: str) -> Iterator[re.Match[str]]:
    """The cells of a row; an open quotation mark stands for itself, and the row ends with its line."""
    at = 0
    while match := _cell(separator).match(row, at) or _open_cell(separator).match(row, at):
        yield match
        if row[match.end() : match.end() + 1] != separator:
            return
        at = match.end() + 1


def row_values(row: str, header: str) -> Iterator[Value]:
    """The cells of a row with the names of their columns; cells without a name are left out.

    >>> row = "方案,为推进创新。"
    >>> [(value.path, row[slice(*value.span)]) for value in row_values(row, "标题,正文")]
    [(('标题',), '方案'), (('正文',), '为推进创新。')]
    """
    for name, span in zip(names_of(header), cells(row, separator_of(header)), strict=False):
        yield Value((name,), span)


def goes_on(line: str, separator: str, *, within: bool) -> bool:
    r"""Whether a row goes on behind a line: the line ends in a quoted cell; `within` says that it begins in one.

    >>> goes_on('方案,"第一条\n', ",", within=False), goes_on('第二条",2023\n', ",", within=True)
    (True, False)
    """
    if '"' not in line:
        return within
    at = 0
    if within:
        closing = _closing(separator).match(line)
        if closing is None:
            return True
        if closing["more"] is None:
            return False
        at = closing.end()
    return _left_open(separator).match(line, at) is not None
