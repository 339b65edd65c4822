"""Whether a cleaned text is fit to be published, by what was measured in it and by limits that somebody may move.

Here belongs what speaks against a document as a whole once it is clean, each from a figure on. What is measured is in
:mod:`pipeline.corpus.signals`, the limits are in :mod:`pipeline.options`. What a step can tell while it works is a
finding of that step; what needs other documents is in :mod:`pipeline.corpus.duplicates`. A sound document that is
refused is lost to everybody, a poor one that is published can still be filtered: so each reason takes strong evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from pipeline.document import Verdict
from pipeline.options import PRESET_THRESHOLDS, Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pipeline.corpus.signals import Signals

    One: TypeAlias = Signals[float]
    Columns: TypeAlias = Signals[NDArray[Any]]

STAGE = "corpus"
"""Where on the way this is decided: after the last stage."""

ACCEPTED = -1
"""Stands for the reason to refuse a document, where there is none."""


class Reason(NamedTuple):
    """One thing that speaks against a text.

    `holds` compares numbers of one text or columns of many alike; `says` tells figure and limit of one.
    """

    reason: str
    holds: Callable[[Any, Thresholds], Any]
    says: Callable[[One, Thresholds], str]


_WRITINGS = {
    "hangul": "Hangul is",
    "japanese": "Japanese, kana with their Han, is",
    "latin": "Latin letters that are not English are",
    "other_alphabet": "another alphabet is",
}

REFUSING: tuple[Reason, ...] = (
    Reason(
        "lossy_mojibake",
        lambda one, limits: one.lost_count > limits.maximum_lossy_share * one.char_count,
        lambda one, limits: (
            f"{one.lost_count} of {one.char_count} characters are lost "
            f"({_percent(one.lost_count / one.char_count)}), the limit is {_percent(limits.maximum_lossy_share)}"
        ),
    ),
    Reason(
        "empty_body",
        lambda one, _: one.han_count + one.letter_count == 0,
        lambda one, _: f"no letter and no Han in {one.char_count} characters",
    ),
    Reason(
        "too_short",
        lambda one, limits: 2 * one.han_count + one.letter_count < 2 * limits.minimum_han,
        lambda one, limits: (
            f"{one.han_count} Han and {one.letter_count} other letters, two of which count as one; "
            f"the limit is {limits.minimum_han}"
        ),
    ),
    Reason(
        "too_large",
        lambda one, limits: one.char_count > limits.maximum_characters,
        lambda one, limits: f"{one.char_count} characters, the limit is {limits.maximum_characters}",
    ),
    Reason(
        "not_zh_or_en",
        lambda one, limits: one.foreign_share_0_to_1 > limits.maximum_foreign_share,
        lambda one, limits: (
            f"{_WRITINGS[one.foreign_writing]} {_percent(one.foreign_share_0_to_1)} of the writing, "
            f"the limit is {_percent(limits.maximum_foreign_share)}"
        ),
    ),
    Reason(
        "spam_injected",
        lambda one, limits: (
            (one.spam_phrase_count >= limits.minimum_spam_phrases)
            & (one.spam_share_0_to_1 >= limits.minimum_spam_share)
        ),
        lambda one, limits: (
            f"{one.spam_phrase_count} phrases of gambling or pornography are {_percent(one.spam_share_0_to_1)} of the "
            f"text, the limits are {limits.minimum_spam_phrases} and {_percent(limits.minimum_spam_share)}"
        ),
    ),
    Reason(
        "not_prose",
        lambda one, limits: one.repeated_share_0_to_1 > limits.maximum_repeated_share,
        lambda one, limits: (
            f"{_percent(one.repeated_share_0_to_1)} of the characters are in lines that stand further up already, "
            f"the limit is {_percent(limits.maximum_repeated_share)}"
        ),
    ),
    Reason(
        "not_prose",
        lambda one, limits: one.punctuation_share_0_to_1 < limits.minimum_punctuation_share,
        lambda one, limits: (
            f"{_percent(one.punctuation_share_0_to_1)} of the characters are punctuation, "
            f"the limit is {_percent(limits.minimum_punctuation_share)}"
        ),
    ),
)
"""What speaks against a text; where several do, the first is what is said."""


def judge(signals: One, thresholds: Thresholds = PRESET_THRESHOLDS) -> Verdict:
    """Whether a text in which this was measured is fit to be published.

    >>> from pipeline.corpus.signals import measured
    >>> judge(measured("各区人民政府：现将有关事项通知如下。")).accepted
    True
    >>> judge(measured("2021 / 3"))
    Verdict(reason='empty_body', detail='no letter and no Han in 8 characters', stage='corpus')

    Left alone, with the limits as they are preset: what is short and whole (a notice of one sentence), tables, lists,
    forms, poems, code with Chinese comments, Chinese that quotes other languages, a report on spam. 8 Han, since a
    headline has as many; 2,000,000 characters, since the Records of the Grand Historian have half a million; three
    tenths of the characters lost, since with more no sentence is whole, and with a fifth, as a strict misreading leaves
    it, many are. `docs/quality.md` has what was measured for each.
    """
    for number, one in enumerate(REFUSING):
        if one.holds(signals, thresholds):
            return verdict(number, signals, thresholds)
    return Verdict()


def verdict(number: int, signals: One, thresholds: Thresholds) -> Verdict:
    """The verdict on a text against which that one of :data:`REFUSING` speaks."""
    return Verdict(REFUSING[number].reason, REFUSING[number].says(signals, thresholds), STAGE)


def refused(signals: Columns, thresholds: Thresholds = PRESET_THRESHOLDS) -> NDArray[np.int8]:
    """For each of many texts the number in :data:`REFUSING` of what speaks against it; -1 where nothing does.

    >>> from pipeline.corpus.signals import Signals, measured
    >>> texts = ["各区人民政府：现将有关事项通知如下。", "2021 / 3"]
    >>> refused(Signals(*map(np.array, zip(*map(measured, texts))))).tolist()
    [-1, 1]
    """
    found = np.full(len(signals.char_count), ACCEPTED, np.int8)
    for number, one in reversed(list(enumerate(REFUSING))):
        found[one.holds(signals, thresholds)] = number
    return found


def _percent(share: float) -> str:
    """A share as people read it, exact enough to lie on the right side of a limit.

    >>> _percent(0.3), _percent(0.98765), _percent(1)
    ('30%', '98.77%', '100%')
    """
    return f"{100 * share:.4g}%"
