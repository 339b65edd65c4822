r"""Conflicts of tools that do not write them as git does: Jujutsu, Mercurial's mergediff, Perforce, darcs.

Here belongs the order of their sections. Of these tools, the tests run Mercurial alone: no real tool has confirmed the
forms of Jujutsu, Perforce and darcs, which are those of their documentation (docs/conflicts.md of Jujutsu; p4 resolve;
darcs.net/FAQ/Conflicts). Conflicts with more than two sides, which Jujutsu and darcs may have, are left as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.conflicts.nodes import Conflict, Line, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.conflicts.nodes import Node, Role

FARTHEST = 2_000
"""So many lines away from its opening a conflict of these tools is closed at most."""


class _Found(NamedTuple):
    """A marker line inside a conflict: at which line it stands, how many lines it is made of, and its sign."""

    at: int
    width: int
    sign: str


def read_dialect(lines: Sequence[Line], index: int) -> Conflict | None:
    r"""Read the conflict that opens at a line, where it is in one of these forms; None where it is not.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> text = "<<<<<<< Conflict 1 of 1\n%%%%%%% Changes from base to side #1\n-甲\n+乙\n"
    >>> text += "+++++++ Contents of side #2\n丙\n>>>>>>> Conflict 1 of 1 ends\n"
    >>> conflict = read_dialect(split_lines(text), 0)
    >>> [line.text for line in (*conflict.ours, *conflict.base, *conflict.theirs)], conflict.tool
    (['乙\n', '甲\n', '丙\n'], 'jj')
    """
    readers = _READERS.get(lines[index].text[:3])
    return readers(lines, index) if readers else None


def may_open(text: str) -> bool:
    """Whether a text has what these forms open with, and git's do not."""
    return "v v v v v v v" in text or ">>>> ORIGINAL " in text


# --------------------------------------------------------------------------------------------- Jujutsu and mergediff

_OPENING = re.compile(r"<{7,}(?: .*)?\r?\n")
_INNER = re.compile(r"(%{7,}|\+{7,}|-{7,}|={7,}|<{7,}|>{7,})(?: (.*?))?\r?\n?")
_CONTINUED = re.compile(r"\\{7,} +to: (.*?)\r?\n")


def _jujutsu(lines: Sequence[Line], index: int) -> Conflict | None:
    """Sides and bases, as they are or as a difference from the one to the other; or Mercurial's single difference."""
    opening = lines[index].text
    size = len(opening) - len(opening.lstrip("<"))
    if size < len("<<<<<<<") or index + 1 >= len(lines) or not _OPENING.fullmatch(opening):
        return None
    mergediff = _mergediff(lines, index) if lines[index + 1].text[:1] in "-=" else None
    if mergediff is not None or lines[index + 1].text[:1] not in "%+-":
        return mergediff
    found: list[_Found] = []
    for at in range(index + 1, min(index + FARTHEST, len(lines))):
        inner = _INNER.fullmatch(lines[at].text)
        if inner is None or len(inner[1]) != size:
            continue
        sign = inner[1][0]
        if sign == "<":
            return None
        if sign == ">":
            return _of_found(lines, index, found, at)
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        found.append(_Found(at, 1 + bool(sign == "%" and _CONTINUED.fullmatch(following)), sign))
    return None


# What the signs of the marker lines are, in order: to which side they belong.
_ORDERS: dict[str, tuple[Role, ...]] = {
    "%+": ("ours since base", "theirs"),
    "+%": ("ours", "theirs since base"),
    "+-+": ("ours", "base", "theirs"),
}


def _of_found(lines: Sequence[Line], index: int, found: Sequence[_Found], closing: int) -> Conflict | None:
    signs = "".join(one.sign for one in found)
    if signs not in _ORDERS or found[0].at != index + 1:
        return None
    sections = [Section("none", lines[index], ())]
    for role, one, end in zip(_ORDERS[signs], found, [*(one.at for one in found[1:]), closing], strict=True):
        first = one.at + one.width
        nodes = _difference(lines[first:end]) if "since" in role else list(lines[first:end])
        if nodes is None:
            return None
        more = [_sign(line) for line in lines[one.at + 1 : first]]
        sections.append(Section(role, lines[one.at], (*more, *nodes)))
    return Conflict(tuple(sections), lines[closing], index, closing, tool="jj")


