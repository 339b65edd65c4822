"""Resolve merge conflicts that were committed into a text, by deleting around what is kept.

Here belong the step, its edits and its findings. How markers make up a conflict is said in
:mod:`pipeline.conflicts.grammar`, which side stays in :mod:`pipeline.conflicts.deciding`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from pipeline.conflicts.context import Surroundings
from pipeline.conflicts.deciding import Decision, Sides, decided
from pipeline.conflicts.dialects import may_open
from pipeline.conflicts.embedded import read_lines
from pipeline.conflicts.grammar import DEEPEST_NESTING, is_of_tool, labels_of, parse, style_of
from pipeline.conflicts.nodes import Conflict, Line, Lone, Node
from pipeline.edits import Edit
from pipeline.text import NOTHING, Finding, Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.options import Policy

RULES: dict[str, str] = {
    "conflict.base": "The common ancestor of the two sides of a merge conflict is removed: both sides stand for it.",
    "conflict.contained_side": "A side of a merge conflict that is empty or stands in the other side whole is removed.",
    "conflict.equal_side": "The second of two sides of a merge conflict that say the same is removed.",
    "conflict.lone_marker": "A marker line whose merge conflict has lost its other markers is removed alone.",
    "conflict.losing_side": "No rule decides between two sides of a conflict: what the policy does not keep goes.",
    "conflict.marker": "A marker line of a merge conflict is removed.",
    "conflict.merged_line": "A line that only the other side of a merge conflict changed is put into its place.",
    "conflict.merged_side": "A line of a merge conflict is removed where the sides were merged line by line.",
    "conflict.repeated_side": "A side of a merge conflict that stands in the same document once more is removed.",
    "conflict.unchanged_side": "A side of a merge conflict that changed nothing is removed: the other's change wins.",
}


@dataclass(slots=True)
class _Account:
    """What was decided about a text so far: which lines go (by where they start), by which rule, and what was found."""

    policy: Policy
    gone: dict[int, tuple[str, str]] = field(default_factory=dict)
    findings: list[list[Finding]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    def go(self, line: Line, rule: str) -> None:
        """Note that a line goes; what was said of it first holds."""
        self.gone.setdefault(line.start, (line.text, rule))

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
                    self.go(node.line, "conflict.lone_marker")
                    self.findings.append(_lone_reported(node))
                    self.flags.add("conflict_markers_removed")
                else:
                    kept.append(node.line)
            elif outermost and (node.depth > DEEPEST_NESTING or not is_of_tool(node) or around.quote_conflict(node)):
                kept.extend(around.lines[node.first : node.last + 1])
            else:
                kept.extend(self._decided(node, around))
        return kept

    def _decided(self, conflict: Conflict, around: Surroundings) -> list[Line]:
        style = style_of(conflict)
        sides = Sides(
            ours=self._kept(conflict.ours, around),
            base=None if conflict.base is None else self._kept(conflict.base, around),
            theirs=self._kept(conflict.theirs, around),
            replayed=style.startswith("rebase"),
            around=around,
        )
        decision = decided(sides, self.policy)
        stays = {line.start for line in decision.kept if not line.moved}
        for line in _markers(conflict):
            self.go(line, "conflict.marker")
        for lines, rule in ((sides.base or (), "conflict.base"), ((*sides.ours, *sides.theirs), decision.rule)):
            for line in lines:
                if line.start not in stays:
                    self.go(line, rule)
        self.findings.append(_reported(conflict, decision, style))
        self.flags |= {"conflict_resolved", "conflict_markers_removed"}
        if decision.rival:
            self.flags.add("conflict_in_prose")
        return decision.kept


_SIDE_OF_SIGN = {"<": "ours", "|": "base", ">": "theirs"}


def _markers(conflict: Conflict) -> Iterator[Line]:
    """Everything in a conflict that is of no side: the marker lines, and the signs before the lines of a difference."""
    for section in conflict.sections:
        yield section.marker
        yield from (node for node in section.nodes if isinstance(node, Line) and not node.is_content)
    yield conflict.closing


def _reported(conflict: Conflict, decision: Decision, style: str) -> list[Finding]:
    """What is said of a conflict: how it was resolved and by which rule, and its sides with their labels."""
    found = [Finding("conflict", decision.resolution, conflict.span, style)]
    found.append(Finding("conflict_rule", decision.rule, conflict.span))
    ends = {one.marker.start: other.marker.start for one, other in pairwise(conflict.sections)}
    for name, label in labels_of(conflict).items():
        section = conflict.section(name)
        if section is not None:
            end = ends.get(section.marker.start, conflict.closing.start)
            found.append(Finding("conflict_side", name, (section.marker.end, end), label))
    return found


def _lone_reported(lone: Lone) -> list[Finding]:
    span = lone.line.start, lone.line.end
    found = [Finding("conflict", "lone_marker", span, "lone"), Finding("conflict_rule", "conflict.lone_marker", span)]
    if lone.marker.sign in _SIDE_OF_SIGN:
        found.append(Finding("conflict_side", _SIDE_OF_SIGN[lone.marker.sign], (span[1], span[1]), lone.marker.label))
    return found


@dataclass(frozen=True, slots=True)
class ResolveConflicts:
    r"""The step with a policy for two filled sides that no rule decides between.

    >>> from pipeline.text import Text
    >>> Text("<<<<<<< HEAD\n甲地\n=======\n乙地\n>>>>>>> b\n").revise(ResolveConflicts("theirs")).value
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
        return _outcome(text, _Account(self.policy)) if _may_have_markers(text) else NOTHING


