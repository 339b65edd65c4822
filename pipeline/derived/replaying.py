"""Whether the edits of a document lead back from its text, and how much of the raw text they threw away.

Here belongs the way back through all layers, by positions and by what stands there. That it ends at the exact raw bytes
is checked by :mod:`pipeline.rebuilding`; what one edit says by itself is looked at in :mod:`pipeline.derived.edits`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from pipeline.code_points import code_points, covered
from pipeline.derived.values import (
    NO_NUMBER,
    codes,
    is_true,
    lengths,
    numbers,
    pc,
    starts_anew,
    strings,
    truths,
)
from pipeline.redaction import MASK

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from pipeline.derived.values import Numbers, Truths

    Points: TypeAlias = NDArray[np.uint32]

_MASK = ord(MASK)

_AROUND = "^(?:html|record|response)\\."
"""Rules that take out what stands around a text and is none of it."""


class Account(NamedTuple):
    """The edits of one document in their order, as columns."""

    layers: Numbers
    starts: Numbers
    befores: Points
    afters: Points
    gone: Numbers
    come: Numbers
    moved: Truths
    around: Truths
    redacted: Truths

    def replays(self, text: str) -> bool:
        """Whether each layer, the last one first, finds in the text what it put there, and can take it back.

        A mask stands for any character, where the document has masks at all.
        """
        points = code_points(text)
        befores, afters = self.befores, self.afters
        wild = bool(self.redacted.any())
        before_ends, after_ends = np.cumsum(self.gone), np.cumsum(self.come)
        bounds = [*np.flatnonzero(starts_anew(self.layers)).tolist(), len(self.layers)]
        for first, last in zip(bounds[-2::-1], bounds[:0:-1], strict=True):
            gone, come, starts = self.gone[first:last], self.come[first:last], self.starts[first:last]
            put = afters[after_ends[first] - come[0] : after_ends[last - 1]]
            taken = befores[before_ends[first] - gone[0] : before_ends[last - 1]]
            out_starts = starts + np.cumsum(come - gone) - (come - gone)
            if not _fit(out_starts, come, len(points)):
                return False
            inside = _inside(len(points), out_starts, come)
            if not _same(points[inside], put, wild=wild):
                return False
            former = np.empty(len(points) - len(put) + len(taken), points.dtype)
            back = _inside(len(former), starts, gone)
            former[back] = taken
            former[~back] = points[~inside]
            points = former
        return True

    def deleted_share(self, char_count: int) -> float:
        """The share of the raw text's code points that no column and no text has any more.

        What something else stands for is not lost, however much shorter it is: 人 for three characters of its bytes.
        What stood around the text was none: tags, the keys of a record.
        """
        raw = char_count + int(np.where(self.around, 0, self.gone - self.come).sum())
        lost = int(np.where(self.moved | self.around | (self.come > 0), 0, self.gone).sum())
        return lost / raw if raw else 0.0


def accounts(edits: pa.Table) -> dict[str, Account]:
    """The edits of each document; a document without edits has none."""
    doc = strings(edits, "doc_id")
    code = codes(doc)
    order = np.argsort(code, kind="stable")
    bounds = [*np.flatnonzero(starts_anew(code[order])).tolist(), len(order)]
    taken = strings(edits, "before"), strings(edits, "after")
    befores, afters = (_points(found.take(order)) for found in taken)
    gone, come = (np.where(found == NO_NUMBER, 0, found)[order] for found in map(lengths, taken))
    layers, starts = numbers(edits, "layer")[order], numbers(edits, "start")[order]
    moved = is_true(pc.is_valid(strings(edits, "moved_to")))[order]
    around = is_true(pc.match_substring_regex(strings(edits, "rule"), _AROUND))[order]
    redacted = truths(edits, "redacted")[order]
    names: list[Any] = doc.take(order[np.array(bounds[:-1], np.int64)]).to_pylist()
    from_before, from_after = (np.concatenate(([0], np.cumsum(sizes))) for sizes in (gone, come))
    return {
        name: Account(
            layers[first:last],
            starts[first:last],
            befores[from_before[first] : from_before[last]],
            afters[from_after[first] : from_after[last]],
            gone[first:last],
            come[first:last],
            moved[first:last],
            around[first:last],
            redacted[first:last],
        )
        for name, (first, last) in zip(names, pairwise(bounds), strict=True)
    }


def _points(found: Any) -> Points:  # noqa: ANN401  the stubs say that any of them may be null
    """The code points of all strings, one behind the other; a null has none."""
    return code_points("".join(pc.fill_null(found, "").to_pylist()))


def _fit(starts: Numbers, sizes: Numbers, length: int) -> bool:
    """Whether the stretches follow one another within a text of this length."""
    ends = starts + sizes
    return bool(starts[0] >= 0 and ends[-1] <= length and (starts[1:] >= ends[:-1]).all())


def _inside(length: int, starts: Numbers, sizes: Numbers) -> NDArray[np.bool_]:
    return covered(length, starts.astype(np.int32), sizes.astype(np.int32))


def _same(there: NDArray[np.uint32], put: NDArray[np.uint32], *, wild: bool) -> bool:
    if len(there) != len(put):
        return False
    same = there == put
    if wild:
        same |= (there == _MASK) | (put == _MASK)
    return bool(same.all())
