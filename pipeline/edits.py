"""The account of a change: edits, and the layer that one step's edits make.

Here belongs what an edit is, how a layer of edits is applied, undone and traced. What to edit is decided by the steps,
and new text is made nowhere but in :mod:`pipeline.text`, which calls :meth:`Layer.apply`.

All positions are code points of the text named; a span is ``(start, end)``, end-exclusive.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from pipeline.code_points import code_points, covered, in_one_width, positions_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pipeline.code_points import Int32s

Span: TypeAlias = tuple[int, int]


class StaleEdit(ValueError):
    """An edit was applied to, or undone on, a text that it was not made on."""


class Edit(NamedTuple):
    """Replace `before`, found at code point `start` of the text it was made on, with `after`.

    >>> Edit(2, "(yè)", "", "pinyin.artifact").end
    6
    """

    start: int
    before: str
    after: str
    rule: str

    @property
    def end(self) -> int:
        """The code point after the last one replaced."""
        return self.start + len(self.before)


@dataclass(frozen=True, eq=False)
class Layer:
    """One step's edits on one text: sorted, disjoint, held as columns.

    >>> layer = Layer.of("企業(yè)", [Edit(2, "(yè)", "", "pinyin.artifact")])
    >>> layer.apply("企業(yè)"), layer.undo("企業")
    ('企業', '企業(yè)')

    A dense layer (script conversion touches every third character) is five arrays and two strings, not one object for
    each edit; iterating makes the :class:`Edit` objects when somebody wants to look.

    `length` is the number of code points of the text before; `starts` count in that text. `known` holds the text before
    and the one after, where both were at hand when the edits were made.
    """

    length: int
    starts: Int32s
    before_lengths: Int32s
    after_lengths: Int32s
    befores: str
    afters: str
    rule_codes: NDArray[np.int16]
    rules: tuple[str, ...]
    known: tuple[str, str] | None = None

    @classmethod
    def of(cls, text: str, edits: Iterable[Edit]) -> Layer:
        """The layer of these edits on `text`; edits that change nothing are left out.

        >>> [edit.after for edit in Layer.of("a,b", [Edit(1, ",", "，", "x.y"), Edit(2, "b", "b", "x.z")])]
        ['，']

        Raises :class:`StaleEdit` where an edit does not stand in `text` or two of them overlap.
        """
        chosen = sorted(edit for edit in edits if edit.before != edit.after)
        last = 0
        for edit in chosen:
            if text[edit.start : edit.start + len(edit.before)] != edit.before or edit.start < 0:
                found = text[edit.start : edit.start + len(edit.before)]
                message = f"{edit.rule!r} expected {edit.before!r} at {edit.start}, found {found!r}"
                raise StaleEdit(message)
            if edit.start < last:
                message = f"{edit.rule!r} at {edit.start} overlaps the edit before it, which ends at {last}"
                raise StaleEdit(message)
            last = edit.start + len(edit.before)
        return cls.of_columns(
            text,
            [edit.start for edit in chosen],
            [len(edit.before) for edit in chosen],
            [edit.after for edit in chosen],
            [edit.rule for edit in chosen],
        )

    @classmethod
    def of_columns(
        cls,
        text: str,
        starts: Sequence[int],
        before_lengths: Sequence[int],
        afters: Sequence[str],
        rules: Sequence[str] | str,
    ) -> Layer:
        """The layer of edits given as columns, sorted and disjoint already; one rule for all, or one each.

        >>> Layer.of_columns("a b", [1], [1], [""], "space.example").apply("a b")
        'ab'
        """
        count = len(starts)
        if isinstance(rules, str):
            names: tuple[str, ...] = (rules,) if count else ()
            codes = np.zeros(count, np.int16)
        else:
            names = tuple(dict.fromkeys(rules))
            code_of = {name: code for code, name in enumerate(names)}
            codes = np.array([code_of[rule] for rule in rules], np.int16)
        befores: list[str] = []
        pieces: list[str] = []
        last = 0
        for start, length, after in zip(starts, before_lengths, afters, strict=True):
            pieces += text[last:start], after
            last = start + length
            befores.append(text[start:last])
        pieces.append(text[last:])
        return cls(
            length=len(text),
            starts=np.array(starts, np.int32),
            before_lengths=np.array(before_lengths, np.int32),
            after_lengths=np.array([len(after) for after in afters], np.int32),
            befores="".join(befores),
            afters="".join(afters),
            rule_codes=codes,
            rules=names,
            known=(text, "".join(pieces)),
        )

    @classmethod
    def without(cls, text: str, character: str, rule: str) -> Layer:
        r"""The layer that deletes a character wherever it stands.

        >>> Layer.without("a\r\nb\r\n", "\r", "line.crlf").apply("a\r\nb\r\n")
        'a\nb\n'

        A Windows text has a carriage return in each line: no object is made for each.
        """
        starts = np.flatnonzero(code_points(text, narrow=True) == ord(character)).astype(np.int32)
        return cls(
            length=len(text),
            starts=starts,
            before_lengths=np.ones_like(starts),
            after_lengths=np.zeros_like(starts),
            befores=character * len(starts),
            afters="",
            rule_codes=np.zeros(len(starts), np.int16),
            rules=(rule,) if len(starts) else (),
            known=(text, text.replace(character, "")),
        )

    def on(self, text: str) -> Layer:
        """The same edits on another text, which has as many code points: they replace what stands there.

        >>> list(Layer.of("标题：甲", [Edit(0, "标题：", "", "field.title")]).on("標題：甲"))
        [Edit(start=0, before='標題：', after='', rule='field.title')]

        Raises :class:`StaleEdit` where it has more or fewer.
        """
        if len(text) != self.length:
            message = f"the edits were made on a text of {self.length} code points, this one has {len(text)}"
            raise StaleEdit(message)
        stretches = zip(self.starts.tolist(), self.before_lengths.tolist(), strict=True)
        befores = "".join([text[start : start + length] for start, length in stretches])
        return dataclasses.replace(self, befores=befores, known=None)

    def __len__(self) -> int:
        """How many edits there are."""
        return len(self.starts)

    def __iter__(self) -> Iterator[Edit]:
        """The edits, in the order of the text."""
        at = to = 0
        rows = zip(self.starts.tolist(), self.before_lengths.tolist(), self.after_lengths.tolist(), strict=True)
        for (start, before, after), code in zip(rows, self.rule_codes.tolist(), strict=True):
            yield Edit(start, self.befores[at : at + before], self.afters[to : to + after], self.rules[code])
            at, to = at + before, to + after

    @cached_property
    def out_starts(self) -> Int32s:
        """Where each edit starts in the text after."""
        if self.is_aligned:
            return self.starts
        grown = (self.after_lengths - self.before_lengths).cumsum(dtype=np.int32)
        out_starts = self.starts.copy()
        out_starts[1:] += grown[:-1]
        return out_starts

    @cached_property
    def is_aligned(self) -> bool:
        """True where each edit is as long as what it replaces, so that no position moves."""
        return bool((self.before_lengths == self.after_lengths).all())

    @property
    def out_length(self) -> int:
        """The number of code points of the text after."""
        return self.length + len(self.afters) - len(self.befores)

    def apply(self, text: str) -> str:
        """The text after these edits.

        Raises :class:`StaleEdit` where `text` is not the one that they were made on.
        """
        if self.known is not None and self.known[0] is text:
            return self.known[1]
        return _spliced(
            text, self.length, self.starts, self.before_lengths, self.befores, self.after_lengths, self.afters
        )

    def undo(self, text: str) -> str:
        """The text before these edits, from the one after them.

        Raises :class:`StaleEdit` where `text` is not the one that they led to.
        """
        return _spliced(
            text, self.out_length, self.out_starts, self.after_lengths, self.afters, self.before_lengths, self.befores
        )

    def origin(self, span: Span) -> Span:
        """Where a span of the text after came from in the text before: the tightest span that holds it.

        >>> Layer.of("企業(yè)家", [Edit(2, "(yè)", "", "pinyin.artifact")]).origin((1, 3))
        (1, 7)

        Within an edit of equal length position i comes from position i; within any other there is no finer answer than
        the whole edit. What was deleted at the very border of the span stays outside.
        """
        return _mapped(span, self.out_starts, self.after_lengths, self.starts, self.before_lengths)

    def onward(self, span: Span) -> Span:
        """Where a span of the text before went to in the text after; an empty span where it is gone.

        >>> Layer.of("企業(yè)家", [Edit(2, "(yè)", "", "pinyin.artifact")]).onward((1, 7))
        (1, 3)
        """
        return _mapped(span, self.starts, self.before_lengths, self.out_starts, self.after_lengths)

    def all_onward(self, spans: Int32s) -> Int32s:
        """The same for many spans at once, one in each row.

        >>> layer = Layer.of("企業(yè)家", [Edit(2, "(yè)", "", "pinyin.artifact")])
        >>> layer.all_onward(np.array([[1, 7], [2, 6]])).tolist()
        [[1, 3], [2, 2]]
        """
        # An edit that changes nothing stands before the first, so that every place has one that holds or precedes it.
        from_starts, from_lengths, to_starts, to_lengths = (
            np.concatenate(([0], one))
            for one in (self.starts, self.before_lengths, self.out_starts, self.after_lengths)
        )
        starts, ends = spans.T
        i = self.starts.searchsorted(starts, side="right")
        offset = starts - from_starts[i]
        stays = np.where(from_lengths[i] == to_lengths[i], offset, 0)
        behind = to_lengths[i] + offset - from_lengths[i]
        new_starts = to_starts[i] + np.where(offset < from_lengths[i], stays, behind)
        j = self.starts.searchsorted(ends, side="left")
        offset = ends - from_starts[j]
        stays = np.where(from_lengths[j] == to_lengths[j], offset, to_lengths[j])
        behind = to_lengths[j] + offset - from_lengths[j]
        new_ends = to_starts[j] + np.where(offset < from_lengths[j], stays, behind)
        return np.stack((new_starts, np.maximum(new_starts, new_ends)), axis=1)


def _spliced(
    text: str, length: int, starts: Int32s, gone_lengths: Int32s, gone: str, new_lengths: Int32s, new: str
) -> str:
    if len(text) != length:
        message = f"the edits were made on a text of {length} code points, this one has {len(text)}"
        raise StaleEdit(message)
    if not len(starts):
        return text
    if len(starts) > _FEW and len(gone) == len(new) and (gone_lengths == new_lengths).all():
        return _overwritten(text, starts, gone_lengths, gone, new)
    if len(starts) > _FEW and not new:
        return _without(text, starts, gone_lengths, gone)
    begins, ends = starts.tolist(), (starts + gone_lengths).tolist()
    if "".join([text[b:e] for b, e in zip(begins, ends, strict=True)]) != gone:
        message = "the text is not the one that the edits were made on: what they replace is not there"
        raise StaleEdit(message)
    kept = [text[end:begin] for end, begin in zip([0, *ends], [*begins, length], strict=True)]
    stops = new_lengths.cumsum().tolist()
    parts = [""] * (2 * len(begins) + 1)
    parts[::2] = kept
    parts[1::2] = [new[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]
    return "".join(parts)


_FEW = 48
"""Up to so many edits are spliced in Python: below it numpy's calls cost more than the slices that they save."""


