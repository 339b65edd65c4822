"""What is looked at in each merge conflict: whether it fits its document, its edits, its neighbours, and itself.

Here belongs what is said of the table `conflicts`, and what the documents are asked about theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline import recipe
from pipeline.derived.values import (
    codes,
    ids_where,
    is_one_of,
    is_true,
    joined,
    lengths,
    named,
    numbers,
    pc,
    previous,
    starts_anew,
    strings,
)
from pipeline.resolutions import LONE_MARKER

if TYPE_CHECKING:
    from pipeline.derived.values import Derived, Numbers, Tables, Truths

RULES = "conflict."
"""How the rules of the reconcile stage begin."""


class Conflicted(NamedTuple):
    """The documents that have a conflict, one or a lone marker, and edits by a rule about either."""

    resolved: frozenset[str]
    marked: frozenset[str]
    edited: frozenset[str]


def documents_with_conflicts(tables: Tables) -> Conflicted:
    """What each table says about which documents had conflicts."""
    conflicts, edits = tables["conflicts"], tables["edits"]
    resolution = strings(conflicts, "resolution")
    return Conflicted(
        ids_where(conflicts, pc.not_equal(resolution, LONE_MARKER)),
        ids_where(conflicts, pc.is_valid(strings(conflicts, "doc_id"))),
        ids_where(edits, pc.starts_with(strings(edits, "rule"), RULES)),
    )


def of_conflicts(tables: Tables) -> Derived:
    """The derived columns of `conflicts`."""
    conflicts = tables["conflicts"]
    doc, index = strings(conflicts, "doc_id"), numbers(conflicts, "conflict_index")
    start, end = numbers(conflicts, "start"), numbers(conflicts, "end")
    ours, theirs, base = (strings(conflicts, name) for name in ("ours", "theirs", "base"))
    labels = [strings(conflicts, f"label_{name}") for name in ("ours", "theirs", "base")]
    lone = is_true(pc.equal(strings(conflicts, "resolution"), LONE_MARKER))
    first = starts_anew(codes(doc))
    has_ours, has_theirs, has_base = (is_true(pc.is_valid(side)) for side in (ours, theirs, base))
    both = (has_ours & has_theirs) | (~has_ours & ~has_theirs)
    longest = np.maximum.reduce([np.maximum(lengths(side), 0) for side in (ours, theirs, base)])
    return {
        "derived_row": named(doc, index),
        "derived_document_exists": is_one_of(doc, strings(tables["documents"], "id")),
        "derived_edited": is_one_of(doc, sorted(documents_with_conflicts(tables).edited)),
        "derived_index_consecutive": np.where(first, index == 0, index == previous(index) + 1),
        "derived_in_order": first | (start >= previous(start)),
        "derived_apart": _apart(first, start, end),
        "derived_sides_there": both & (has_ours != lone) & ~(has_base & lone),
        "derived_sides_inside": longest < end - start,
        "derived_labels_say_something": ~np.logical_or.reduce([is_true(pc.equal(label, "")) for label in labels]),
        "derived_words": joined(ours, theirs, base, *labels, separator="\n", null=""),
        "derived_rule_known": is_one_of(
            strings(conflicts, "rule"), [rule for rule in recipe.rules() if rule.startswith(RULES)]
        ),
    }


def _apart(first: Truths, start: Numbers, end: Numbers) -> Truths:
    """Whether each conflict lies in one that starts before it, whole, or behind it."""
    apart = np.ones(len(first), np.bool_)
    around: list[int] = []
    for row, (is_first, begins, ends) in enumerate(zip(first.tolist(), start.tolist(), end.tolist(), strict=True)):
        if is_first:
            around.clear()
        while around and around[-1] <= begins:
            around.pop()
        apart[row] = not around or ends <= around[-1]
        around.append(ends)
    return apart
