"""What a text is read into: lines, lone markers, and conflicts with their sections.

Here belong the values. How lines become conflicts belongs in :mod:`pipeline.conflicts.grammar`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.conflicts.markers import Marker
    from pipeline.edits import Span

_LINE = re.compile("[^\n]*\n|[^\n]+")


class Line(NamedTuple):
    """A line with its line end, and where it starts in the text; `moved` where a merge put it into another place.

    `bare` is the line without white space: what is compared, so that wrapping and trailing blanks do not count. A line
    of a difference is two: the sign before it, which is no content, and the rest.
    """

    start: int
    text: str
    bare: str
    moved: bool = False
    is_content: bool = True

    @property
    def end(self) -> int:
        """The code point after the line end."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Lone:
    """A marker line that belongs to no complete conflict; `index` counts the lines that were parsed.

    A separator is one only beside a marker that it belongs to, and then `partner` is that one's.
    """

    line: Line
    marker: Marker
    index: int
    partner: Marker | None = None


Node: TypeAlias = "Line | Lone | Conflict"
Role: TypeAlias = Literal["none", "ours", "base", "theirs", "ours since base", "theirs since base"]


class Section(NamedTuple):
    """What follows a marker line in a conflict, and what it is; `since base` where it is a difference from the base."""

    role: Role
    marker: Line
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A complete conflict: sections, each behind its marker line, and the marker that closes them.

    `first` and `last` count the lines that were parsed; `depth` is 1 for a conflict without another one inside. `tool`
    names the tool where its markers tell it; those of git, Subversion, Bazaar and others are alike.
    """

    sections: tuple[Section, ...]
    closing: Line
    first: int
    last: int
    depth: int = 1
    tool: str = ""

    @property
    def opening(self) -> Line:
        """The first marker line."""
        return self.sections[0].marker

    @property
    def span(self) -> Span:
        """From the opening marker to the end of the closing one."""
        return self.opening.start, self.closing.end

    @property
    def ours(self) -> tuple[Node, ...]:
        """The side of who merged."""
        return self._side("ours", "+")

    @property
    def base(self) -> tuple[Node, ...] | None:
        """What both sides come from; None where the tool did not write it."""
        return self._side("base", "-") if self.has_base else None

    @property
    def theirs(self) -> tuple[Node, ...]:
        """The side that was merged in."""
        return self._side("theirs", "+")

    @property
    def has_base(self) -> bool:
        """Whether the tool wrote what both sides come from."""
        return any("base" in section.role for section in self.sections)

    def section(self, name: str) -> Section | None:
        """The section that a side is read from; None where there is none."""
        exact = (section for section in self.sections if section.role == name)
        return next(exact, None) or next((section for section in self.sections if name in section.role), None)

    def _side(self, name: str, sign: str) -> tuple[Node, ...]:
        section = self.section(name)
        if section is None:
            return ()
        return section.nodes if section.role == name else tuple(_of_difference(section.nodes, sign))


def _of_difference(nodes: Iterable[Node], sign: str) -> Iterator[Node]:
    """Those lines of a difference that one side has: its own and the common ones, each without the sign before it."""
    before = ""
    for node in nodes:
        if isinstance(node, Line) and not node.is_content:
            before = node.text
        else:
            if before in {sign, " ", ""}:
                yield node
            before = ""


def split_lines(text: str) -> list[Line]:
    r"""The lines of a text with their line ends; only a line feed ends a line, as for the tools that write markers.

    >>> [line.text for line in split_lines("一\r\n二")]
    ['一\r\n', '二']
    """
    return [Line(found.start(), found[0], "".join(found[0].split())) for found in _LINE.finditer(text)]


def bare(lines: Iterable[Line]) -> str:
    """What lines say, without white space."""
    return "".join([line.bare for line in lines])


def bare_lines(lines: Iterable[Line]) -> list[str]:
    """What each line says, without white space."""
    return [line.bare for line in lines]
