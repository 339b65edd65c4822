"""Which side of a conflict stays: the rules that decide between two sides, and the policy where none does.

Here belong the decisions. What they amount to as edits belongs in :mod:`pipeline.steps.conflicts`; what a kept side
says (labels, prose, furniture) is the business of later steps.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pipeline.conflicts.context import is_chinese, script_of
from pipeline.conflicts.line_merge import three_way
from pipeline.conflicts.nodes import bare, bare_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.conflicts.context import Surroundings
    from pipeline.conflicts.line_merge import Merged
    from pipeline.conflicts.nodes import Line
    from pipeline.options import Policy


class Sides(NamedTuple):
    """The sides of one conflict, whatever stood inside them resolved; `base` is None where the tool wrote none."""

    ours: list[Line]
    base: list[Line] | None
    theirs: list[Line]
    replayed: bool
    around: Surroundings


class Decision(NamedTuple):
    """What stays of a conflict, in order; what that is called; why the rest goes; whether it was a guess."""

    kept: list[Line]
    resolution: str
    rule: str
    rival: bool = False


def _equal(sides: Sides, _: Policy) -> Decision | None:
    if bare(sides.ours) == bare(sides.theirs) and _numbers(sides.ours) == _numbers(sides.theirs):
        return Decision(sides.ours, "identical", "conflict.equal_side")
    return None


def _numbers(lines: Iterable[Line]) -> list[str]:
    """The numbers that lines say, in order: without the blanks between them, others would come out."""
    return [number for line in lines for number in _NUMBER.findall(line.text)]


_NUMBER = re.compile(r"\d+")


def _blank(sides: Sides, _: Policy) -> Decision | None:
    if not bare(sides.ours):
        return _fuller(sides, "theirs")
    if not bare(sides.theirs):
        return _fuller(sides, "ours")
    return None


def _fuller(sides: Sides, name: str) -> Decision:
    """The side that says more, unless all that it says more is said in the document outside of conflicts, too."""
    filled, lesser = (sides.ours, sides.theirs) if name == "ours" else (sides.theirs, sides.ours)
    surplus = _surplus(bare_lines(filled), bare_lines(lesser))
    longest = max(map(len, surplus), default=0)
    if (
        longest >= _LONG_LINE
        and sum(map(len, surplus)) >= _LONG_REPETITION
        and sides.around.outside.issuperset(surplus)
    ):
        return Decision(lesser, "theirs" if name == "ours" else "ours", "conflict.repeated_side")
    return Decision(filled, name, "conflict.contained_side")


_LONG_LINE, _LONG_REPETITION = 25, 40
"""So long a line, and so many characters, do not stand in a document twice by chance: a passage was moved, and a merge
brought it back."""


def _surplus(filled: Iterable[str], lesser: Iterable[str]) -> list[str]:
    """The lines of a side that the other does not have, given that it stands in this one."""
    surplus: list[str] = []
    rest = iter(filled)
    for line in lesser:
        for candidate in rest if line else ():
            if line in candidate:
                break
            surplus.append(candidate)
    return [line for line in (*surplus, *rest) if line]


def _since_base(sides: Sides, _: Policy) -> Decision | None:
    if sides.base is None:
        return None
    base = bare(sides.base)
    if base == bare(sides.ours):
        return Decision(sides.theirs, "theirs", "conflict.unchanged_side")
    if base == bare(sides.theirs):
        return Decision(sides.ours, "ours", "conflict.unchanged_side")
    merged = three_way(bare_lines(sides.base), bare_lines(sides.ours), bare_lines(sides.theirs))
    return None if merged is None else Decision(_laid_out(merged, sides), "merged", "conflict.merged_side")


_LABELLED = re.compile(r"[ \t]*([A-Za-z\u3400-\u9fff][\w \u3000·（）()-]{0,15}?)(?<!\d)[ \t\u3000]*[:：](?!//)(.*)")


def _labelled(lines: Iterable[Line]) -> dict[str, str] | None:
    """The values of labelled lines by their label; None where a line has no label, or two have the same."""
    values: dict[str, str] = {}
    for line in lines:
        match = _LABELLED.match(line.text)
        label = "".join(match[1].split()) if match else ""
        if match is None or label in values:
            return None
        values[label] = "".join(match[2].split())
    return values


def _by_label(sides: Sides, policy: Policy) -> Decision | None:
    ours, theirs = _labelled(sides.ours), _labelled(sides.theirs)
    if ours is None or theirs is None:
        return None
    shared = [label for label in ours if label in theirs]
    rivals = [label for label in shared if ours[label] and theirs[label] and ours[label] != theirs[label]]
    # Two values for each label are rivals like other lines, and so are sentences that happen to have a colon.
    nothing_to_fill = len(rivals) == len(ours) == len(theirs)
    sentences = not shared and any("。" in value for value in (*ours.values(), *theirs.values()))
    if nothing_to_fill or sentences or (rivals and policy == "both"):
        return None
    prefer_theirs = _preferred(sides, policy) == "theirs"

    sources: dict[str, tuple[int | None, int | None]] = {}
    at_theirs = {label: index for index, label in enumerate(theirs)}
    for index, label in enumerate(ours):
        other = at_theirs.get(label)
        if other is None:
            sources[label] = (index, None)
        elif ours[label] == theirs[label]:
            sources[label] = (index, other)
        else:
            take_theirs = not ours[label] or (bool(theirs[label]) and prefer_theirs)
            sources[label] = (None, other) if take_theirs else (index, None)

    after: dict[str, list[int]] = {}  # labels that only the other side has follow the label that they follow there
    previous = "" if shared else next(reversed(ours))
    for index, label in enumerate(theirs):
        if label in ours:
            previous = label
        else:
            after.setdefault(previous, []).append(index)
    merged: list[tuple[int | None, int | None]] = [(None, index) for index in after.get("", ())]
    for label, source in sources.items():
        merged.append(source)
        merged.extend((None, index) for index in after.get(label, ()))
    # Two values under different labels may be two names for one thing, and contradict one another.
    may_contradict = not shared and any(ours.values()) and any(theirs.values())
    is_guess = bool(rivals) or may_contradict
    return Decision(_laid_out(merged, sides), "merged", "conflict.merged_side", rival=is_guess)


def _contained(sides: Sides, _: Policy) -> Decision | None:
    if _says(sides.ours, sides.theirs):
        return _fuller(sides, "ours")
    if _says(sides.theirs, sides.ours):
        return _fuller(sides, "theirs")
    return None


def _says(lines: Sequence[Line], part: Sequence[Line]) -> bool:
    """Whether lines say what others do: the same lines among others, or word for word between marks or line ends.

    5日 does not stand in 15日, nor 公开 in 不公开.
    """
    if not {*_numbers(part)} <= {*_numbers(lines)}:
        return False
    if _subsequence(bare_lines(part), bare_lines(lines)):
        return True
    text, wanted = bare(lines), bare(part).rstrip(_MARKS)
    start = text.find(wanted) if wanted else -1
    if start < 0:
        return False
    end = start + len(wanted)
    borders = {0, *accumulate(map(len, bare_lines(lines)))}
    return (start in borders or text[start - 1] in _MARKS) and (end in borders or text[end] in _MARKS)


_MARKS = "，。；：！？、,.;:!?）)（(」』》《「『”“…—-|{}[]<>"


def _subsequence(some: Sequence[str], all_lines: Iterable[str]) -> bool:
    """Whether lines stand among others in the same order, blank ones apart."""
    rest = iter(all_lines)
    return all(line in rest for line in some if line)


def _rival(sides: Sides, policy: Policy) -> Decision:
    kept = _preferred(sides, policy)
    if kept == "both":
        is_guess = policy != "smart" or not _entries_apart(sides.ours, sides.theirs)
        return Decision([*sides.ours, *sides.theirs], "both", "conflict.losing_side", rival=is_guess)
    lines = sides.theirs if kept == "theirs" else sides.ours
    return Decision(lines, kept, "conflict.losing_side", rival=True)


def _preferred(sides: Sides, policy: Policy) -> str:
    """Which of two filled sides stays, where nothing but the policy decides.

    `smart` loses as little as it can. Of a text and its translation, the one in Chinese stays, unless the document is
    not Chinese. Sides that have nothing in common do not compete, and both stay. Of two versions in Chinese, the one
    that says all that the other says, and more, stays. Otherwise each has something that the other has not, and one of
    them is lost: a commit that was replayed on top of newer text was made knowingly and stays, else the first side
    does, as people most often decide.
    """
    if policy != "smart":
        return policy
    chinese = is_chinese(sides.ours), is_chinese(sides.theirs)
    if chinese in {(True, False), (False, True)} and not sides.around.foreign:
        return "ours" if chinese[0] else "theirs"
    if _entries_apart(sides.ours, sides.theirs) or _passages_apart(sides.ours, sides.theirs):
        return "both"
    if all(chinese):
        if _says_more(sides.ours, sides.theirs):
            return "ours"
        if _says_more(sides.theirs, sides.ours):
            return "theirs"
    return "theirs" if sides.replayed else "ours"


_NEARLY_ALL, _NEXT_TO_NOTHING = 0.9, 0.1  # of pairs of characters
_SHORTEST_PASSAGE, _SHORTEST_ENTRY = 12, 5
_SENTENCE_END = re.compile(r"[。；！？.;!?”」』）)]\s*\Z")
_HEADING = re.compile(r"[ \t]*(?:#{1,6}[ \t]|第[一二三四五六七八九十百零〇\d]+[章节編编節])")


def _says_more(side: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether each line of another side stands in this one, but for a sign or two, with all numbers, and more."""
    if len(bare(side)) * _NEARLY_ALL < len(bare(other)):
        return False
    if not {*_numbers(other)} <= {*_numbers(side)} or _denials(side) != _denials(other):
        return False
    pairs = {pair for line in side for pair in _pairs(line.text)}
    each = [_pairs(line.text) for line in other if line.bare]
    return all(len(own & pairs) >= _NEARLY_ALL * len(own) for own in each)


