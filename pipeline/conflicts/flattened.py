r"""Conflicts that a crawler joined to one line with the text around: `前文 <<<<<<< HEAD 甲 ======= 乙 >>>>>>> b 后文`.

Here belongs dividing such a line into what would have been lines. Whether it is a conflict at all, or a sentence about
conflicts, is decided in :mod:`pipeline.conflicts.context`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.conflicts.markers import COMMIT
from pipeline.conflicts.nodes import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OURS = r"(?:HEAD|Updated[ ]upstream|\.mine|\.working|TREE|working[ ]copy)"
_BASE = rf"(?:base|merged[ ]common[ ]ancestors|Stash[ ]base|BASE-REVISION|{COMMIT})"
# A branch is one word of ASCII; with a commit its subject may follow in brackets.
_THEIRS = rf"(?:Stashed[ ]changes|MERGE-SOURCE|{COMMIT}|\.r\d+|[A-Za-z][\w.@+#-]*(?:[/:][\w.@+#-]+)*)"
_BLANK = "[ \t\u3000]"
_CONFLICT = re.compile(
    rf"(?<![<>|=])(?P<opening><{{7}}{_BLANK}{_OURS}{_BLANK}+)(?P<ours>(?:(?![<>|=]{{7}}).)*?)"
    rf"(?:(?P<fork>\|{{7}}(?:{_BLANK}{_BASE})?{_BLANK}+)(?P<base>(?:(?![<>|=]{{7}}).)*?))?"
    rf"(?P<separator>={{7}}{_BLANK}+)(?P<theirs>(?:(?![<>|=]{{7}}).)*?)"
    rf"(?P<closing>>{{7}}{_BLANK}{_THEIRS}(?:{_BLANK}+|(?=[^\w<>|=])|\Z|(?=[\u3400-\u9fff])))",
    re.ASCII,
)


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
        at = 0
        for found in _CONFLICT.finditer(line.text):
            borders = [at, found.start(), *(found.end(name) for name in found.re.groupindex if found[name] is not None)]
            for start, end in pairwise(borders):
                yield from _part(line, start, end)
            at = found.end()
        yield from _part(line, at, len(line.text))


def _part(line: Line, start: int, end: int) -> Iterator[Line]:
    text = line.text[start:end]
    if text:
        yield Line(line.start + start, text, "".join(text.split()))
