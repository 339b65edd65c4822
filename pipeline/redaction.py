"""Which characters of the account are masked, because they hold personal data.

Redaction is a property of characters: the spans of the decoded raw text are carried forward through every layer, and
each character that an edit took away from there or put there is masked, whatever the edit was made for. Here belongs
that; what personal data is belongs in :mod:`pipeline.steps.personal_data`.
"""

from __future__ import annotations

import bisect
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.code_points import code_points, covered, positions_within, string

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from pipeline.edits import Layer, Span

MASK = "\N{FULL BLOCK}"

MASKING_RULES = "personal."
"""How rules begin that put a typed token, such as [EMAIL], in the place of personal data; it gives nothing away."""

SHORTEST_SECRET = 5
"""A shorter piece of personal data is masked in the account, and not looked for in the metadata."""

_TELLING = 32
"""So many characters tell a piece of personal data from every other."""

_FEW_WORDS = 16
"""Up to so many are looked for one after the other before every place of a value is looked at."""


class Redacted(NamedTuple):
    """A layer with its masks: as long as it was, and which of its edits have one."""

    layer: Layer
    redacted: NDArray[np.bool_]


def redact(layers: Iterable[Layer], spans: Sequence[Span]) -> list[Redacted]:
    """The layers of a document with masks for the characters that stem from `spans` of the text before the first.

    >>> from pipeline.edits import Edit, Layer
    >>> raw = "邮箱：ａ@b.cn。"
    >>> half = Layer.of(raw, [Edit(3, "ａ", "a", "width.folded")])
    >>> token = Layer.of(half.apply(raw), [Edit(3, "a@b.cn", "[EMAIL]", "personal.email")])
    >>> for layer, flags in redact([half, token], [(3, 9)]):
    ...     print(layer.befores, layer.afters, flags)
    █ █ [ True]
    ██████ [EMAIL] [ True]

    A mask is as long as what it hides, so positions stay as they are and the layers can be undone. Where an edit of
    unequal length touches a span, all that it put there counts as personal. Characters that no edit ever touches are in
    no layer, masked or not: the text itself must not have them.
    """
    result = []
    hidden: NDArray[np.bool_] | None = None
    for layer in layers:
        hidden = _marked(layer.length, spans) if hidden is None else hidden
        befores, here = _masked(layer.befores, layer.starts, layer.before_lengths, hidden)
        hidden = _followed(layer, hidden, here)
        afters, there = _masked(layer.afters, layer.out_starts, layer.after_lengths, hidden)
        redacted = here | there
        masked = replace(layer, befores=befores, afters=afters, known=None) if redacted.any() else layer
        result.append(Redacted(masked, redacted))
    return result


class Words:
    """Pieces of personal data that are masked wherever they stand, in time that does not grow with their number.

    >>> words = Words(["a@b.cn", "13900000000"])
    >>> words.masked("甲 a@b.cn，乙"), len(words)
    ('甲 ██████，乙', 2)

    Each has :data:`SHORTEST_SECRET` characters at least; of those with more than :data:`_TELLING`, which begin with the
    same ones, the longest counts.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._lengths: dict[str, int] = {}
        for word in words:
            begin = word[:_TELLING]
            self._lengths[begin] = max(len(word), self._lengths.get(begin, 0))
        lengths: dict[str, set[int]] = {}
        for begin in self._lengths:
            lengths.setdefault(begin[:SHORTEST_SECRET], set()).add(len(begin))
        self._beginning = {begin: sorted(found, reverse=True) for begin, found in lengths.items()}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._lengths)

    def masked(self, value: str) -> str:
        """A value with masks for every one that stands in it."""
        if len(self) <= _FEW_WORDS and not any(begin in value for begin in self._lengths):
            return value
        spans = []
        for at in range(len(value) - SHORTEST_SECRET + 1):
            for length in self._beginning.get(value[at : at + SHORTEST_SECRET], ()):
                if stop := self._lengths.get(value[at : at + length]):
                    spans.append((at, at + stop))
                    break
        return masked(value, 0, spans)


def masked(text: str, at: int, spans: Iterable[Span]) -> str:
    """A stretch of the text before the first layer, which stands there from `at` on, with masks for what is in `spans`.

    >>> masked("邮箱：a@b.cn。", 10, [(13, 19), (40, 50)])
    '邮箱：██████。'
    """
    parts, last = [], 0
    for start, end in merged((max(0, start - at), min(len(text), end - at)) for start, end in spans):
        parts += [text[last:start], MASK * (end - start)]
        last = end
    return "".join([*parts, text[last:]])


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as sorted spans that neither touch nor are empty.

    >>> merged([(5, 7), (1, 3), (3, 4), (9, 9)])
    [(1, 4), (5, 7)]
    """
    result: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def within(spans: Sequence[Span], stretch: Span) -> Sequence[Span]:
    """Those of the sorted spans that share a character with a stretch.

    >>> within([(1, 3), (5, 7), (9, 11)], (2, 9))
    [(1, 3), (5, 7)]
    """
    start, end = stretch
    first = bisect.bisect_right(spans, start, key=itemgetter(1))
    return spans[first : bisect.bisect_left(spans, end, key=itemgetter(0))]


def _marked(length: int, spans: Iterable[Span]) -> NDArray[np.bool_]:
    """Which characters of a text lie in a span."""
    sorted_spans = np.array(merged(spans), np.int32).reshape(-1, 2)
    return covered(length, sorted_spans[:, 0], sorted_spans[:, 1] - sorted_spans[:, 0])


def _followed(layer: Layer, hidden: NDArray[np.bool_], touched: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which characters of the text after a layer stem from hidden ones of the text before.

    Of an edit of unequal length all do that it put there, if it is one that is `touched`, and of an insertion, where it
    stands between two hidden characters; of a token none does.
    """
    starts, lengths = layer.starts, layer.before_lengths
    tokens = np.array([rule.startswith(MASKING_RULES) for rule in layer.rules], np.bool_)[layer.rule_codes]
    bordered = np.concatenate(([False], hidden, [False]))
    between = (lengths == 0) & bordered[starts] & bordered[starts + 1]
    follows = (between | (touched & ~tokens)).repeat(layer.after_lengths)
    aligned = (lengths == layer.after_lengths) & ~tokens
    follows[aligned.repeat(layer.after_lengths)] = hidden[positions_within(starts[aligned], lengths[aligned])]
    after = np.zeros(layer.out_length, np.bool_)
    inserted = covered(layer.out_length, layer.out_starts, layer.after_lengths)
    after[~inserted] = hidden[~covered(layer.length, starts, lengths)]
    after[inserted] = follows
    return after


def _masked(
    joined: str, starts: NDArray[np.int32], lengths: NDArray[np.int32], hidden: NDArray[np.bool_]
) -> tuple[str, NDArray[np.bool_]]:
    """The characters of some stretches with masks for the hidden ones, and which stretches have such."""
    inside = hidden[positions_within(starts, lengths)]
    touched = np.zeros(len(starts), np.bool_)
    if not inside.any():
        return joined, touched
    touched[np.arange(len(starts)).repeat(lengths)[inside]] = True
    points = code_points(joined).copy()
    points[inside] = ord(MASK)
    return string(points), touched