def _denials(lines: Iterable[Line]) -> int:
    return sum(map(bare(lines).count, "不非未无無莫勿"))


def _passages_apart(ours: Sequence[Line], theirs: Sequence[Line]) -> bool:
    """Whether two passages in one script have next to nothing in common; versions of one sentence share its words.

    A label, and a line that is no sentence (a heading, a title, a number), compete, whatever they say: there is room
    for one of them. A section with its heading is a passage.
    """
    if any(_LABELLED.match(line.text) for line in (*ours, *theirs)) or script_of(ours) != script_of(theirs):
        return False
    left, right = ([line for line in side if line.bare] for side in (ours, theirs))
    if not all(len(side) > 1 or _SENTENCE_END.search(side[0].text) for side in (left, right)):
        return False
    if all(map(_is_heading, left)) or all(map(_is_heading, right)):
        return False
    if min(len(bare(left)), len(bare(right))) < _SHORTEST_PASSAGE:
        return False
    of_left, of_right = ({pair for line in side for pair in _pairs(line.text)} for side in (left, right))
    return len(of_left & of_right) < _NEXT_TO_NOTHING * min(len(of_left), len(of_right))


def _is_heading(line: Line) -> bool:
    return _HEADING.match(line.text) is not None


_ENTRY = re.compile(r"[ \t]*(?:[-*+•·][ \t]+|\|(?![-:| \t]+$))\S")
_ADDRESS = re.compile(r"https?://[^/\s)]*")


