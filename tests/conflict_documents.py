"""Documents in three versions whose conflicts are known, because they were made on purpose.

Here belongs what a tool has to make of them. How the tools are run stands in ``conflict_tools.py``, what the grammar
has to find in ``test_conflict_tools.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from conflict_tools import Tool, Versions
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.options import Policy

    Lines: TypeAlias = tuple[str, ...]
    Part: TypeAlias = "str | Sides"


class Sides(NamedTuple):
    """What a conflict holds, as text; `base` is None where no base is written."""

    ours: str
    base: str | None
    theirs: str


class Region(NamedTuple):
    """Lines that versions may differ in; both sides, but not the base, begin with `head` and end with `tail`."""

    base: Lines
    ours: Lines
    theirs: Lines
    head: Lines = ()
    tail: Lines = ()

    @property
    def versions(self) -> tuple[Lines, Lines, Lines]:
        """The lines of each version."""
        return self.base, (*self.head, *self.ours, *self.tail), (*self.head, *self.theirs, *self.tail)

    @property
    def is_conflict(self) -> bool:
        """Whether no tool can merge it."""
        return len({*self.versions}) == 3

    @property
    def merged(self) -> Lines:
        """What only one side changed, or both in the same way."""
        base, ours, theirs = self.versions
        return theirs if ours == base else ours

    @property
    def is_labelled(self) -> bool:
        """Whether the sides may be merged by label, whatever the policy."""
        return all(":" in line or "：" in line for side in self.versions[1:] for line in side)

    def kept(self, policy: Policy) -> Lines:
        """What stays of a conflict: by the rules that come before the policy, and else by the policy."""
        _, ours, theirs = self.versions
        if bare(self.ours) == bare(self.theirs) or not self.theirs:
            return ours
        if not self.ours:
            return theirs
        return theirs if policy == "theirs" else ours


def bare(lines: Iterable[str]) -> str:
    """Lines without white space."""
    return "".join("".join(lines).split())


@dataclass(frozen=True, slots=True)
class Document:
    """Regions, each between lines that all versions have; `common` is longer by one.

    Every line that begins or ends a region, or what is common, stands in no other place.
    """

    common: tuple[Lines, ...]
    regions: tuple[Region, ...]
    line_end: str
    is_ended: bool

    @property
    def versions(self) -> Versions:
        """The text of each version."""
        return Versions(*(self._text(region.versions[at] for region in self.regions) for at in range(3)))

    def _text(self, chosen: Iterable[Lines]) -> str:
        blocks = [block for pair in zip(self.common, chosen, strict=False) for block in pair]
        text = self.joined(line for block in (*blocks, self.common[-1]) for line in block)
        return text if self.is_ended else text.removesuffix(self.line_end)

    def joined(self, lines: Iterable[str]) -> str:
        """Lines with their ends."""
        return "".join(line + self.line_end for line in lines)

    def parts(self, tool: Tool) -> list[Part]:
        """What a tool has to make of it: conflicts, and what stands before, between and behind them."""
        parts: list[Part] = []
        plain: list[str] = []
        for common, region in zip(self.common, self.regions, strict=False):
            plain += common
            if not region.is_conflict:
                plain += region.merged
                continue
            base, *whole = region.versions
            plain += () if tool.keeps_shared else region.head
            ours, theirs = whole if tool.keeps_shared else (region.ours, region.theirs)
            has_base = tool.style.endswith("diff3")
            parts += [self.joined(plain)] if plain else []
            parts.append(Sides(self.joined(ours), self.joined(base) if has_base else None, self.joined(theirs)))
            plain = [] if tool.keeps_shared else [*region.tail]
        plain += self.common[-1]
        if plain:
            text = self.joined(plain)
            parts.append(text if self.is_ended else text.removesuffix(self.line_end))
        return parts

    def resolved(self, policy: Policy, tool: Tool) -> str:
        """The document with one side of each conflict, and a line end behind the last where a marker stood there."""
        chosen = (region.kept(policy) if region.is_conflict else region.merged for region in self.regions)
        ends_with_marker = isinstance(self.parts(tool)[-1], Sides)
        text = self._text(chosen)
        return text if self.is_ended or not ends_with_marker else text + self.line_end


UNIQUE = (
    "第{}条 为了规范管理，制定本办法。",
    "　　第{}段，各区要抓好落实。　",
    "第{}章",
    "The state of component {} is independent.  ",
    "Section {}",
    "- 青澜市第{}档案馆",
    "{}. 渔港联合会",
    "| {} | 海洋 |",
    "标题：第{}稿",
    "关键词{}: 海洋,渔业",
    ">>> print({})",
    "cat <<EOF > {}.txt",
    "> > 引用{}",
    "<<<<<<{} 目录",
    "<<<<<<<{}>",
    ">>>>>>>{}",
    "||||||| {} |||||||",
    "======= {} =======",
    "======= {}",
)
"""Lines with a place for the number that makes them unique, some with signs of which nearly a marker could be made."""

UNDERLINES = ("===", "=====", "======", "=======", "=========", "===========", "---------------", "-----")
FILLERS = (*[None] * 8, "", "", "  ", "　　", *UNDERLINES, "<<EOF", ">>>", ">>>>>", ">>>>>>", ">>>>>>>")
"""What may follow a line: nothing, a blank line, an underline, signs. Ours and theirs may have the same."""

BASE_FILLERS = (None, None, "****", "· · ·", "~~~~~~~")
"""What may follow a line of the base alone."""

KINDS = ("rivals", "rivals", "no ours", "no theirs", "no base", "ours keeps", "theirs keeps", "shared", "blanks")
OTHER_KINDS = ("same", "only ours", "only theirs")


@st.composite
def documents(draw: st.DrawFn, size: int, *, ends_last_line: bool) -> Document:
    """Documents with one to four regions, the first of which at least cannot be merged, for a kind of tool."""
    numbers = count(1001)
    # In a side, an underline as wide as the markers divides the sides, for all that anybody can know.
    in_sides = [filler for filler in FILLERS if filler not in {"=" * size, ">" * size}]

    def block(least: int, most: int, between: Iterable[str | None] = FILLERS) -> Lines:
        lines: list[str] = []
        for _ in range(draw(st.integers(least, most))):
            filler = draw(st.sampled_from([*between])) if lines and between else None
            lines += [] if filler is None else [filler]
            lines.append(draw(st.sampled_from(UNIQUE)).format(next(numbers)))
        return tuple(lines)

    def region(kind: str) -> Region:
        base, ours, theirs = block(1, 3, BASE_FILLERS), block(1, 3, in_sides), block(1, 3, in_sides)
        kept, rest, more = block(1, 2, ()), block(1, 2, BASE_FILLERS), block(1, 2, in_sides)
        changes: dict[str, Callable[[], Region]] = {
            "rivals": lambda: Region(base, ours, theirs),
            "no ours": lambda: Region(base, (), theirs),
            "no theirs": lambda: Region(base, ours, ()),
            "no base": lambda: Region((), ours, theirs),
            "ours keeps": lambda: Region((*base, *kept, *rest), (*ours, *kept, *more), theirs),
            "theirs keeps": lambda: Region((*base, *kept, *rest), ours, (*theirs, *kept, *more)),
            "shared": lambda: Region(base, ours, theirs, head=block(1, 2, in_sides), tail=block(0, 2, in_sides)),
            "blanks": lambda: Region(base, ours, tuple(line + "  " for line in ours)),
            "same": lambda: Region(base, ours, ours),
            "only ours": lambda: Region(base, ours, base),
            "only theirs": lambda: Region(base, base, theirs),
        }
        return changes[kind]()

    kinds = [draw(st.sampled_from(KINDS)), *draw(st.lists(st.sampled_from(KINDS + OTHER_KINDS), max_size=3))]
    regions = tuple(region(kind) for kind in kinds)
    is_ended = draw(st.booleans())
    # A tool that writes a marker behind a last line without end, or a side without any line there, is another matter.
    closed = not is_ended and not (ends_last_line and all(regions[-1].versions))
    common = [block(4, 6) for _ in range(len(regions) + 1)]
    # Without any other line, git does not know which line end to write where the last line has none.
    if draw(st.booleans()) and is_ended:
        common[0] = ()
    if draw(st.booleans()) and not closed:
        common[-1] = ()
    return Document(tuple(common), regions, draw(st.sampled_from(("\n", "\r\n"))), is_ended)


@cache
def drawn(size: int, *, ends_last_line: bool) -> list[Document]:
    """Random documents to be merged all at once, because it takes long to make a repository."""
    found: list[Document] = []

    @settings(max_examples=30, derandomize=True, database=None, phases=[Phase.generate])
    @given(documents(size, ends_last_line=ends_last_line))
    def gather(document: Document) -> None:
        found.append(document)

    gather()
    return found
