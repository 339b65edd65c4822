"""Exact duplicates: which inputs have the same bytes or the same text, and are the same document.

Here belongs what is decided by hashes. Cleaning moves a number and a title out of the text, so that a hospital's
staffing table may have the text of another hospital's: names count, too (:mod:`pipeline.corpus.names`).
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from pipeline.corpus.folding import folded_string
from pipeline.corpus.names import Name, called_differently

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.corpus.inputs import Array, Inputs, Read, Rows

pc: Any = pyarrow.compute

EMPTY_TEXT_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of no bytes: nothing is a duplicate of nothing."""

MOST_NAMES = 64
"""Documents with one text and another name each: with so many at most a further one is compared."""

NOT_ACCEPTED = -1
"""Stands for the input that is published, where none is."""


def originals_of(inputs: Inputs, precedence: Rows, read: Read) -> tuple[Rows, dict[int, Name]]:
    """For each input the one that is published for it, itself or another, and what that is called all in all.

    Inputs are the same where their bytes or their cleaned texts are (an empty text is the same as none), and they are
    not called differently. Of these the first in order of `precedence` is published. -1 stands for an input that is not
    accepted; names are there where inputs with several names are the same.
    """
    originals = np.full(len(precedence), NOT_ACCEPTED, np.intp)
    same = _same(inputs)
    accepted = np.flatnonzero(inputs.accepted & (same != NOT_ACCEPTED))
    rows = accepted[np.lexsort((precedence[accepted], same[accepted]))]
    starts = np.flatnonzero(np.diff(same[rows], prepend=NOT_ACCEPTED))
    sizes = np.diff(starts, append=len(rows))
    firsts = np.repeat(rows[starts], sizes)
    originals[rows] = firsts
    again = np.flatnonzero(rows != firsts)
    others = np.zeros(len(again), np.bool_)
    for column in (inputs.doc_number, inputs.title):
        here, there = (pc.fill_null(column.take(pa.array(which[again])), "") for which in (rows, firsts))
        others |= np.asarray(pc.not_equal(here, there))
    several = np.unique(np.repeat(np.arange(len(starts)), sizes)[again[others]]).tolist()
    groups = sorted((rows[starts[one] : starts[one] + sizes[one]].tolist() for one in several), key=itemgetter(0))
    names: dict[int, Name] = {}
    for group, text in zip(groups, read([group[0] for group in groups]), strict=True):
        originals[group] = _by_name(inputs, group, folded_string(text), names)
    return originals, names


def _same(inputs: Inputs) -> NDArray[np.int64]:
    """A number for each input, the same where texts are, or bytes where there is no text; -1 where nothing is known."""
    same = _codes(inputs.text_sha256)
    is_empty = pc.fill_null(pc.equal(inputs.text_sha256, EMPTY_TEXT_SHA256), fill_value=False)
    empty = np.flatnonzero(np.asarray(is_empty))
    same[empty] = same.max(initial=0) + 1 + _codes(inputs.raw_sha256.take(pa.array(empty)))
    return same


def _codes(column: Array) -> NDArray[np.int64]:
    """A number for each value, the same for the same; -1 for null."""
    whole = column.cast(pa.large_string())
    whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return np.asarray(pc.fill_null(whole.dictionary_encode().indices, NOT_ACCEPTED)).astype(np.int64)


def _by_name(inputs: Inputs, group: Sequence[int], text: str, names: dict[int, Name]) -> list[int]:
    """For each of some inputs with one text, in order of precedence, the first that is not called differently."""
    original_of: dict[Name, int] = {}
    firsts: list[int] = []
    for row in group:
        name = inputs.name(row)
        if name in original_of:
            continue
        others = (one for one in firsts[:MOST_NAMES] if not called_differently(name, names[one], (text, text)))
        original = original_of[name] = next(others, row)
        if original == row:
            firsts.append(row)
            names[row] = name
        names[original] = names[original].completed(name)
    return [original_of[inputs.name(row)] for row in group]
