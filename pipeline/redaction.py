"""Which characters of the account are masked, because they hold personal data.

Redaction is a property of characters: the spans of the decoded raw text are carried forward through every layer, and
each character that an edit took away from there or put there is masked, whatever the edit was made for. Here belongs
that; what personal data is belongs in :mod:`pipeline.steps.personal_data`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.edits import Layer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from pipeline.edits import Span

MASK = "\N{FULL BLOCK}"

MASKING_RULES = "personal."
"""How rules begin that put a typed token, such as [EMAIL], in the place of personal data; it gives nothing away."""


class Redacted(NamedTuple):
    """A layer with its masks: as long as it was, and which of its edits have one."""

    layer: Layer
    redacted: NDArray[np.bool_]


def redact(layers: Iterable[Layer], spans: Sequence[Span]) -> list[Redacted]:
    """The layers of a document with masks for the characters that stem from `spans` of the text before the first.

    >>> from pipeline.edits import Edit
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
    current = merged(spans)
    for layer in layers:
        here = _touched(layer.starts, layer.before_lengths, current)
        following = merged([layer.onward(span) for span in current])
        out_starts = layer.out_starts
        if here.size:
            tokens = np.array([rule.startswith(MASKING_RULES) for rule in layer.rules], np.bool_)
            for edit in here[tokens[layer.rule_codes[here]]].tolist():
                start = int(out_starts[edit])
                following = _without(following, (start, start + int(layer.after_lengths[edit])))
        there = _touched(out_starts, layer.after_lengths, following)
        redacted = np.zeros(len(layer), np.bool_)
        redacted[here] = True
        redacted[there] = True
        masked = layer
        if here.size or there.size:
            masked = Layer(
                length=layer.length,
                starts=layer.starts,
                before_lengths=layer.before_lengths,
                after_lengths=layer.after_lengths,
                befores=_masked(layer.befores, layer.starts, layer.before_lengths, here, current),
                afters=_masked(layer.afters, out_starts, layer.after_lengths, there, following),
                rule_codes=layer.rule_codes,
                rules=layer.rules,
            )
        result.append(Redacted(masked, redacted))
        current = following
    return result


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


def _without(spans: Sequence[Span], gone: Span) -> list[Span]:
    pieces = [piece for start, end in spans for piece in ((start, min(end, gone[0])), (max(start, gone[1]), end))]
    return [(start, end) for start, end in pieces if start < end]


def _touched(starts: NDArray[np.int32], lengths: NDArray[np.int32], spans: Sequence[Span]) -> NDArray[np.intp]:
    """Which of the sorted stretches share a character with a span."""
    touched = np.zeros(len(starts), np.bool_)
    for start, end in spans:
        first = int(np.searchsorted(starts + lengths, start, side="right"))
        last = int(np.searchsorted(starts, end, side="left"))
        touched[first:last] = True
    return np.flatnonzero(touched & (lengths > 0))


def _masked(
    joined: str, starts: NDArray[np.int32], lengths: NDArray[np.int32], edits: NDArray[np.intp], spans: Sequence[Span]
) -> str:
    characters = list(joined)
    offsets = np.cumsum(lengths) - lengths
    for edit in edits.tolist():
        begin, offset, length = int(starts[edit]), int(offsets[edit]), int(lengths[edit])
        for start, end in spans:
            for place in range(max(start, begin), min(end, begin + length)):
                characters[offset + place - begin] = MASK
    return "".join(characters)
