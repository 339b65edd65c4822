"""How likely one character follows another: in Chinese at large, and in the text at hand.

Here belongs the evidence that decides between readings of damaged bytes. Which readings there are belongs in
:mod:`pipeline.pinyin.stretches`.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import NamedTuple

import numpy as np

from pipeline.lexicon import rows
from pipeline.script.evidence import distinctive_characters
from pipeline.script.package import dictionary

BORDER = "/"
"""Stands for whatever is neither Han nor a Chinese mark: the pairs do not go across it."""

_LAST_OF_OTHER_SCRIPT = "\x7f"
_LAST_OF_THE_BASIC_PLANE = "\uffff"
_OF_THE_TEXT = 0.4
"""How much the text counts, beside Chinese at large, for a character that it has ever so often."""
_SURE_AFTER = 3
"""Half of that, for one that it has so often."""
_MIDDLE = 1.4
"""Between a power of 2 and the next one, in proportion."""
_LOGARITHM = re.compile("([0-9]+).*")
# The two numbers were tried with those of pipeline.pinyin.repair; anything from half to twice them does as well.
_SMOOTHING = 60
_UNKNOWN = 1e-8
_OTHER_SCRIPT = -6.0
"""What it costs to write one character of Simplified script alone into a Traditional text."""


class _Table(NamedTuple):
    """Pairs of Simplified text at large: how often each was counted, and each character as first and as second one."""

    pairs: dict[str, float]
    firsts: dict[str, float]
    shares: dict[str, float]


@cache
def _table() -> _Table:
    pairs: dict[str, float] = {}
    firsts: dict[str, float] = {}
    seconds: dict[str, float] = {}
    for first, followers in rows("character_pairs.tsv"):
        for group in followers.split(" "):
            digits = _LOGARITHM.sub("\\1", group)
            times = _MIDDLE * 2.0 ** int(digits)
            for second in group[len(digits) :]:
                pairs[first + second] = times
                firsts[first] = firsts.get(first, 0) + times
                seconds[second] = seconds.get(second, 0) + times
    total = sum(seconds.values())
    return _Table(pairs, firsts, {second: times / total for second, times in seconds.items()})


@cache
def _followers() -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in _table().pairs:
        found[pair[0]] = found.get(pair[0], "") + pair[1]
    return found


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """For each common character of Simplified text itself and the Traditional characters that become it."""
    found = {one: [one] for one in _table().shares}
    for traditional, simplified in _to_simplified().items():
        if simplified in found and simplified != chr(traditional):
            found[simplified].append(chr(traditional))
    return {one: tuple(those) for one, those in found.items()}


@cache
def _to_simplified() -> dict[int, str]:
    return {ord(key): values[0] for key, values in dictionary("TSCharacters").items()}


def is_common(character: str) -> bool:
    """Whether a character is one that Chinese prose is made of, in either script.

    >>> is_common("業"), is_common("虡")
    (True, False)
    """
    return character.translate(_to_simplified()) in _table().shares


class Likelihood:
    """How likely characters follow each other in one text, which is given without its damage.

    >>> likelihood = Likelihood("第十四個五年規劃")
    >>> likelihood.after("十", "四") > likelihood.after("十", "的")
    True
    """

    def __init__(self, sound: str) -> None:
        units = np.frombuffer(
            sound.translate(_to_simplified()).encode("utf-16-le", "surrogatepass"), np.dtype("<u2")
        ).astype(np.int64)
        pairs, counts = np.unique(units[:-1] << 16 | units[1:], return_counts=True)
        self._pairs = dict(zip(pairs.tolist(), counts.tolist(), strict=True))
        self._counts = np.bincount(units, minlength=1 << 16)
        self._characters = frozenset(sound)
        self._known: dict[str, float] = {}
        self._pairs_behind: dict[int, list[int]] = {}
        for pair in self._pairs:
            self._pairs_behind.setdefault(pair >> 16, []).append(pair)

    def times(self, left: str, right: str) -> int:
        """How often the two stand side by side in the text, in either script."""
        left, right = left.translate(_to_simplified()), right.translate(_to_simplified())
        if not (left and right) or max(left, right) > _LAST_OF_THE_BASIC_PLANE:
            return 0
        times: int = self._pairs.get(ord(left) << 16 | ord(right), 0)
        return times

    def joins(self, left: str, right: str) -> bool:
        """Whether the two stand side by side in the text or in Chinese at large."""
        return self.times(left, right) > 0 or _folded(left) + _folded(right) in _table().pairs

    def followers(self, left: str) -> tuple[str, ...]:
        """The characters, in either script, that stand behind this one in the text or in Chinese at large."""
        here = (chr(pair & 0xFFFF) for pair in self._pairs_behind.get(ord(left.translate(_to_simplified())), ()))
        forms = _forms()
        return tuple(form for one in {*here, *_followers().get(_folded(left), ())} for form in forms.get(one, ()))

    def after(self, left: str, right: str) -> float:
        """The natural logarithm of how likely `right` follows `left`; an empty string is the end of the text."""
        known = self._known.get(left + "\0" + right)
        if known is None:
            known = self._known[left + "\0" + right] = self._after(left, right)
        return known

    def _after(self, left: str, right: str) -> float:
        table, a, b = _table(), _folded(left), _folded(right)
        share = table.shares.get(b, _UNKNOWN)
        general = (table.pairs.get(a + b, 0) + _SMOOTHING * share) / (table.firsts.get(a, 0) + _SMOOTHING)
        seen = int(self._counts[ord(a)]) if a <= _LAST_OF_THE_BASIC_PLANE else 0
        weight = _OF_THE_TEXT / (seen + _SURE_AFTER)
        likelihood = math.log((1 - weight * seen) * general + weight * self.times(left, right))
        if right in distinctive_characters().simplified and right not in self._characters:
            likelihood += _OTHER_SCRIPT
        return likelihood


def _folded(character: str) -> str:
    """A character as the table has it."""
    return BORDER if character <= _LAST_OF_OTHER_SCRIPT else character.translate(_to_simplified())
