"""A document and all that was done to it as a row of pieces, each with the edit that made it and the one that ended it.

Here belongs how the layers of a document are laid into one another. How pieces are shown belongs in
``templates/script/``, where they are read from in :mod:`pipeline.report.documents`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.code_points import code_points, positions_within, string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.edits import Layer

NOBODY = -1
"""In the place of an edit: in `born` of what stood in the raw text, in `ended` of what stands in the published one."""


class Pieces(NamedTuple):
    """The pieces of a document in their order, as columns.

    Each is a stretch of text that one edit put there, or nobody, and that one edit ended, or nobody; edits are named by
    their `seq`.
    """

    texts: list[str]
    born: list[int]
    ended: list[int]

    def raw(self) -> str:
        """The decoded raw text: what nobody put there."""
        return "".join(text for text, born in zip(self.texts, self.born, strict=True) if born == NOBODY)

    def published(self) -> str:
        """The published text: what nobody ended."""
        return "".join(text for text, ended in zip(self.texts, self.ended, strict=True) if ended == NOBODY)


def pieces_of(text: str, layers: Sequence[Layer]) -> Pieces:
    """The pieces of a document whose `layers` lead to `text`.

    >>> from pipeline.edits import Edit, Layer
    >>> pinyin = Layer.of("產(chǎn)業", [Edit(1, "(chǎn)", "", "pinyin.artifact")])
    >>> script = Layer.of("產業", [Edit(0, "產業", "产业", "script.t2s")])
    >>> for piece in zip(*pieces_of("产业", [pinyin, script])):
    ...     print(*piece)
    產 -1 1
    产 1 -1
    (chǎn) -1 0
    業 -1 1
    业 1 -1

    Every character that ever stood in the document is in one piece: nobody put the raw text there, nobody ended the
    published one, and what an edit ended and what was born of it is what it replaced and what it put there. Of an edit
    of equal length position i came from position i, as everywhere (:meth:`pipeline.edits.Layer.origin`). Of any other
    edit it is not said which character became which: all that it replaced stands before all that it put there. Where
    something was put in at a place at which something else had been taken out, the order of the two means nothing.

    Only the published text and what the layers replaced are read: what is masked there is masked here.

    Raises ValueError where the layers do not lead to `text`.
    """
    points = code_points(text)
    born = np.full(len(points), NOBODY, np.int32)
    ended = born.copy()
    first = sum(map(len, layers))
    for layer in reversed(layers):
        first -= len(layer)
        edits = np.arange(first, first + len(layer), dtype=np.int32)
        # What was born of this layer or a later one is dealt with; all the rest is the text after this layer.
        there = np.flatnonzero(born == NOBODY)
        if len(there) != layer.out_length:
            message = f"the edits lead to a text of {layer.out_length} code points, this one has {len(there)}"
            raise ValueError(message)
        born[there[positions_within(layer.out_starts, layer.after_lengths)]] = edits.repeat(layer.after_lengths)
        places = np.append(there, len(points))[_gave_way_to(layer)]
        points = np.insert(points, places, code_points(layer.befores))
        ended = np.insert(ended, places, edits.repeat(layer.before_lengths))
        born = np.insert(born, places, NOBODY)
    return _runs(points, born, ended)


def _gave_way_to(layer: Layer) -> NDArray[np.int32]:
    """For each character that a layer took out, the position in the text after it of the one that it stood before."""
    within = positions_within(layer.out_starts, layer.before_lengths)
    is_even = (layer.before_lengths == layer.after_lengths).repeat(layer.before_lengths)
    return np.where(is_even, within, layer.out_starts.repeat(layer.before_lengths))


def _runs(points: NDArray[np.uint32], born: NDArray[np.int32], ended: NDArray[np.int32]) -> Pieces:
    """The pieces; what an edit replaced stands together before what it put there, as far as nothing else is between."""
    edit = np.where(born == NOBODY, ended, born)
    stretch = np.cumsum(np.diff(edit, prepend=NOBODY) != 0)
    # What an edit took out and what it put there stand in no text together: their order is free.
    order = np.lexsort((born != NOBODY, stretch))
    points, born, ended = points[order], born[order], ended[order]
    is_first = (np.diff(born, prepend=-2) != 0) | (np.diff(ended, prepend=-2) != 0)
    firsts = np.flatnonzero(is_first)
    text, bounds = string(points), pairwise([*firsts.tolist(), len(points)])
    return Pieces([text[start:end] for start, end in bounds], born[firsts].tolist(), ended[firsts].tolist())
