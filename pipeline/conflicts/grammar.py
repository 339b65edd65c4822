"""The grammar of conflict markers: a text read into lines, lone markers and conflicts, and rendered again exactly.

Here belongs what a conflict looks like. Which conflicts are left alone is decided in :mod:`pipeline.conflicts.context`,
which side stays in :mod:`pipeline.steps.conflicts`. Not read are the markers of tools other than git, Mercurial and
Subversion, and markers that a crawler indented, escaped or joined to other lines.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.edits import Span

SMALLEST_MARKER = 7
"""Git's `--marker-size` starts here; seven signs are what every tool writes by default."""

DEEPEST_NESTING = 64
"""A deeper nest of conflicts is left alone: real chains are 46 deep, and each level costs one more reading."""

_SIGNS = "<>|="
_OPENINGS = frozenset(sign * SMALLEST_MARKER for sign in _SIGNS)
# Formatters of Markdown take `>>>>>>> label` for seven nested quotations and write them with spaces between.
_REFLOWED = "> " * (SMALLEST_MARKER - 1) + ">"
_LINE = re.compile("[^\n]*\n|[^\n]+")


class Line(NamedTuple):
    """A line with its line end, and where it starts in the text; `moved` where a merge put it into another place.

    `bare` is the line without white space: what is compared, so that wrapping and trailing blanks do not count.
    """

    start: int
    text: str
    bare: str
    moved: bool = False

    @property
    def end(self) -> int:
        """The code point after the line end."""
        return self.start + len(self.text)


class Marker(NamedTuple):
    """What a marker line says: its sign, how many signs it has, and its label."""

    sign: str
    size: int
    label: str


