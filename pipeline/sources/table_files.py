"""Tables of texts (CSV, TSV): each row is a document, and the first row says what its cells are.

A row's bytes are those of its lines, line ends included. What is text in it belongs to :mod:`pipeline.steps.records`,
which is given the first row beside it; that has no row of its own.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from pipeline.records.table_rows import goes_on, misfit, names_a_text, separator_of
from pipeline.sources.members import Member, oversized
from pipeline.sources.text_files import is_in_bytes, lines, written_in

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from pipeline.sources.streams import Budget

_HEAD = 1 << 16
_MOST_LINES = 200_000
"""Of a row: its lines are kept apart until it ends, and short ones take a hundred times their length."""

_MOST_LINES_AGAIN = 100
"""A row of more lines that does not fit is set aside whole: else each of its lines is the beginning of another try."""


_LONGEST_HEADER = 1 << 14
"""Characters: two thousand names of columns."""


def is_table(head: bytes) -> bool:
    r"""Whether the first row of a file names a column of texts.

    >>> is_table("标题,正文\n".encode("gbk")), is_table("年份,占比\n".encode())
    (True, False)

    A table of figures is a document, if it is one, and its rows are none. So is a file whose first row is longer than
    names of columns are: it would be looked at again with every row.
    """
    if not is_in_bytes(head):
        return False
    header = _header(head, written_in(head))
    return len(header) <= _LONGEST_HEADER and names_a_text(header)


def _header(line: bytes, encoding: str) -> str:
    first = line.lstrip(b"\r\n").partition(b"\n")[0]
    return first.decode(encoding or "utf-8", "replace").lstrip("\ufeff").rstrip("\r")


class _Line(NamedTuple):
    number: int
    content: bytes | None
    text: str = ""


def table_rows(stream: io.BufferedReader, maximum_bytes: int, budget: Budget) -> Iterator[Member]:
    """The rows of a table: `#L12` is the one that begins on line 12.

    A row that has not as many cells as the first one is set aside as unreadable, with its bytes: nobody knows which of
    its commas separates what. A quotation mark that somebody forgot costs its line, and not those behind it, if they
    are not too many.
    """
    del budget  # a row is as long as its lines
    encoding = written_in(stream.peek(_HEAD)[:_HEAD])
    codec = encoding or "utf-8"
    following = (
        _Line(number, line, "" if line is None else line.decode(codec, "replace"))
        for number, line in lines(stream, maximum_bytes)
    )
    header = next((_header(line.content or b"", encoding) for line in following if line.text.strip("\ufeff\r\n")), "")
    separator = separator_of(header)
    again: deque[_Line] = deque()
    while True:
        row = _row(again, following, separator, maximum_bytes)
        if not row:
            return
        suffix = f"#L{row[0].number}"
        if row[0].content is None:
            yield oversized(suffix, maximum_bytes)
            continue
        if not row[0].text.strip("\r\n") and len(row) == 1:
            continue
        problem = misfit("".join(line.text for line in row), header) if len(row) <= _MOST_LINES else ""
        if problem and 1 < len(row) <= _MOST_LINES_AGAIN:
            again.extendleft(reversed(row[1:]))
            row = row[:1]
            problem = misfit(row[0].text, header)
        content = b"".join(line.content or b"" for line in row)
        if len(content) > maximum_bytes:
            yield oversized(suffix, maximum_bytes)
        elif len(row) > _MOST_LINES:
            yield Member(suffix, None, "too_large", f"a row of more than {_MOST_LINES} lines")
        elif problem:
            yield Member(suffix, content, "unreadable", problem)
        else:
            yield Member(suffix, content, header=header, encoding=encoding)


def _row(again: deque[_Line], following: Iterator[_Line], separator: str, maximum_bytes: int) -> list[_Line]:
    """The lines of the next row; a line that is too long is one by itself, and ends the row before it."""
    row: list[_Line] = []
    size, within = 0, False
    while line := again.popleft() if again else next(following, None):
        if line.content is None and row:
            again.appendleft(line)
            break
        row.append(line)
        size += len(line.content or b"")
        within = line.content is not None and goes_on(line.text, separator, within=within)
        if not within or size > maximum_bytes or len(row) > _MOST_LINES:
            break
    return row
