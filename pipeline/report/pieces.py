"""A document and all that was done to it as a row of pieces, each with the edit that made it and the one that ended it.

Here belongs how the layers of documents are laid into one another: those of many documents at once, since most are
short, and each layer of each would take its own fifty calls of numpy. How pieces are shown belongs in
``templates/script/``, where they are read from in :mod:`pipeline.report.documents`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.code_points import code_points, string

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


class Edits(NamedTuple):
    """The edits of some documents as columns, sorted by document, layer and start.

    `documents` are numbers from 0; `befores` are all characters that were replaced, one after the other.
    """

    documents: NDArray[np.int64]
    layers: NDArray[np.int32]
    starts: NDArray[np.int32]
    before_lengths: NDArray[np.int32]
    after_lengths: NDArray[np.int32]
    befores: str


class Unfit(ValueError):
    """The edits of a document do not lead to its text; `document` is its number."""

    def __init__(self, document: int, message: str) -> None:
        super().__init__(message)
        self.document = document


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
    length = len(text)
    for layer in reversed(layers):
        if length != layer.out_length:
            message = f"the edits lead to a text of {layer.out_length} code points, this one has {length}"
            raise Unfit(0, message)
        length = layer.length
    counts = [len(layer) for layer in layers]
    joined: list[NDArray[np.int32]] = [
        np.concatenate([np.zeros(0, np.int32), *(getattr(layer, name) for layer in layers)])
        for name in ("starts", "before_lengths", "after_lengths")
    ]
    numbers = np.repeat(np.arange(len(layers), dtype=np.int32), counts)
    befores = "".join(layer.befores for layer in layers)
    starts, before_lengths, after_lengths = joined
    edits = Edits(np.zeros(len(numbers), np.int64), numbers, starts, before_lengths, after_lengths, befores)
    (found,) = pieces_of_documents([text], edits)
    return found


def pieces_of_documents(texts: Sequence[str], edits: Edits) -> list[Pieces]:
    """The pieces of some documents, as :func:`pieces_of` gives those of each.

    Raises :class:`Unfit` for the first document whose edits do not lead to its text.
    """
    # Those with most layers come first: whatever is still to be done is at the beginning.
    rank, depths = _ranks(edits, len(texts))
    order = np.argsort(-depths, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    ends = np.cumsum([len(texts[number]) for number in order.tolist()])
    state = _State(code_points("".join(texts[number] for number in order.tolist())), ends)
    steps = _Steps(edits, place, len(texts))
    done: list[_State] = []
    for depth in range(int(depths.max(initial=0))):
        state, rest = state.parted(int(np.count_nonzero(depths > depth)))
        done.append(rest)
        state = steps.undone(state, np.flatnonzero(rank == depth))
    rows: list[Pieces] = []
    for one in (state, *reversed(done)):
        rows += one.pieces()
    return [rows[number] for number in place.tolist()]


def _ranks(edits: Edits, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each edit the number of its layer, counted from the last one of its document; and how many each has."""
    is_first = np.diff(edits.documents, prepend=-1) != 0
    number = np.cumsum(is_first | (np.diff(edits.layers, prepend=-1) != 0))
    lasts = np.zeros(count, np.int64)
    np.maximum.at(lasts, edits.documents, number)
    firsts = np.zeros(count, np.int64)
    firsts[edits.documents[is_first]] = number[is_first]
    return lasts[edits.documents] - number, np.where(lasts > 0, lasts - firsts + 1, 0)


