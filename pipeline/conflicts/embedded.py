r"""Markers that do not stand on lines of their own.

A crawler joined a conflict to one line with the text around: `前文 <<<<<<< HEAD 甲 ======= 乙 >>>>>>> b 后文`. Or a
file has no line feed at its end: Subversion and Mercurial put the markers right behind the last line of each side then.
Here belongs dividing such lines into what would have been lines. Whether it is a conflict at all, or a sentence about
conflicts, is decided in :mod:`pipeline.conflicts.context`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.conflicts.markers import COMMIT
from pipeline.conflicts.nodes import Line, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_OURS = r"(?:HEAD|Updated[ ]upstream|\.mine|\.working|TREE|working[ ]copy)"
_BASE = rf"(?:base|merged[ ]common[ ]ancestors|Stash[ ]base|BASE-REVISION|{COMMIT})"
# A branch is one word of ASCII; with a commit its subject may follow in brackets. Neither ends with a full stop.
_WORD = r"[A-Za-z](?:[\w.@+#-]*\w)?"
_THEIRS = (
    rf"(?:Stashed[ ]changes|MERGE-SOURCE|[0-9a-f]{{7,40}}(?:[ ]\([^()<>|=]*\))?|\.r\d+|{_WORD}(?:[/:][\w.@+#-]*\w)*)"
)
_BLANK = "[ \t\u3000]"
_NO_SIGNS = r"(?:(?![<>|=]{7})[^\n])*+"
_CONFLICT = re.compile(
    rf"(?<![<>|=])(?P<opening><{{7}}{_BLANK}{_OURS}{_BLANK}++)(?P<ours>{_NO_SIGNS})"
    rf"(?:(?P<fork>\|{{7}}(?:{_BLANK}{_BASE})?{_BLANK}++)(?P<base>{_NO_SIGNS}))?"
    rf"(?P<separator>={{7}}{_BLANK}++)(?P<theirs>{_NO_SIGNS})"
    rf"(?P<closing>>{{7}}{_BLANK}{_THEIRS}(?:{_BLANK}++|(?=[^A-Za-z0-9<>|=])|\Z))",
    re.ASCII,
)
_SIGNS = re.compile("[<>|=]{7}")


def read_lines(text: str) -> list[Line]:
    r"""The lines of a text, with each marker on a line of its own, wherever it stands.

    >>> [line.text for line in read_lines("前文\n<<<<<<< .mine\n甲=======\n乙>>>>>>> .r2")]
    ['前文\n', '<<<<<<< .mine\n', '甲', '=======\n', '乙', '>>>>>>> .r2']
    """
    lines = split_lines(text)
    if has_flattened(text):
        lines = list(divided(lines))
    return divided_at_end(lines) if ends_without_line_feed(text) else lines


def has_flattened(text: str) -> bool:
    """Whether a text has a complete conflict within a line.

    >>> has_flattened("前文 <<<<<<< HEAD 甲 ======= 乙 >>>>>>> b 后文"), has_flattened("<<<<<<< HEAD")
    (True, False)
    """
    return "<<<<<<< " in text and _CONFLICT.search(text) is not None


def divided(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines, and for each line that holds a complete conflict its parts as lines of their own.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> [part.text for part in divided(split_lines("前文 <<<<<<< HEAD 甲 ======= 乙 >>>>>>> b 后文"))]
    ['前文 ', '<<<<<<< HEAD ', '甲 ', '======= ', '乙 ', '>>>>>>> b ', '后文']
    """
    for line in lines:
        if "<<<<<<< " not in line.text:
            yield line
            continue
        if _SIGNS.search(_CONFLICT.sub("", line.text)):  # one inside another: nobody knows which marker is whose
            yield line
            continue
        at = 0
        for found in _CONFLICT.finditer(line.text):
            borders = [at, found.start(), *(found.end(name) for name in found.re.groupindex if found[name] is not None)]
            for start, end in pairwise(borders):
                yield from _part(line, start, end)
            at = found.end()
        yield from _part(line, at, len(line.text))


def ends_without_line_feed(text: str) -> bool:
    r"""Whether a text ends with a conflict of which no side ends with a line feed.

    >>> ends_without_line_feed("<<<<<<< .mine\n甲=======\n乙>>>>>>> .r2")
    True
    """
    return "\n<<<<<<< " in "\n" + text and _END.search(text) is not None


def divided_at_end(lines: Sequence[Line]) -> list[Line]:
    r"""Divide the last lines of the sides of the last conflict from the markers behind them.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> [part.text for part in divided_at_end(split_lines("<<<<<<< .mine\n甲=======\n乙>>>>>>> .r2"))]
    ['<<<<<<< .mine\n', '甲', '=======\n', '乙', '>>>>>>> .r2']
    """
    opening = max((at for at, line in enumerate(lines) if line.text.startswith("<<<<<<< ")), default=len(lines))
    found = list(lines[:opening])
    is_behind_sides = False
    for line in lines[opening:]:
        marker = (_END if line is lines[-1] else _BEHIND_SIDE).search(line.text)
        is_behind_sides |= marker is not None and line is not lines[-1]
        border = marker.start(1) if marker else len(line.text)
        found += [*_part(line, 0, border), *_part(line, border, len(line.text))]
    return found if is_behind_sides else list(lines)


_END = re.compile(r"[^\s>](>{7} [^\s<>|=][^\n]*\n?)\Z")
_BEHIND_SIDE = re.compile(r"[^\s=|](={7}\r?\n|\|{7}(?: [^\n]*)?\n)\Z")


def _part(line: Line, start: int, end: int) -> Iterator[Line]:
    text = line.text[start:end]
    if text:
        yield Line(line.start + start, text, "".join(text.split()))