def _may_have_markers(text: str) -> bool:
    """Look for single signs first: most texts have none, and one sign is found at the speed of memory."""
    if not any(sign in text for sign in "<>|^&"):
        return False
    fewer = "<<< " in text and _FEWER_SIGNS.search(text) is not None
    return fewer or any(signs in text for signs in _SEVEN_SIGNS) or may_open(text)


_SEVEN_SIGNS = ("<<<<<<<", ">>>>>>>", "|||||||", "> > > > > > >", "&lt;&lt;&lt;&lt;&lt;&lt;&lt;")
_FEWER_SIGNS = re.compile("^<{3,6} [^\n]+", re.MULTILINE)

_MOST_READINGS = 8
"""What is resolved may bring markers together that were apart; so many readings are made before the rest is left."""


def _outcome(text: str, account: _Account) -> Outcome:
    kept = read_lines(text)
    for _ in range(_MOST_READINGS):
        before, kept = kept, account.resolved(kept)
        if len(before) == len(kept):
            break
    if not account.findings:
        return NOTHING
    edits = [*_deletions(account.gone), *_insertions(kept)]
    found = sorted(account.findings, key=lambda one: one[0].span)
    findings = [finding for one in found for finding in one]
    return Outcome(edits, (*findings, *(Finding("flag", flag) for flag in sorted(account.flags))))


def _deletions(gone: dict[int, tuple[str, str]]) -> Iterator[Edit]:
    """One edit for each run of lines that go by the same rule."""
    start, end, rule = 0, 0, ""
    run: list[str] = []
    for at, (text, reason) in sorted(gone.items()):
        if run and (at != end or reason != rule):
            yield Edit(start, "".join(run), "", rule)
            run = []
        if not run:
            start, rule = at, reason
        run.append(text)
        end = at + len(text)
    if run:
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
    filled value winning; a side that stands in the other gives way to it. Between two rival sides a guess is made that
    loses as little as can be (:mod:`pipeline.conflicts.deciding`), and the document is flagged `conflict_in_prose`: the
    side in Chinese stays before a foreign one, both where they have nothing in common, the one that says all that the
    other says, a replayed commit before what it was replayed on, else the first side.

    Left alone on purpose: `=======` by itself (it underlines headings), rules, prompts and quotations in mail, marker
    lines without a label that have lost their partners, and whatever a text about conflicts shows to its readers.

    Findings `conflict` hold the resolution (identical, ours, theirs, both, merged, lone_marker), the span from marker
    to marker and, as note, the style of the tool. Behind each follow `conflict_rule` with the rule that decided, and
    for each side a `conflict_side` (ours, theirs, base) with its span and, as note, its label. Flags are
    `conflict_resolved`, `conflict_markers_removed` and `conflict_in_prose`.
    """
    return _SMART(view)


_SMART = ResolveConflicts()