class _State(NamedTuple):
    """The pieces of some documents so far, character by character; `ends` is where those of each document end."""

    points: NDArray[np.uint32]
    ends: NDArray[np.int64]
    born: NDArray[np.int32] | None = None
    ended: NDArray[np.int32] | None = None

    def parted(self, count: int) -> tuple[_State, _State]:
        """The first documents, and the others."""
        born, ended = self.fates()
        at = int(self.ends[count - 1]) if count else 0
        first = _State(self.points[:at], self.ends[:count], born[:at], ended[:at])
        return first, _State(self.points[at:], self.ends[count:] - at, born[at:], ended[at:])

    def fates(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """For each character the edit that put it there, and the one that took it out."""
        if self.born is not None and self.ended is not None:
            return self.born, self.ended
        nobody = np.full(len(self.points), NOBODY, np.int32)
        return nobody, nobody.copy()

    def pieces(self) -> list[Pieces]:
        """The pieces; what an edit replaced stands together before what it put there, if nothing else is between."""
        born, ended = self.fates()
        if not len(self.ends):
            return []
        points, starts = self.points, np.append(0, self.ends[:-1])
        edit = np.where(born == NOBODY, ended, born)
        is_new = np.diff(edit, prepend=NOBODY) != 0
        is_new[starts[starts < len(edit)]] = True
        # What an edit took out and what it put there stand in no text together: their order is free.
        of_edits = np.flatnonzero(edit != NOBODY)
        inner = np.lexsort((born[of_edits] != NOBODY, np.cumsum(is_new)[of_edits]))
        order = np.arange(len(edit))
        order[of_edits] = of_edits[inner]
        points, born, ended = points[order], born[order], ended[order]
        is_first = (np.diff(born, prepend=-2) != 0) | (np.diff(ended, prepend=-2) != 0)
        is_first[starts[starts < len(edit)]] = True
        firsts = np.flatnonzero(is_first)
        text, bounds = string(points), pairwise([*firsts.tolist(), len(points)])
        texts = [text[start:end] for start, end in bounds]
        births, ends = born[firsts].tolist(), ended[firsts].tolist()
        cuts = pairwise([0, *np.searchsorted(firsts, self.ends).tolist()])
        return [Pieces(texts[first:last], births[first:last], ends[first:last]) for first, last in cuts]


class _Steps:
    """The layers of some documents, which are taken back one by one, in each document at once."""

    def __init__(self, edits: Edits, place: NDArray[np.int64], count: int) -> None:
        self._edits, self._place = edits, place
        firsts = np.searchsorted(edits.documents, np.arange(count))
        self._seqs = (np.arange(len(edits.documents)) - firsts[edits.documents]).astype(np.int32)
        self._befores = code_points(edits.befores)
        self._ends = np.cumsum(edits.before_lengths, dtype=np.int64)

    def undone(self, state: _State, rows: NDArray[np.int64]) -> _State:
        """The state with one layer of each of its documents taken back, whose edits are those `rows`."""
        rows = rows[np.argsort(self._place[self._edits.documents[rows]], kind="stable")]
        document = self._place[self._edits.documents[rows]]
        seqs, befores, afters = self._seqs[rows], self._edits.before_lengths[rows], self._edits.after_lengths[rows]
        born, ended = state.fates()
        # What was born of this layer or a later one is dealt with; all the rest is the text after this layer.
        there = np.flatnonzero(born == NOBODY)
        text_ends = np.searchsorted(there, state.ends)
        lengths = np.diff(text_ends, prepend=0)
        out_starts = self._out_starts(rows, document)
        self._check(rows, document, out_starts, lengths)
        out_starts += (text_ends - lengths)[document]
        born[there[_within(out_starts, afters)]] = seqs.repeat(afters)
        # For each character that was taken out, the one in the text after it that it stood before.
        within, is_even = _within(out_starts, befores), (befores == afters).repeat(befores)
        before = np.where(is_even, within, out_starts.repeat(befores))
        of_document = document.repeat(befores)
        at_end = before >= text_ends[of_document]
        places = np.where(at_end, state.ends[of_document], np.append(there, 0)[np.where(at_end, 0, before)])
        fresh = np.zeros(len(born) + len(places), np.bool_)
        fresh[places + np.arange(len(places))] = True
        kept = ~fresh
        points = np.empty(len(fresh), np.uint32)
        all_born, all_ended = np.empty(len(fresh), np.int32), np.empty(len(fresh), np.int32)
        points[kept], all_born[kept], all_ended[kept] = state.points, born, ended
        points[fresh] = self._befores[_within(self._ends[rows] - befores, befores)]
        all_born[fresh], all_ended[fresh] = NOBODY, seqs.repeat(befores)
        grown = np.cumsum(np.bincount(of_document, minlength=len(state.ends)))
        return _State(points, state.ends + grown, all_born, all_ended)

    def _out_starts(self, rows: NDArray[np.int64], document: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where each edit starts in the text after its layer."""
        growth = (self._edits.after_lengths[rows] - self._edits.before_lengths[rows]).astype(np.int64)
        grown = np.cumsum(growth) - growth
        firsts = np.searchsorted(document, document)
        found: NDArray[np.int64] = self._edits.starts[rows] + grown - grown[firsts]
        return found

    def _check(
        self,
        rows: NDArray[np.int64],
        document: NDArray[np.int64],
        out_starts: NDArray[np.int64],
        lengths: NDArray[np.int64],
    ) -> None:
        """See that the edits stand in the text, one behind the other."""
        ends = out_starts + self._edits.after_lengths[rows]
        is_first = np.diff(document, prepend=-1) != 0
        wrong = (out_starts < np.where(is_first, 0, np.append(0, ends[:-1]))) | (ends > lengths[document])
        if wrong.any():
            where = int(np.flatnonzero(wrong)[0])
            number = int(self._edits.documents[rows[where]])
            message = f"an edit ends at code point {ends[where]} of a text of {lengths[document[where]]}"
            raise Unfit(number, message)


def _within(starts: NDArray[np.int64], lengths: NDArray[np.int32]) -> NDArray[np.int64]:
    """Every position within the stretches, stretch by stretch."""
    ends = np.cumsum(lengths, dtype=np.int64)
    found: NDArray[np.int64] = (starts - ends + lengths).repeat(lengths) + np.arange(ends[-1] if len(ends) else 0)
    return found
