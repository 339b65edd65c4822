"""What is looked at in each section: whether it fits its document's text, its list of sections, and its siblings.

Here belongs what is said of the table `sections`, for all rows at once. The lists in `documents`, which hold the same
sections, are looked at in :mod:`pipeline.derived.documents`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from pipeline.columns import SECTION_FIELDS
from pipeline.derived.values import (
    codes,
    is_one_of,
    is_true,
    joined,
    lengths,
    looked_up,
    named,
    numbers,
    pc,
    starts_anew,
    strings,
)

if TYPE_CHECKING:
    from pipeline.derived.values import Derived, Numbers, Strings, Tables, Truths


def of_sections(tables: Tables) -> Derived:
    """The derived columns of `sections`."""
    sections, documents = tables["sections"], tables["documents"]
    doc, index, parent = strings(sections, "doc_id"), numbers(sections, "index"), numbers(sections, "parent")
    ids = strings(documents, "id")
    start, end = numbers(sections, "char_start"), numbers(sections, "char_end")
    no_parent = is_true(pc.is_null(strings(sections, "parent")))
    return {
        "derived_row": named(doc, index),
        "derived_document_exists": is_one_of(doc, ids),
        "derived_parent_before": no_parent | ((parent >= 0) & (parent < index)),
        "derived_ends_in_text": end <= looked_up(doc, ids, lengths(strings(documents, "text"))),
        "derived_behind_siblings": _behind_siblings(codes(doc), parent, start, end),
        "derived_in_document": is_one_of(_whole(sections, doc), _listed(documents)),
    }


def _behind_siblings(doc: Numbers, parent: Numbers, start: Numbers, end: Numbers) -> Truths:
    """Whether each section starts where all its siblings that start before it have ended."""
    order = np.lexsort((end, start, parent, doc))
    family = np.cumsum(starts_anew(doc[order]) | starts_anew(parent[order]))
    # Each family in a stretch of its own of one long line, so that the ends of one do not reach into the next.
    ends = np.maximum.accumulate(family * _LONGEST + np.clip(end[order], 0, _LONGEST - 1))
    behind = np.ones(len(order), np.bool_)
    behind[1:] = (family[1:] != family[:-1]) | (family[1:] * _LONGEST + start[order][1:] >= ends[:-1])
    result = np.empty_like(behind)
    result[order] = behind
    return result


_LONGEST = 2**32


def _whole(sections: pa.Table, doc: Strings) -> pa.Array[Any]:
    """Each row as one string with all its values."""
    columns = [doc, *(strings(sections, field.name) for field in SECTION_FIELDS)]
    return joined(*columns, separator="\x1f", null="\x1e")


def _listed(documents: pa.Table) -> pa.Array[Any]:
    """The sections in the lists of all documents, each as one string with all its values."""
    try:
        lists = documents.column("sections").combine_chunks()
        items = pa.Table.from_struct_array(pc.list_flatten(lists))
        ids = strings(documents, "id").take(pc.list_parent_indices(lists))
    except (AttributeError, KeyError, TypeError, ValueError, pa.ArrowException):
        return pa.array([], pa.large_string())  # no lists of sections: no row is in one
    return _whole(items, ids)
