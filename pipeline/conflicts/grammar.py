"""The grammar of conflicts: lines read as lone markers and conflicts, and rendered again exactly.

Here belongs how markers make up a conflict in the form that git, Subversion, Mercurial, Bazaar and Fossil share; the
last two are read as their documentation has them, for no test runs them. What a marker line says belongs in
:mod:`pipeline.conflicts.markers`, tools that write otherwise in :mod:`pipeline.conflicts.dialects`. Which conflicts are
left alone is decided in :mod:`pipeline.conflicts.context`, which side stays in :mod:`pipeline.conflicts.deciding`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.conflicts.dialects import read_dialect
from pipeline.conflicts.markers import COMMON_SIZE, Marker, read_marker
from pipeline.conflicts.nodes import Conflict, Line, Lone, Node, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

DEEPEST_NESTING = 64
"""A deeper nest of conflicts is left alone: real chains are 46 deep, and each level costs one more reading."""


@dataclass(slots=True)
class _Open:
    """A conflict that is being read: everything since its opening marker, and which of it may divide the sides."""

    line: Line
    marker: Marker
    index: int
    inside: list[Node] = field(default_factory=list)
    forks: dict[int, Line] = field(default_factory=dict)
    separators: dict[int, Line] = field(default_factory=dict)


def parse(lines: Sequence[Line]) -> list[Node]:
    r"""Read lines as conflicts, lone markers and all else; :func:`render` gives the same text again.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> conflict, line = parse(split_lines("<<<<<<< a\n一\n=======\n二\n>>>>>>> b\n三\n"))
    >>> isinstance(conflict, Conflict), render([conflict, line])
    (True, '<<<<<<< a\n一\n=======\n二\n>>>>>>> b\n三\n')

    Marker sizes and forms agree within a conflict, so that one may stand inside another. An opening without its end and
    an end without its opening are lone, and so is a separator that is left beside one of them; a separator by itself is
    a line like any other (it underlines headings). Fewer signs than seven count in a whole conflict alone, with labels.
    Each line is moved at most once before it is part of a conflict.
    """
    reading = _Reading()
    index = 0
    while index < len(lines):
        line = lines[index]
        dialect = read_dialect(lines, index) if line.text[:1] in _OF_DIALECTS else None
        if dialect is not None:
            reading.inside.append(dialect)
            index = dialect.last + 1
            continue
        marker = read_marker(line.text)
        if marker is None:
            reading.inside.append(line)
        else:
            reading.take(line, marker, index)
        index += 1
    return reading.end()


_OF_DIALECTS = frozenset("<>v")


class _Reading:
    """What was read so far: outside of conflicts, and in those that are open."""

    def __init__(self) -> None:
        self._outside: list[Node] = []
        self._stack: list[_Open] = []
        self._opened: Counter[tuple[int, str]] = Counter()  # how many conflicts of a kind are open
        self._divided: Counter[tuple[int, str]] = Counter()  # and how many of these have a separator

    @property
    def inside(self) -> list[Node]:
        """Where the next line belongs."""
        return self._stack[-1].inside if self._stack else self._outside

    def take(self, line: Line, marker: Marker, index: int) -> None:
        """Read a marker line."""
        lone = Lone(line, marker, index)
        if marker.size < COMMON_SIZE and marker.sign in "<>" and not (marker.label and _may_be_short(marker)):
            self.inside.append(line)
        elif marker.sign == "<":
            self._stack.append(_Open(line, marker, index))
            self._opened[marker.kind] += 1
        elif marker.sign == ">":
            if self._divided[marker.kind]:
                self._close(lone)
            else:
                self._end_alone(lone)
        else:
            self._give_up_above(marker)
            self.inside.append(lone if marker.sign == "|" and marker.size >= COMMON_SIZE else line)
            if self._stack and _may_divide(self._stack[-1].marker, marker):
                self._divide(self._stack[-1], line, marker)

    def end(self) -> list[Node]:
        """All that was read; openings without an end are lone."""
        if self._stack:
            self._outside.extend(_undone(self._stack))
        return self._outside

    def _give_up_above(self, marker: Marker) -> None:
        """Where a marker divides a conflict below the last one, those above it are openings that nothing closes."""
        if not any(self._opened[kind] for kind in (marker.kind, (marker.size, "escaped"))):
            return
        depth = len(self._stack) - 1
        while depth >= 0 and not _may_divide(self._stack[depth].marker, marker):
            depth -= 1
        if depth >= 0:
            unclosed = self._popped(depth + 1)
            self.inside.extend(_undone(unclosed))

    def _popped(self, depth: int) -> list[_Open]:
        """Take those that are open from a depth on."""
        frames = self._stack[depth:]
        del self._stack[depth:]
        for frame in frames:
            self._opened[frame.marker.kind] -= 1
            self._divided[frame.marker.kind] -= bool(frame.separators)
        return frames

    def _divide(self, frame: _Open, line: Line, marker: Marker) -> None:
        """Note that what was read last may divide the sides of the conflict."""
        at = len(frame.inside) - 1
        if marker.sign == "=":
            self._divided[frame.marker.kind] += not frame.separators
            frame.separators[at] = line
        elif not frame.separators:
            frame.forks.setdefault(at, line)

    def _close(self, closing: Lone) -> None:
        """Close the nearest open conflict that this marker can close; those opened after it are lone openings."""
        depth = len(self._stack) - 1
        while not (self._stack[depth].separators and self._stack[depth].marker.kind == closing.marker.kind):
            depth -= 1
        frame, *unclosed = self._popped(depth)
        frame.inside.extend(_undone(unclosed))
        self.inside.append(_conflict(frame, closing))

    def _end_alone(self, closing: Lone) -> None:
        """Note an end without its opening, and the separator before it, which is left of the same conflict."""
        if closing.marker.size < COMMON_SIZE:
            self.inside.append(closing.line)
            return
        inside = self.inside
        for back in range(1, min(len(inside), FARTHEST_SEPARATOR) + 1):
            node = inside[-back]
            if not isinstance(node, Line):
                break
            marker = read_marker(node.text)
            if marker is not None and marker.sign == "=" and marker.kind == closing.marker.kind:
                if not _may_underline(inside, len(inside) - back):
                    index = closing.index - back
                    inside[-back] = Lone(node, marker, index, closing.marker)
                break
        inside.append(closing)


def _may_be_short(marker: Marker) -> bool:
    """Whether fewer signs than usual may be a marker: the first label is known, the second the name of any branch."""
    return marker.may_be_of_tool or (marker.sign == ">" and marker.may_be_branch)


def _may_divide(opening: Marker, marker: Marker) -> bool:
    """Whether a marker may stand between the sides of a conflict: HTML has no entity for the signs of a separator."""
    return marker.kind in {opening.kind, (opening.size, "plain" if opening.form == "escaped" else opening.form)}


FARTHEST_SEPARATOR = 40
"""So many lines before an end without its opening, a separator is taken to be left of the same conflict."""


def _undone(frames: Iterable[_Open]) -> Iterator[Node]:
    """What openings without an end amount to: a lone marker each, a lone separator if there is one, and the rest."""
    for frame in frames:
        if frame.marker.size < COMMON_SIZE:
            yield frame.line
            yield from frame.inside
            continue
        yield Lone(frame.line, frame.marker, frame.index)
        separator = next((at for at in frame.separators if not _may_underline(frame.inside, at)), None)
        for at, node in enumerate(frame.inside):
            if at == separator and isinstance(node, Line):
                marker = read_marker(node.text)
                yield Lone(node, marker, frame.index, frame.marker) if marker else node
            else:
                yield node


def _conflict(frame: _Open, closing: Lone) -> Conflict:
    inside = frame.inside
    fork, fork_line = next(iter(frame.forks.items()), (None, None))
    likely = (at for at in frame.separators if not _underlines(inside, at))
    least = max(frame.separators, key=lambda at: abs(_width_above(inside, at) - COMMON_SIZE))
    separator = next(likely, least)
    sections = [Section("ours", frame.line, tuple(inside[: separator if fork is None else fork]))]
    if fork is not None and fork_line is not None:
        sections.append(Section("base", fork_line, tuple(inside[fork + 1 : separator])))
    sections.append(Section("theirs", frame.separators[separator], tuple(inside[separator + 1 :])))
    depth = 1 + max((node.depth for node in inside if isinstance(node, Conflict)), default=0)
    return Conflict(tuple(sections), closing.line, frame.index, closing.index, depth)


def _underlines(inside: Sequence[Node], at: int) -> bool:
    """Whether a separator may as well underline a heading: a line as long as it is stands right above it."""
    width = _width_above(inside, at)
    return COMMON_SIZE - 2 <= width <= COMMON_SIZE + 1 or width == 2 * COMMON_SIZE  # a sign for each Han


def _may_underline(inside: Sequence[Node], at: int) -> bool:
    """Whether a separator beside a lone marker may underline a heading: any short line that is no sentence."""
    above, below = inside[at - 1] if at else None, inside[at + 1] if at + 1 < len(inside) else None
    if not isinstance(above, Line) or not above.bare:
        return isinstance(below, Line) and not below.bare  # between blank lines, it is a rule
    return _width_above(inside, at) <= _WIDEST_HEADING and above.bare[-1] not in "。；，！？.;,!?：:”"


_WIDEST_HEADING = 80


def _width_above(inside: Sequence[Node], at: int) -> int:
    above = inside[at - 1] if at else None
    if not isinstance(above, Line):
        return 0
    return sum(2 if char >= "\u2e80" else 1 for char in above.text[: _WIDEST_HEADING + 1].strip())


def render(nodes: Iterable[Node]) -> str:
    """The text that was parsed.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> render(parse(split_lines(">>>>>>> master")))
    '>>>>>>> master'
    """
    parts: list[str] = []
    waiting: list[Node] = [*nodes]
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Line):
            parts.append(node.text)
        elif isinstance(node, Lone):
            parts.append(node.line.text)
        else:
            whole: list[Node] = [piece for section in node.sections for piece in (section.marker, *section.nodes)]
            waiting += [node.closing, *reversed(whole)]
    return "".join(parts)


def is_of_tool(conflict: Conflict) -> bool:
    """Whether a tool wrote a conflict: the form of its markers says so, or a base, or the label of one of them.

    Rules made of signs stand around what people write, too, and editing formats for programs have marks of their own.
    """
    markers = (read_marker(line.text) for line in (conflict.opening, conflict.closing))
    is_sure = bool(conflict.tool) or conflict.has_base
    return is_sure or any(marker is not None and marker.may_be_of_tool for marker in markers)


def labels_of(conflict: Conflict) -> dict[str, str]:
    r"""The label of each side, as the tool wrote it.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> [labels_of(c) for c in parse(split_lines("<<<<<<< .mine\n=======\n>>>>>>> .r2")) if isinstance(c, Conflict)]
    [{'ours': '.mine', 'theirs': '.r2'}]
    """
    found: dict[str, str] = {}
    for name in ("ours", "base", "theirs"):
        section = conflict.section(name)
        if section is None:
            continue
        line = conflict.closing if name == "theirs" and not conflict.tool else section.marker
        if name not in {section.role, "base"}:
            line = _second_marker(section) or line
        marker = read_marker(line.text)
        found[name] = marker.label if marker else _SIGNS_OF_DIALECTS.sub("", line.text.strip())
    return found


def _second_marker(section: Section) -> Line | None:
    """Where a difference has two marker lines, the one for what it leads to."""
    first = next(iter(section.nodes), None)
    return first if isinstance(first, Line) and not first.is_content and len(first.text) > 1 else None


_SIGNS_OF_DIALECTS = re.compile(r"[^\w\s#/.]{4,}\s*(?:to:\s*)?|[v^*](?: [v^*]){6}|={13}|\*{13}")


def style_of(conflict: Conflict) -> str:
    r"""Which tool wrote a conflict, as far as its labels tell: merge, stash, rebase, svn, hg, bzr, fossil, jj.

    >>> from pipeline.conflicts.nodes import split_lines
    >>> [style_of(c) for c in parse(split_lines("<<<<<<< .mine\n=======\n>>>>>>> .r2")) if isinstance(c, Conflict)]
    ['svn']

    With ` diff3` behind it where the base is written. `rebase` stands for all that replays a commit (rebase,
    cherry-pick, am): its last label is the commit's subject.
    """
    labels = labels_of(conflict)
    ours, theirs = labels.get("ours", ""), labels.get("theirs", "")
    style = conflict.tool or next((name for name, test in _STYLES.items() if test(ours, theirs)), "merge")
    return f"{style} diff3" if conflict.has_base else style


_REPLAYED = re.compile(r"[0-9a-f]{7,40}(?:\.\.\.)? \S|(?![0-9a-f]{7,40}\b)\S+ \S")
"""`3b3473f (subject)`, `3b3473f... subject`, or a bare subject of several words: no branch has a space in its name."""

_OURS_IN_MERCURIAL = ("working copy", "dest: ", "local: ", "destination: ")
_THEIRS_IN_MERCURIAL = ("merge rev", "source: ", "graft: ", "other: ", "destination")
_STYLES: dict[str, Callable[[str, str], bool]] = {
    "stash": lambda ours, theirs: ours == "Updated upstream" or theirs == "Stashed changes",
    "svn": lambda ours, _: ours.startswith("."),
    "hg": lambda ours, theirs: ours.startswith(_OURS_IN_MERCURIAL) and theirs.startswith(_THEIRS_IN_MERCURIAL),
    "bzr": lambda ours, theirs: ours == "TREE" or theirs == "MERGE-SOURCE",
    "fossil": lambda ours, _: ours.startswith("BEGIN MERGE CONFLICT"),
    "rebase": lambda ours, theirs: ours.startswith("HEAD") and _REPLAYED.match(theirs) is not None,
}
