"""The account of a change: edits, and the layer that one step's edits make.

Here belongs what an edit is, how a layer of edits is applied, undone and traced. What to edit is decided by the steps,
and new text is made nowhere but in :mod:`pipeline.text`, which calls :meth:`Layer.apply`.

All positions are code points of the text named; a span is ``(start, end)``, end-exclusive.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

Int32s: TypeAlias = "NDArray[np.int32]"
Span: TypeAlias = tuple[int, int]

HAN_RUN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
"""A run of Han: unified ideographs with their extensions, and the three marks 々〆〇 that stand among them."""


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
    and the one after, where the edits were read off the two.
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
        return cls(
            length=len(text),
            starts=np.array(starts, np.int32),
            before_lengths=np.array(before_lengths, np.int32),
            after_lengths=np.array([len(after) for after in afters], np.int32),
            befores="".join([text[s : s + n] for s, n in zip(starts, before_lengths, strict=True)]),
            afters="".join(afters),
            rule_codes=codes,
            rules=names,
        )

    @classmethod
    def of_deletions(cls, text: str, spans: NDArray[Any], codes: NDArray[Any], rules: Sequence[str]) -> Layer:
        """The layer that deletes these spans, sorted and disjoint already, each by the rule of its code.

        >>> Layer.of_deletions("a b c", np.array([[1, 2], [3, 4]]), np.array([0, 0]), ("space.example",)).apply("a b c")
        'abc'
        """
        used = np.flatnonzero(np.bincount(codes, minlength=len(rules)))
        starts = spans[:, 0].astype(np.int32)
        lengths = spans[:, 1].astype(np.int32) - starts
        (points,), codec = _in_one_width(text)
        gone = _positions(starts, lengths)
        kept = np.ones(len(text), np.bool_)
        kept[gone] = False
        return cls(
            length=len(text),
            starts=starts,
            before_lengths=lengths,
            after_lengths=np.zeros(len(starts), np.int32),
            befores=points.take(gone).tobytes().decode(codec, "surrogatepass"),
            afters="",
            rule_codes=used.searchsorted(codes).astype(np.int16),
            rules=tuple(rules[code] for code in used.tolist()),
            known=(text, points[kept].tobytes().decode(codec, "surrogatepass")),
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
    (points, there, instead), codec = _in_one_width(text, gone, new)
    inside = _positions(starts, lengths)
    if not np.array_equal(points.take(inside), there):
        message = "the text is not the one that the edits were made on: what they replace is not there"
        raise StaleEdit(message)
    points = points.copy()
    points[inside] = instead
    return points.tobytes().decode(codec, "surrogatepass")


def _without(text: str, starts: Int32s, lengths: Int32s, gone: str) -> str:
    """Splice edits that only delete: the blank lines of a long text without a Python object for each."""
    (points, there), codec = _in_one_width(text, gone)
    if not np.array_equal(points.take(_positions(starts, lengths)), there):
        message = "the text is not the one that the edits were made on: what they replace is not there"
        raise StaleEdit(message)
    return points[~covered(len(points), starts, lengths)].tobytes().decode(codec, "surrogatepass")


def _in_one_width(*texts: str) -> tuple[list[NDArray[Any]], str]:
    """The code points of each text, two bytes wide where that is enough for all, and the codec that reads them."""
    for codec, width in (("utf-16-le", "<u2"), ("utf-32-le", "<u4")):
        raws = [text.encode(codec, "surrogatepass") for text in texts]
        points = [np.frombuffer(raw, width) for raw in raws]
        if sum(map(len, points)) == sum(map(len, texts)):
            break
    return points, codec


def code_points(text: str, *, narrow: bool = False) -> NDArray[Any]:
    """The code points of a text as an array, read-only; with `narrow`, two bytes wide where that is enough for all.

    >>> code_points("甲a").tolist()
    [30002, 97]
    """
    if narrow:
        (points,), _ = _in_one_width(text)
        return points
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def is_space(points: NDArray[Any]) -> NDArray[np.bool_]:
    r"""Which code points are white space, as `str.isspace` has it.

    >>> is_space(code_points("甲　\n")).tolist()
    [False, True, True]
    """
    spaces: NDArray[np.bool_] = _space_table().take(points, mode="clip")  # the last one of the table is none
    return spaces


@functools.cache
def _space_table() -> NDArray[np.bool_]:
    return np.array([chr(point).isspace() for point in range(0x10000)])


def string(points: NDArray[np.uint32]) -> str:
    """The text of an array of code points."""
    return points.tobytes().decode("utf-32-le", "surrogatepass")


def _positions(starts: Int32s, lengths: Int32s) -> Int32s:
    """Every position within the stretches, stretch by stretch."""
    ends = lengths.cumsum(dtype=np.int32)
    positions: Int32s = (starts - ends + lengths).repeat(lengths)
    positions += np.arange(len(positions), dtype=np.int32)
    return positions


def covered(length: int, starts: Int32s, lengths: Int32s) -> NDArray[np.bool_]:
    """Which positions of a text lie within the stretches; these are sorted and disjoint."""
    steps = np.zeros(length + 1, np.int8)
    ends = starts + lengths
    if not lengths.all():
        starts, ends = starts[lengths > 0], ends[lengths > 0]
    touching = starts[1:] == ends[:-1]
    steps[ends] = -1
    steps[starts] = 1
    steps[starts[1:][touching]] = 0
    return steps[:-1].cumsum(dtype=np.int8).view(np.bool_)


def _mapped(span: Span, from_starts: Int32s, from_lengths: Int32s, to_starts: Int32s, to_lengths: Int32s) -> Span:
    """Map a span across the edits, from the side where they start at `from_starts` to the other."""
    start, end = span
    if not len(from_starts):
        return span
    # The edit that holds or precedes each end. For the start, one that ends at it lies before the span; for the end,
    # one that starts at it lies behind the span.
    i = int(from_starts.searchsorted(start, side="right")) - 1
    if i < 0:
        new_start = start
    else:
        offset = start - int(from_starts[i])
        if offset < from_lengths[i]:
            same = from_lengths[i] == to_lengths[i]
            new_start = int(to_starts[i]) + (offset if same else 0)
        else:
            new_start = int(to_starts[i] + to_lengths[i]) + offset - int(from_lengths[i])
    j = int(from_starts.searchsorted(end, side="left")) - 1
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


def rewriting(text: str, convert: Callable[[str], str], rule: str, *, unit: re.Pattern[str] = HAN_RUN) -> Layer:
    """The edits that an opaque converter amounts to.

    >>> def simplify(text: str) -> str:
    ...     return text.replace("業", "业").replace("發", "发")
    >>> list(rewriting("企業 發展，企業", simplify, "script.t2s"))
    [Edit(start=1, before='業', after='业', rule='script.t2s'), \
Edit(start=3, before='發', after='发', rule='script.t2s'), Edit(start=7, before='業', after='业', rule='script.t2s')]

    The text is converted whole, and once more unit by unit (runs of Han, joined by line feeds); where the units put
    together are not the whole, they are widened to lines, and then to the text. Within a unit, the difference is
    narrowed to what lies between the common beginning and the common end, so a unit of equal length keeps its
    positions.

    `convert` must leave line feeds where they are; `unit` must match none.
    """
    whole = convert(text)
    if whole == text:
        return Layer.of_columns(text, [], [], [], rule)
    for pattern in (unit, _LINE):
        spans = [match.span() for match in pattern.finditer(text)]
        units = [text[start:end] for start, end in spans]
        parts = convert("\n".join(units)).split("\n")
        if len(parts) == len(units) and _with_parts(text, spans, parts) == whole:
            break
    else:
        spans, units, parts = [(0, len(text))], [text], [whole]
    starts, lengths, afters = [], [], []
    for (start, _), before, after in zip(spans, units, parts, strict=True):
        if before != after:
            head, tail = _common_ends(before, after)
            starts.append(start + head)
            lengths.append(len(before) - head - tail)
            afters.append(after[head : len(after) - tail])
    return Layer.of_columns(text, starts, lengths, afters, rule)


_LINE = re.compile("[^\n]+")


def aligned_rewriting(text: str, whole: str, rule: str) -> Layer:
    """The edits of a converter that gives one code point for each, so that position i comes from position i.

    >>> layer = aligned_rewriting("企業發展，發達", "企业发展，发达", "script.t2s")
    >>> [(edit.start, edit.before, edit.after) for edit in layer]
    [(1, '業發', '业发'), (5, '發達', '发达')]

    The differences within one run of Han are one edit, from the first to the last.

    Raises ValueError where the two texts have not the same length.
    """
    (before, after), codec = _in_one_width(text, whole)
    if len(before) != len(after):
        message = f"an aligned rewriting keeps the length: {len(before)} code points became {len(after)}"
        raise ValueError(message)
    places = np.flatnonzero(before != after)
    if not len(places):
        return Layer.of_columns(text, [], [], [], rule)
    run_of = np.cumsum(~_is_han(before), dtype=np.int32).take(places)
    borders = np.flatnonzero(run_of[1:] != run_of[:-1])
    starts: Int32s = places.take(np.concatenate(([0], borders + 1))).astype(np.int32)
    ends: Int32s = places.take(np.concatenate((borders, [len(places) - 1]))).astype(np.int32) + np.int32(1)
    lengths = ends - starts
    inside = _positions(starts, lengths)
    return Layer(
        length=len(text),
        starts=starts,
        before_lengths=lengths,
        after_lengths=lengths,
        befores=before.take(inside).tobytes().decode(codec, "surrogatepass"),
        afters=after.take(inside).tobytes().decode(codec, "surrogatepass"),
        rule_codes=np.zeros(len(starts), np.int16),
        rules=(rule,),
        known=(text, whole),
    )


def _is_han(points: NDArray[Any]) -> NDArray[np.bool_]:
    """Which code points :data:`HAN_RUN` matches."""
    table = _han_table()
    if points.dtype.itemsize == _NARROW:
        narrow: NDArray[np.bool_] = table.take(points)
        return narrow
    wide: NDArray[np.bool_] = table[np.minimum(points, len(table) - 1)] | (points >= _RARE_HAN)
    return wide


_NARROW = 2
"""Bytes of a code point where a text has none beyond the basic plane."""


_RARE_HAN = 0x20000


@functools.cache
def _han_table() -> NDArray[np.bool_]:
    table = np.zeros(0x10001, np.bool_)
    for run in HAN_RUN.finditer("".join(map(chr, range(0x10000)))):
        table[run.start() : run.end()] = True
    return table


def _with_parts(text: str, spans: Sequence[Span], parts: Sequence[str]) -> str:
    pieces, last = [], 0
    for (start, end), part in zip(spans, parts, strict=True):
        pieces.append(text[last:start])
        pieces.append(part)
        last = end
    pieces.append(text[last:])
    return "".join(pieces)


def _common_ends(a: str, b: str) -> tuple[int, int]:
    """How many code points two different strings share at their beginning and, beyond that, at their end."""
    shorter = min(len(a), len(b))
    head = _shared(a, b, shorter)
    tail = _shared(a[::-1], b[::-1], shorter - head)
    return head, tail


def _shared(a: str, b: str, limit: int) -> int:
    """The length of the common beginning, by bisection over slices: no Python work for each character."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
