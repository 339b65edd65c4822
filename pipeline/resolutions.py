"""What became of each merge conflict of a document: its sides as they stood, what stayed, and the rule that decided.

Here belongs reading that out of what the reconcile stage found. How a conflict is decided belongs in
:mod:`pipeline.steps.conflicts`, how it is laid out in tables in :mod:`pipeline.tables` and :mod:`pipeline.layout`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.text import Finding, Text

LONE_MARKER = "lone_marker"
"""The resolution of a marker that had lost the rest of its conflict, and went alone."""


class Side(NamedTuple):
    """One side of a conflict: the label of its marker, and the text that stood there, from `start` on.

    `label` is None where the marker has none; `start` and `text` are None where the conflict has no such side. Both
    count and stand in the decoded text.
    """

    label: str | None = None
    start: int | None = None
    text: str | None = None


class Resolved(NamedTuple):
    """One conflict that was resolved, or one lone marker that was removed; positions are those of the decoded text."""

    start: int
    end: int
    style: str
    resolution: str
    rule: str
    ours: Side = Side()
    theirs: Side = Side()
    base: Side = Side()


def resolutions(history: Text) -> tuple[Resolved, ...]:
    r"""What became of the conflicts of a text, in their order; one that stands inside another follows it.

    >>> from pipeline.steps.conflicts import resolve_conflicts
    >>> from pipeline.text import Text
    >>> found, = resolutions(Text("<<<<<<< HEAD\n=======\n甲地\n>>>>>>> a\n").revise(resolve_conflicts))
    >>> found.resolution, found.rule, found.theirs
    ('theirs', 'conflict.contained_side', Side(label='a', start=21, text='甲地\n'))

    Where an earlier step had changed the text that the markers were found in, sides are as they were before that.
    """
    groups: list[list[Finding]] = []
    for finding in history.findings:
        if finding.kind == "conflict":
            groups.append([finding])
        elif finding.kind in {"conflict_rule", "conflict_side"}:
            groups[-1].append(finding)
    return tuple(sorted((_resolved(history, group) for group in groups), key=lambda one: one.start))


def _resolved(history: Text, group: list[Finding]) -> Resolved:
    """One conflict: the finding that says how it was resolved, and those that follow it."""
    conflict = group[0]
    start, end = history.origin(conflict.span, depth=conflict.depth)
    rule = next(finding.value for finding in group if finding.kind == "conflict_rule")
    sides: dict[str, Side] = {
        finding.value: _side(history, finding, has_text=conflict.value != LONE_MARKER)
        for finding in group
        if finding.kind == "conflict_side"
    }
    return Resolved(start, end, conflict.note, conflict.value, rule, **sides)


def _side(history: Text, finding: Finding, *, has_text: bool) -> Side:
    label = finding.note or None
    if not has_text:
        return Side(label)
    start, end = history.origin(finding.span, depth=finding.depth)
    return Side(label, start, history.at(0)[start:end])
