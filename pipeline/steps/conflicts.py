"""Resolve merge conflicts that were committed into a text, by deleting around what is kept.

Here belong the rules that decide between the sides, and the step that applies them. The grammar of the markers is
:mod:`pipeline.conflicts.grammar`; what a kept side says (labels, prose, furniture) is the business of later steps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pipeline.conflicts.context import Surroundings, is_chinese
from pipeline.conflicts.grammar import (
    DEEPEST_NESTING,
    Conflict,
    Line,
    Lone,
    Node,
    bare,
    bare_lines,
    parse,
    read_marker,
    split_lines,
    style_of,
)
from pipeline.conflicts.line_merge import Merged, three_way
from pipeline.edits import Edit
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.options import Policy

RULES: dict[str, str] = {
    "conflict.base": "The common ancestor of the two sides of a merge conflict is removed: both sides stand for it.",
    "conflict.contained_side": "A side of a merge conflict that is empty or stands in the other side whole is removed.",
    "conflict.equal_side": "The second of two sides of a merge conflict that say the same is removed.",
    "conflict.lone_marker": "A marker line whose merge conflict has lost its other markers is removed alone.",
    "conflict.losing_side": "One of two rival sides of a merge conflict is removed; the document is flagged.",
    "conflict.marker": "A marker line of a merge conflict is removed.",
    "conflict.merged_line": "A line that only the other side of a merge conflict changed is put into its place.",
    "conflict.merged_side": "A line of a merge conflict is removed where the sides were merged line by line.",
    "conflict.repeated_side": "A side of a merge conflict that stands in the same document once more is removed.",
    "conflict.unchanged_side": "A side of a merge conflict that changed nothing is removed: the other's change wins.",
}


class _Sides(NamedTuple):
    """The sides of one conflict, whatever stood inside them resolved; `base` is None where the tool wrote none."""

    ours: list[Line]
    base: list[Line] | None
    theirs: list[Line]
    replayed: bool
    around: Surroundings


class _Decision(NamedTuple):
    """What stays of a conflict, in order; what that is called; why the rest goes; whether it was a guess."""

    kept: list[Line]
    resolution: str
    rule: str
    rival: bool = False


def _equal(sides: _Sides, _: Policy) -> _Decision | None:
    if bare(sides.ours) == bare(sides.theirs):
        return _Decision(sides.ours, "identical", "conflict.equal_side")
    return None


def _blank(sides: _Sides, _: Policy) -> _Decision | None:
    if not bare(sides.ours):
        return _fuller(sides, "theirs")
    if not bare(sides.theirs):
        return _fuller(sides, "ours")
    return None


def _fuller(sides: _Sides, name: str) -> _Decision:
    """The side that says more, unless all that it says more is said in the document outside of conflicts, too."""
    filled, lesser = (sides.ours, sides.theirs) if name == "ours" else (sides.theirs, sides.ours)
    surplus = _surplus(bare_lines(filled), bare_lines(lesser))
    if sum(map(len, surplus)) >= _LONG_REPETITION and sides.around.outside.issuperset(surplus):
        return _Decision(lesser, "theirs" if name == "ours" else "ours", "conflict.repeated_side")
    return _Decision(filled, name, "conflict.contained_side")


_LONG_REPETITION = 40
"""So many characters do not stand in a document twice by chance: the passage was moved, and a merge brought it back."""


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


def _since_base(sides: _Sides, _: Policy) -> _Decision | None:
    if sides.base is None:
        return None
    base = bare(sides.base)
    if base == bare(sides.ours):
        return _Decision(sides.theirs, "theirs", "conflict.unchanged_side")
    if base == bare(sides.theirs):
        return _Decision(sides.ours, "ours", "conflict.unchanged_side")
    merged = three_way(bare_lines(sides.base), bare_lines(sides.ours), bare_lines(sides.theirs))
    return None if merged is None else _Decision(_laid_out(merged, sides), "merged", "conflict.merged_side")


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


def _by_label(sides: _Sides, policy: Policy) -> _Decision | None:
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
    return _Decision(_laid_out(merged, sides), "merged", "conflict.merged_side", rival=bool(rivals))


def _contained(sides: _Sides, _: Policy) -> _Decision | None:
    ours, theirs = bare(sides.ours), bare(sides.theirs)
    if theirs in ours or _subsequence(bare_lines(sides.theirs), bare_lines(sides.ours)):
        return _fuller(sides, "ours")
    if ours in theirs or _subsequence(bare_lines(sides.ours), bare_lines(sides.theirs)):
        return _fuller(sides, "theirs")
    return None


def _subsequence(some: Sequence[str], all_lines: Iterable[str]) -> bool:
    """Whether lines stand among others in the same order, blank ones apart."""
    rest = iter(all_lines)
    return all(line in rest for line in some if line)


def _rival(sides: _Sides, policy: Policy) -> _Decision:
    kept = _preferred(sides, policy)
    if kept == "both":
        return _Decision([*sides.ours, *sides.theirs], "both", "conflict.losing_side", rival=policy != "smart")
    lines = sides.theirs if kept == "theirs" else sides.ours
    return _Decision(lines, kept, "conflict.losing_side", rival=True)


def _preferred(sides: _Sides, policy: Policy) -> str:
    """Which of two filled sides stays, where nothing but the policy decides.

    `smart` asks three questions. Is one side a translation? The one in Chinese stays, unless the document is not
    Chinese. Did both add entries to a list? They do not compete, and both stay. Was a commit replayed on top of newer
    text? It is the later of the two, made knowingly. Otherwise the first side stays, as people most often decide.
    """
    if policy != "smart":
        return policy
    chinese = is_chinese(sides.ours), is_chinese(sides.theirs)
    if chinese in {(True, False), (False, True)} and not sides.around.foreign:
        return "ours" if chinese[0] else "theirs"
    if _entries_apart(sides.ours, sides.theirs):
        return "both"
    return "theirs" if sides.replayed else "ours"


_ENTRY = re.compile(r"[ \t]*(?:[-*+•·][ \t]+|\|(?![-:| \t]+$))\S")
_ADDRESS = re.compile(r"https?://[^/\s)]*")


def _entries_apart(ours: Sequence[Line], theirs: Sequence[Line]) -> bool:
    """Whether both sides are entries of a list or rows of a table, and no entry of one resembles the other side."""
    if not all(_ENTRY.match(line.text) for line in (*ours, *theirs)):
        return False
    pairs = {pair for line in ours for pair in _pairs(line.text)}
    return all(2 * len(own & pairs) < len(own) for own in (_pairs(line.text) for line in theirs))


def _pairs(text: str) -> set[str]:
    bare = "".join(_ADDRESS.sub("", text).strip(" \t-*+•·|\r\n").split())
    return {bare[i : i + 2] for i in range(len(bare) - 1)} or {bare}


_ORDER: tuple[Callable[[_Sides, Policy], _Decision | None], ...] = (_equal, _blank, _since_base, _by_label, _contained)


def _laid_out(merged: Merged, sides: _Sides) -> list[Line]:
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


@dataclass(slots=True)
class _Account:
    """What was decided about a text so far: which lines go, by which rule, and what was found."""

    policy: Policy
    gone: dict[int, str] = field(default_factory=dict)
    findings: list[list[Finding]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    def resolved(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that stay after one reading."""
        nodes = parse(lines)
        if all(isinstance(node, Line) for node in nodes):
            return list(lines)
        return self._kept(nodes, Surroundings.of(lines, nodes), outermost=True)

    def _kept(self, nodes: Iterable[Node], around: Surroundings, *, outermost: bool = False) -> list[Line]:
        kept: list[Line] = []
        for node in nodes:
            if isinstance(node, Line):
                kept.append(node)
            elif isinstance(node, Lone):
                if around.removable(node):
                    self.gone.setdefault(node.line.start, "conflict.lone_marker")
                    self.findings.append(_lone_reported(node))
                    self.flags.add("conflict_markers_removed")
                else:
                    kept.append(node.line)
            elif outermost and (node.depth > DEEPEST_NESTING or around.quote(node.first, node.last)):
                kept.extend(around.lines[node.first : node.last + 1])
            else:
                kept.extend(self._decided(node, around))
        return kept

    def _decided(self, conflict: Conflict, around: Surroundings) -> list[Line]:
        style = style_of(conflict)
        sides = _Sides(
            ours=self._kept(conflict.ours, around),
            base=None if conflict.fork is None else self._kept(conflict.base, around),
            theirs=self._kept(conflict.theirs, around),
            replayed=style.startswith("rebase"),
            around=around,
        )
        decisions = (rule(sides, self.policy) for rule in _ORDER)
        decision = next((found for found in decisions if found is not None), None) or _rival(sides, self.policy)
        stays = {line.start for line in decision.kept if not line.moved}
        for line in (conflict.opening, conflict.fork, conflict.separator, conflict.closing):
            if line is not None:
                self.gone.setdefault(line.start, "conflict.marker")
        for lines, rule in ((sides.base or (), "conflict.base"), ((*sides.ours, *sides.theirs), decision.rule)):
            for line in lines:
                if line.start not in stays:
                    self.gone.setdefault(line.start, rule)
        self.findings.append(_reported(conflict, decision, style))
        self.flags |= {"conflict_resolved", "conflict_markers_removed"}
        if decision.rival:
            self.flags.add("conflict_in_prose")
        return decision.kept


