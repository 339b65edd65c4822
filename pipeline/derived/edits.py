"""What is looked at in each edit: whether it fits its document, its neighbours, and itself.

Here belongs what one row and the row before it tell, for all rows at once: there are hundreds of edits for each
document. Whether the edits of a document lead back to a text is looked at in :mod:`pipeline.derived.replaying`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from pipeline import recipe
from pipeline.columns import STAGE_NAMES, TABLES
from pipeline.derived.values import (
    NO_NUMBER,
    codes,
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
    truths,
)
from pipeline.redaction import MASK
from pipeline.text import name_of

if TYPE_CHECKING:
    from pipeline.derived.values import Derived, Numbers, Strings, Tables, Truths


def of_edits(tables: Tables) -> Derived:
    """The derived columns of `edits`."""
    edits = tables["edits"]
    doc, rule, moved_to = strings(edits, "doc_id"), strings(edits, "rule"), strings(edits, "moved_to")
    stage, before, after = strings(edits, "stage"), strings(edits, "before"), strings(edits, "after")
    seq, start = numbers(edits, "seq"), numbers(edits, "start")
    gone, come = lengths(before), lengths(after)
    redacted = truths(edits, "redacted")
    masked = _has_mask(before) | _has_mask(after)
    moved = is_true(pc.is_valid(moved_to))
    first = starts_anew(codes(doc))
    layer = numbers(edits, "layer")
    new_layer = first | starts_anew(layer)
    end = start + gone
    return {
        "derived_row": named(doc, seq),
        "derived_document_exists": is_one_of(doc, strings(tables["documents"], "id")),
        "derived_seq_consecutive": np.where(first, seq == 0, seq == previous(seq) + 1),
        "derived_layers_follow": _follow(layer, _ranks(stage), first),
        "derived_apart": new_layer | (start >= previous(end)),
        "derived_end": end,
        "derived_out_start": _out_starts(start, gone, come, new_layer),
        "derived_op_fits": is_true(pc.equal(strings(edits, "op"), _operations(gone, come, moved))),
        "derived_changes": is_true(pc.not_equal(before, after)) | redacted,
        "derived_moved_to_column": ~moved | _is_column(moved_to, rule),
        "derived_masks_there": ~redacted | masked,
        "derived_masks_stated": redacted | ~masked,
        "derived_rule_known": is_one_of(rule, list(recipe.rules())),
        "derived_step_known": is_one_of(joined(stage, strings(edits, "step"), separator="/"), _steps()),
    }


_COLUMNS = [column.name for column in TABLES["documents"]]


def _steps() -> list[str]:
    """Every step of the recipe behind its stage."""
    return [f"{stage.name}/{name_of(step)}" for stage in recipe.STAGES for step in (*stage.steps, *stage.readers)]


def _is_column(moved_to: Strings, rule: Strings) -> Truths:
    """Whether what was moved is in a column of the documents, and it is the one that the rule is named after."""
    return is_one_of(moved_to, _COLUMNS) & is_true(pc.equal(rule, joined("field", moved_to, separator=".")))


def _has_mask(found: Strings) -> Truths:
    return is_true(pc.match_substring(found, MASK))


def _ranks(stage: Strings) -> Numbers:
    """The place of each stage on the way; `NO_NUMBER` for a stage that there is not."""
    places = pc.index_in(stage, value_set=pa.array(STAGE_NAMES, pa.large_string()))
    return numbers(pa.table({"rank": places}), "rank")


def _follow(layer: Numbers, rank: Numbers, first: Truths) -> Truths:
    """Whether each row is in the layer and stage of the row before it or a later one, a document's first in any."""
    onward: Truths = (layer >= previous(layer)) & (rank >= previous(rank))
    known: Truths = (layer >= 0) & (rank != NO_NUMBER)
    return known & (first | onward)


def _operations(gone: Numbers, come: Numbers, moved: Truths) -> pa.Array[Any]:
    """What each edit is by what it takes away and puts there; null where it says it moves what it does not."""
    names = pa.array(["move", "delete", "insert", "replace", None], pa.large_string())
    cases = [(come == 0) & moved, moved, come == 0, gone == 0]
    return names.take(pa.array(np.select(cases, [0, 4, 1, 2], 3)))


def _out_starts(start: Numbers, gone: Numbers, come: Numbers, new_layer: Truths) -> Numbers:
    """Where each `after` starts in its layer's output, by the lengths of the edits before it."""
    growth = np.where((gone == NO_NUMBER) | (come == NO_NUMBER), 0, come - gone)
    before: Numbers = np.cumsum(growth) - growth
    return start + before - before[np.maximum.accumulate(np.where(new_layer, np.arange(len(start)), 0))]