def _mergediff(lines: Sequence[Line], index: int) -> Conflict | None:
    """A side as it is, and the other as a difference: behind two lines that name what is compared."""
    last = min(index + FARTHEST, len(lines))
    opening, end = "<" * 7, ">" * 7
    if lines[index].text.rstrip("\r\n") != opening:
        return None
    # The next one like it ends the search: no line is looked at for two of them.
    ends = (at for at in range(index + 1, last) if lines[at].text.rstrip("\r\n") in {opening, end})
    closing = next(ends, None)
    if closing is None or not lines[closing].text.startswith(end):
        return None
    if _PLAIN_SIDE.fullmatch(lines[index + 1].text):
        pairs = (at for at in range(closing - 2, index + 1, -1) if _is_compared(lines, at))
        old, plain, border = next(pairs, closing), index + 1, closing
    else:
        old = index + 1
        plain = next((at for at in range(old + 2, closing) if lines[at].text[:1] == "="), closing)
        border = plain
    if not _is_compared(lines, old) or not _PLAIN_SIDE.fullmatch(lines[plain].text):
        return None
    nodes = _difference(lines[old + 2 : border])
    if nodes is None:
        return None
    is_first = old < plain
    compared = Section(
        "ours since base" if is_first else "theirs since base", lines[old], (_sign(lines[old + 1]), *nodes)
    )
    side = lines[plain + 1 : closing if is_first else old]
    whole = Section("theirs" if is_first else "ours", lines[plain], tuple(side))
    inner = (compared, whole) if is_first else (whole, compared)
    return Conflict((Section("none", lines[index], ()), *inner), lines[closing], index, closing, tool="hg")


_PLAIN_SIDE = re.compile(r"={7} \S.*\r?\n")
_OLD, _NEW = re.compile(r"-{7} \S.*\r?\n"), re.compile(r"\+{7} \S.*\r?\n")


def _is_compared(lines: Sequence[Line], at: int) -> bool:
    old, new = ([line.text for line in lines[at : at + 2]] + ["", ""])[:2]
    return _OLD.fullmatch(old) is not None and _NEW.fullmatch(new) is not None


def _sign(line: Line) -> Line:
    """A line that is no content: it goes, whatever stays."""
    return line._replace(is_content=False)


def _difference(lines: Sequence[Line]) -> list[Node] | None:
    """Divide each line of a difference into the sign before it and the rest; None where one has no sign."""
    divided: list[Node] = []
    for line in lines:
        sign, rest = line.text[:1], line.text[1:]
        if sign in "\r\n":  # an editor took the blank before an empty line away
            divided += [line]
            continue
        if sign not in " +-":
            return None
        divided.append(Line(line.start, sign, sign, is_content=False))
        divided.append(Line(line.start + 1, rest, "".join(rest.split())))
    return divided


# ------------------------------------------------------------------------------------------------- Perforce and darcs


def _perforce(lines: Sequence[Line], index: int) -> Conflict | None:
    """`>>>> ORIGINAL`, `==== THEIRS`, `==== YOURS` with the names of the files, and `<<<<`."""
    if not lines[index].text.startswith(">>>> ORIGINAL "):
        return None
    marks: list[tuple[Role, str]] = [("theirs", "==== THEIRS "), ("ours", "==== YOURS "), ("none", "<<<<")]
    return _in_order(lines, index, "base", marks, "perforce")


def _darcs(lines: Sequence[Line], index: int) -> Conflict | None:
    """`v v v v v v v`, in newer versions what both sides come from, `*************` between them, `^ ^ ^ ^ ^ ^ ^`."""
    if lines[index].text.strip() != "v v v v v v v":
        return None
    sides: list[tuple[Role, str]] = [("theirs", "*" * 13), ("none", "^ ^ ^ ^ ^ ^ ^")]
    with_base = _in_order(lines, index, "base", [("ours", "=" * 13), *sides], "darcs")
    return with_base or _in_order(lines, index, "ours", sides, "darcs")


_SAME = len("v v v v v v v")


def _in_order(
    lines: Sequence[Line], index: int, first: Role, marks: Sequence[tuple[Role, str]], tool: str
) -> Conflict | None:
    """Read sections that follow one another in one order; None where a mark is missing or stands twice."""
    sections: list[Section] = []
    role, start = first, index
    waiting = list(marks)
    every = [mark for _, mark in marks]
    opening = lines[index].text[:_SAME]
    for at in range(index + 1, min(index + FARTHEST, len(lines))):
        text = lines[at].text
        if text.startswith(opening):
            return None
        if not text.startswith(tuple(every)) or (every[-1] in text and text.strip() != every[-1]):
            continue
        next_role, mark = waiting.pop(0)
        if not text.startswith(mark):
            return None
        sections.append(Section(role, lines[start], tuple(lines[start + 1 : at])))
        role, start = next_role, at
        if not waiting:
            return Conflict(tuple(sections), lines[at], index, at, tool=tool)
    return None


_READERS: dict[str, Callable[[Sequence[Line], int], Conflict | None]] = {
    "<<<": _jujutsu,
    ">>>": _perforce,
    "v v": _darcs,
}