_SIDE_OF_SIGN = {"<": "ours", "|": "base", ">": "theirs"}


def _reported(conflict: Conflict, decision: _Decision, style: str) -> list[Finding]:
    """What is said of a conflict: how it was resolved and by which rule, and its sides with their labels."""
    found = [Finding("conflict", decision.resolution, conflict.span, style)]
    found.append(Finding("conflict_rule", decision.rule, conflict.span))
    before_theirs = conflict.fork or conflict.separator
    sides = [("ours", conflict.opening, before_theirs), ("theirs", conflict.separator, conflict.closing)]
    if conflict.fork is not None:
        sides.append(("base", conflict.fork, conflict.separator))
    for name, first, last in sides:
        marker = read_marker((conflict.closing if name == "theirs" else first).text)
        found.append(Finding("conflict_side", name, (first.end, last.start), marker.label if marker else ""))
    return found


def _lone_reported(lone: Lone) -> list[Finding]:
    span = lone.line.start, lone.line.end
    side = Finding("conflict_side", _SIDE_OF_SIGN[lone.marker.sign], (span[1], span[1]), lone.marker.label)
    return [
        Finding("conflict", "lone_marker", span, "lone"),
        Finding("conflict_rule", "conflict.lone_marker", span),
        side,
    ]


@dataclass(frozen=True, slots=True)
class ResolveConflicts:
    r"""The step with a policy for two filled sides that no rule decides between.

    >>> from pipeline.text import Text
    >>> Text("<<<<<<< a\n甲地\n=======\n乙地\n>>>>>>> b\n").revise(ResolveConflicts("theirs")).value
    '乙地\n'

    `ours` and `theirs` keep the first and the second side, `both` one after the other; what `smart` does is said at
    :func:`resolve_conflicts`.
    """

    policy: Policy = "smart"

    # In the account the step has one name, whatever its policy.
    __name__: ClassVar[str] = "resolve_conflicts"

    def __call__(self, view: View) -> Outcome:
        """Resolve what the text holds."""
        text = view.text
        if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
            return NOTHING
        return _outcome(text, _Account(self.policy))