def _overwritten(text: str, starts: Int32s, lengths: Int32s, gone: str, new: str) -> str:
    """Splice edits of equal length: a dense script conversion without a Python object for each edit."""
    (points, there, instead), codec = in_one_width(text, gone, new)
    inside = positions_within(starts, lengths)
    if not np.array_equal(points.take(inside), there):
        message = "the text is not the one that the edits were made on: what they replace is not there"
        raise StaleEdit(message)
    points = points.copy()
    points[inside] = instead
    return points.tobytes().decode(codec, "surrogatepass")


def _without(text: str, starts: Int32s, lengths: Int32s, gone: str) -> str:
    """Splice edits that only delete: the blank lines of a long text without a Python object for each."""
    (points, there), codec = in_one_width(text, gone)
    if not np.array_equal(points.take(positions_within(starts, lengths)), there):
        message = "the text is not the one that the edits were made on: what they replace is not there"
        raise StaleEdit(message)
    return points[~covered(len(points), starts, lengths)].tobytes().decode(codec, "surrogatepass")


def _mapped(span: Span, from_starts: Int32s, from_lengths: Int32s, to_starts: Int32s, to_lengths: Int32s) -> Span:
    """Map a span across the edits, from the side where they start at `from_starts` to the other."""
    start, end = span
    if not len(from_starts):
        return span
    # The edit that holds or precedes each end. For the start, one that ends at it lies before the span; for the end,
    # one that starts at it lies behind the span.
    # Of the type of the array: for another number, numpy copies all of it.
    i = int(from_starts.searchsorted(np.int32(start), side="right")) - 1
    if i < 0:
        new_start = start
    else:
        offset = start - int(from_starts[i])
        if offset < from_lengths[i]:
            same = from_lengths[i] == to_lengths[i]
            new_start = int(to_starts[i]) + (offset if same else 0)
        else:
            new_start = int(to_starts[i] + to_lengths[i]) + offset - int(from_lengths[i])
    j = int(from_starts.searchsorted(np.int32(end), side="left")) - 1
    if j < 0:
        new_end = end
    else:
        offset = end - int(from_starts[j])
        if offset < from_lengths[j]:
            same = from_lengths[j] == to_lengths[j]
            new_end = int(to_starts[j]) + (offset if same else int(to_lengths[j]))
        else:
            new_end = int(to_starts[j] + to_lengths[j]) + offset - int(from_lengths[j])
    return new_start, max(new_start, new_end)