@dataclass(frozen=True, slots=True)
class Lone:
    """A marker line that belongs to no complete conflict; `index` counts the lines that were parsed."""

    line: Line
    marker: Marker
    index: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A complete conflict: four marker lines (three without a base) and what stands between them.

    `first` and `last` count the lines that were parsed; `depth` is 1 for a conflict without another one inside.
    """

    opening: Line
    ours: tuple[Node, ...]
    fork: Line | None
    base: tuple[Node, ...]
    separator: Line
    theirs: tuple[Node, ...]
    closing: Line
    first: int
    last: int
    depth: int

    @property
    def span(self) -> Span:
        """From the opening marker to the end of the closing one."""
        return self.opening.start, self.closing.end


Node: TypeAlias = Line | Lone | Conflict


@dataclass(slots=True)
class _Open:
    """A conflict that is being read: everything since its opening marker, and which of it may divide the sides."""

    line: Line
    marker: Marker
    index: int
    inside: list[Node] = field(default_factory=list)
    forks: dict[int, Line] = field(default_factory=dict)
    separators: dict[int, Line] = field(default_factory=dict)


def split_lines(text: str) -> list[Line]:
    r"""The lines of a text with their line ends; only a line feed ends a line, as for the tools that write markers.

    >>> [line.text for line in split_lines("一\r\n二")]
    ['一\r\n', '二']
    """
    return [Line(found.start(), found[0], "".join(found[0].split())) for found in _LINE.finditer(text)]


def read_marker(line: str) -> Marker | None:
    r"""What a marker line says, or None for any other line.

    >>> read_marker("<<<<<<< HEAD\r\n"), read_marker("=======\n"), read_marker("========= 完 =========")
    (Marker(sign='<', size=7, label='HEAD'), Marker(sign='=', size=7, label=''), None)

    A separator has no label; signs that go on into a word, and rules made of several kinds of sign, are no markers.
    """
    head = line[:SMALLEST_MARKER]
    if head not in _OPENINGS:
        if line.startswith(_REFLOWED):
            rest = line[len(_REFLOWED) :]
            if rest[:1] == " " and rest.strip() and rest.strip()[0] not in _SIGNS:
                return Marker(">", SMALLEST_MARKER, rest.strip())
        return None
    sign = head[0]
    signs = len(line) - len(line.lstrip(sign))
    rest = line[signs:]
    label = rest.strip(" \t\r\n")
    if (label and rest[0] not in " \t") or (label and sign == "="):
        return None
    if any(other * 3 in label for other in _SIGNS):
        return None
    return Marker(sign, signs, label)


def parse(lines: Sequence[Line]) -> list[Node]:
    r"""Read lines as conflicts, lone markers and all else; :func:`render` gives the same text again.

    >>> conflict, line = parse(split_lines("<<<<<<< a\n一\n=======\n二\n>>>>>>> b\n三\n"))
    >>> isinstance(conflict, Conflict), render([conflict, line])
    (True, '<<<<<<< a\n一\n=======\n二\n>>>>>>> b\n三\n')

    Marker sizes agree within a conflict, so that one may stand inside another. An opening without its end and an end
    without its opening are lone; a separator without them is a line like any other (it underlines headings).
    Takes linear time: each line is moved at most once before it is part of a conflict.
    """
    outside: list[Node] = []
    stack: list[_Open] = []
    divided: Counter[int] = Counter()  # how many open conflicts of each size have a separator already
    for index, line in enumerate(lines):
        inside = stack[-1].inside if stack else outside
        marker = read_marker(line.text)
        if marker is None:
            inside.append(line)
        elif marker.sign == "<":
            stack.append(_Open(line, marker, index))
        elif marker.sign == ">":
            if divided[marker.size]:
                inside = _closed(stack, divided, outside, Lone(line, marker, index))
            else:
                inside.append(Lone(line, marker, index))
        else:
            inside.append(Lone(line, marker, index) if marker.sign == "|" else line)
            if stack and stack[-1].marker.size == marker.size:
                _divide(stack[-1], line, marker, divided)
    if stack:
        outside.extend(_undone(stack))
    return outside


def _divide(frame: _Open, line: Line, marker: Marker, divided: Counter[int]) -> None:
    """Note that what was read last may divide the sides of the conflict."""
    at = len(frame.inside) - 1
    if marker.sign == "=":
        divided[marker.size] += not frame.separators
        frame.separators[at] = line
    elif not frame.separators:
        frame.forks.setdefault(at, line)


def _closed(stack: list[_Open], divided: Counter[int], outside: list[Node], closing: Lone) -> list[Node]:
    """Close the nearest open conflict that this marker can close; those opened after it are lone openings."""
    depth = len(stack) - 1
    while not (stack[depth].separators and stack[depth].marker.size == closing.marker.size):
        depth -= 1
    frame, unclosed = stack[depth], stack[depth + 1 :]
    del stack[depth:]
    for other in (frame, *unclosed):
        divided[other.marker.size] -= bool(other.separators)
    frame.inside.extend(_undone(unclosed))
    around = stack[-1].inside if stack else outside
    around.append(_conflict(frame, closing))
    return around


def _undone(frames: Iterable[_Open]) -> Iterator[Node]:
    """What openings without an end amount to: a lone marker each, and what follows it."""
    for frame in frames:
        yield Lone(frame.line, frame.marker, frame.index)
        yield from frame.inside


def _conflict(frame: _Open, closing: Lone) -> Conflict:
    inside = frame.inside
    fork, fork_line = next(iter(frame.forks.items()), (None, None))
    likely = (at for at in frame.separators if not _underlines(inside, at))
    separator = next(likely, next(iter(frame.separators)))
    return Conflict(
        opening=frame.line,
        ours=tuple(inside[: separator if fork is None else fork]),
        fork=fork_line,
        base=() if fork is None else tuple(inside[fork + 1 : separator]),
        separator=frame.separators[separator],
        theirs=tuple(inside[separator + 1 :]),
        closing=closing.line,
        first=frame.index,
        last=closing.index,
        depth=1 + max((node.depth for node in inside if isinstance(node, Conflict)), default=0),
    )


def _underlines(inside: Sequence[Node], at: int) -> bool:
    """Whether a separator may as well underline a heading: a line of its own width stands right above it."""
    above = inside[at - 1] if at else None
    if not isinstance(above, Line):
        return False
    width = sum(2 if char >= "\u2e80" else 1 for char in above.text[:20].strip())
    return SMALLEST_MARKER - 2 <= width <= SMALLEST_MARKER + 1


def render(nodes: Iterable[Node]) -> str:
    """The text that was parsed.

    >>> render(parse(split_lines(">>>>>>> master")))
    '>>>>>>> master'
    """
    parts: list[str] = []
    waiting: list[Node | None] = [*nodes]
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Line):
            parts.append(node.text)
        elif isinstance(node, Lone):
            parts.append(node.line.text)
        elif node is not None:
            whole = (node.opening, *node.ours, node.fork, *node.base, node.separator, *node.theirs, node.closing)
            waiting.extend(reversed(whole))
    return "".join(parts)


def style_of(conflict: Conflict) -> str:
    r"""Which tool wrote a conflict, as far as its labels tell: merge, stash, rebase, svn or hg; ` diff3` with a base.

    >>> [style_of(c) for c in parse(split_lines("<<<<<<< .mine\n=======\n>>>>>>> .r2")) if isinstance(c, Conflict)]
    ['svn']

    `rebase` stands for all that replays a commit (rebase, cherry-pick, am): its last label is the commit's subject.
    """
    ours, theirs = (getattr(read_marker(line.text), "label", "") for line in (conflict.opening, conflict.closing))
    style = "merge"
    if ours == "Updated upstream" or theirs == "Stashed changes":
        style = "stash"
    elif ours.startswith("."):
        style = "svn"
    elif ours.startswith("working copy"):
        style = "hg"
    elif ours.startswith("HEAD") and _REPLAYED.match(theirs):
        style = "rebase"
    return style if conflict.fork is None else f"{style} diff3"


_REPLAYED = re.compile(r"[0-9a-f]{7,40}(?:\.\.\.)? \S|(?![0-9a-f]{7,40}\b)\S+ \S")
"""`3b3473f (subject)`, `3b3473f... subject`, or a bare subject of several words: no branch has a space in its name."""


def bare(lines: Iterable[Line]) -> str:
    """What lines say, without white space."""
    return "".join([line.bare for line in lines])


def bare_lines(lines: Iterable[Line]) -> list[str]:
    """What each line says, without white space."""
    return [line.bare for line in lines]