_MOST_READINGS = 8
"""What is resolved may bring markers together that were apart; so many readings are made before the rest is left."""


def _outcome(text: str, account: _Account) -> Outcome:
    lines = split_lines(text)
    kept: list[Line] = lines
    for _ in range(_MOST_READINGS):
        before, kept = kept, account.resolved(kept)
        if len(before) == len(kept):
            break
    if not account.findings:
        return NOTHING
    edits = [*_deletions(lines, account.gone), *_insertions(kept)]
    findings = [finding for found in sorted(account.findings, key=lambda found: found[0].span) for finding in found]
    return Outcome(edits, (*findings, *(Finding("flag", flag) for flag in sorted(account.flags))))


def _deletions(lines: Iterable[Line], gone: dict[int, str]) -> Iterator[Edit]:
    """One edit for each run of lines that go by the same rule."""
    start, rule = 0, ""
    run: list[str] = []
    for line in lines:
        reason = gone.get(line.start, "")
        if reason != rule:
            if rule:
                yield Edit(start, "".join(run), "", rule)
            start, rule, run = line.start, reason, []
        run.append(line.text)
    if rule:
        yield Edit(start, "".join(run), "", rule)


def _insertions(kept: Iterable[Line]) -> Iterator[Edit]:
    """One edit for each run of lines that were moved, behind the line that they follow."""
    at = 0
    run: list[str] = []
    for line in kept:
        if line.moved:
            run.append(line.text)
            continue
        if run:
            yield Edit(at, "", "".join(run), "conflict.merged_line")
            run = []
        at = line.end
    if run:
        yield Edit(at, "", "".join(run), "conflict.merged_line")


def resolve_conflicts(view: View) -> Outcome:
    r"""Resolve merge conflicts that were committed into a text.

    >>> from pipeline.text import Text
    >>> text = Text("关键词: \n<<<<<<< Updated upstream\n=======\n行业: \n>>>>>>> Stashed changes\n")
    >>> text.revise(resolve_conflicts).value
    '关键词: \n行业: \n'

    The first rule that applies decides: equal sides become one; an empty side gives way to the filled one; with a base,
    the side that changed wins, and where both did they are merged line by line; labelled lines are merged by label, the
    filled value winning; a side that stands in the other gives way to it. Between two rival sides a guess is made, and
    the document is flagged `conflict_in_prose`: the side in Chinese before a foreign one, both where each adds entries
    of its own to a list, a replayed commit before what it was replayed on, else the first side.

    Left alone on purpose: `=======` by itself (it underlines headings), rules, prompts and quotations in mail, marker
    lines without a label that have lost their partners, and whatever a text about conflicts shows to its readers.

    Findings `conflict` hold the resolution (identical, ours, theirs, both, merged, lone_marker), the span from marker
    to marker and, as note, the style of the tool. Behind each follow `conflict_rule` with the rule that decided, and
    for each side a `conflict_side` (ours, theirs, base) with its span and, as note, its label; flags are `conflict_resolved`, `conflict_markers_removed` and
    `conflict_in_prose`.
    """
    return _SMART(view)


_SMART = ResolveConflicts()