def _entries_apart(ours: Sequence[Line], theirs: Sequence[Line]) -> bool:
    """Whether both sides are entries of a list or rows of a table, and no entry of one resembles the other side."""
    if not all(_ENTRY.match(line.text) and len(line.bare) > _SHORTEST_ENTRY for line in (*ours, *theirs)):
        return False
    pairs = {pair for line in ours for pair in _pairs(line.text)}
    return all(2 * len(own & pairs) < len(own) for own in (_pairs(line.text) for line in theirs))


def _pairs(text: str) -> set[str]:
    bare = "".join(_ADDRESS.sub("", text).strip(" \t-*+•·|\r\n").split())
    return {bare[i : i + 2] for i in range(len(bare) - 1)} or {bare}


_ORDER: tuple[Callable[[Sides, Policy], Decision | None], ...] = (_equal, _blank, _since_base, _by_label, _contained)


def decided(sides: Sides, policy: Policy) -> Decision:
    """What stays of two sides: by the first rule that applies, else by the policy."""
    decisions = (rule(sides, policy) for rule in _ORDER)
    return next((found for found in decisions if found is not None), None) or _rival(sides, policy)


def _laid_out(merged: Merged, sides: Sides) -> list[Line]:
    """The lines of a merge, as many as possible where they stand: a beginning from ours and the rest from theirs.

    What the side at hand does not have is moved there from the other.
    """
    moves = sum(theirs is None for _, theirs in merged)
    fewest, turn = moves, 0
    for index, (ours, theirs) in enumerate(merged, start=1):
        moves += (ours is None) - (theirs is None)
        if moves <= fewest:
            fewest, turn = moves, index
    laid: list[Line] = []
    for index, (ours, theirs) in enumerate(merged):
        if index < turn:
            laid.append(sides.ours[ours] if ours is not None else _moved(sides.theirs, theirs))
        else:
            laid.append(sides.theirs[theirs] if theirs is not None else _moved(sides.ours, ours))
    return laid


def _moved(lines: Sequence[Line], index: int | None) -> Line:
    return lines[index or 0]._replace(moved=True)
