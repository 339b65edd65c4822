"""What stood in a stretch that is one byte off: the one text that its bytes and the words around it prove.

Here belongs choosing among the texts that :mod:`pipeline.pinyin.stretches` finds possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.pinyin.likelihood import Likelihood, is_common
from pipeline.pinyin.notes import HAN
from pipeline.pinyin.readings import gbk, lost_words
from pipeline.pinyin.stretches import SWALLOWED, heads, vanishing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pipeline.pinyin.notes import Note
    from pipeline.pinyin.stretches import Place, Stretch

_ROUNDS = 16
_MOST_PLACES = 3000
"""What is asked for in all rounds together; a long page has some hundred places."""
# These numbers were tried on 218 texts that the table of pairs was not made from (docs/scripts.md): 2.5 for the margin
# repairs 7 % more and makes a third more mistakes, 3.5 repairs 2 % less and makes as many.
_MARGIN = 3.0
"""How much likelier than the next text the chosen one must be: the natural logarithm."""
_LEAST_LIKELY = -7.0
"""The logarithm of the likelihood for each character; prose has about -4, what is no text below -9."""
_SLACK = 8.0
"""What one rare character costs in a short stretch."""
_WELL = -7.0
"""So likely, before and behind together, is a character with words of two that prose is made of."""
_UNEXPECTED = -2.0
"""Half of it repairs 2 % less, and makes a third more mistakes."""
_SWALLOWED = -1.0
"""An ASCII character that was swallowed is rarer behind a Han than two bytes that are none."""
_TWO_GAPS = -2.0
"""One pair in eight of common characters that are one byte off is none: two side by side are so much rarer than one."""
_MOST_GAPS = 2
# With narrower beams the true text is lost before its words are seen: half of these make twice as many mistakes.
_BEFORE_A_GAP = 12
_BEAM = 30
_KEPT = 2


DAMAGED = "\uffff"
"""Stands where it is not known what stood there; a character that no text has, and not an ASCII one."""


class _Path(NamedTuple):
    """The beginning of a text, and the logarithm of its likelihood; `is_free` where a character in it has no byte."""

    likelihood: float
    text: str
    is_free: bool = False


def repairs(text: str, stretches: Sequence[Stretch], notes: Sequence[Note]) -> dict[int, str]:
    """For each stretch with one likely text, by its index, this text.

    What is repaired is evidence for the rest, so it goes in rounds until nothing is added.
    """
    annotated = {note.end: note.character for note in notes}
    chosen: dict[int, str] = {}
    asked_for = 0
    for _ in range(_ROUNDS if any(one.places for one in stretches) else 0):
        likelihood = Likelihood(without(text, notes, stretches, chosen))
        found = {}
        answers: dict[tuple[object, ...], str] = {}  # templates say the same thing again and again
        ended = {stretches[at].end: answer[-1] for at, answer in chosen.items()}
        begun = {stretches[at].start: answer[0] for at, answer in chosen.items()}
        for at, stretch in enumerate(stretches):
            asked_for += len(stretch.places)
            if stretch.places and at not in chosen and asked_for <= _MOST_PLACES:
                before, after = text[stretch.start - 1 : stretch.start], text[stretch.end : stretch.end + 1]
                before = ended.get(stretch.start) or annotated.get(stretch.start) or before
                after = begun.get(stretch.end) or after
                asked = (before, after, stretch.opened_by, stretch.ended_by, stretch.places)
                if asked not in answers:
                    answers[asked] = _likeliest(stretch, before, after, likelihood)
                if answers[asked]:
                    found[at] = answers[asked]
        if not found:
            break
        chosen |= found
    return chosen


def outside(notes: Sequence[Note], stretches: Sequence[Stretch]) -> list[Note]:
    """The notes that stand in none of the stretches."""
    ends = np.array([stretch.end for stretch in stretches], np.int64)
    starts = np.array([stretch.start for stretch in stretches] + [np.iinfo(np.int64).max], np.int64)
    places = np.searchsorted(ends, [note.start for note in notes], side="right").tolist()
    return [note for note, place in zip(notes, places, strict=True) if note.end <= starts[place]]


def without(text: str, notes: Sequence[Note], stretches: Sequence[Stretch], chosen: Mapping[int, str]) -> str:
    """The text without these notes, and with what was chosen for a stretch, else a mark of damage, in its place."""
    gone = [(note.start, note.end, "") for note in notes]
    gone += [(one.start, one.end, chosen.get(at, DAMAGED)) for at, one in enumerate(stretches) if one.places]
    parts, last = list[str](), 0
    for start, end, instead in sorted(gone):
        parts += text[last:start], instead
        last = max(last, end)
    return "".join([*parts, text[last:]])


def _likeliest(stretch: Stretch, before: str, after: str, likelihood: Likelihood) -> str:
    """The one likely text, or nothing."""
    if stretch.ended_by == "line feed" and not (likelihood.times("\n", "\n") and likelihood.times("。", "\n")):
        return ""
    whole = _paths(stretch, before, after, likelihood, gaps_at=frozenset())
    doubtful = _doubtful(stretch, before, whole[0].text if whole else "", after, likelihood)
    best, *others = _paths(stretch, before, after, likelihood, gaps_at=doubtful) or [_Path(0.0, "", is_free=True)]
    if best.is_free or (others and best.likelihood - others[0].likelihood < _MARGIN):
        return ""
    if best.likelihood < _LEAST_LIKELY * (len(best.text) + 1) - _SLACK:
        return ""
    return best.text if _holds(stretch, before, best.text, after, likelihood) else ""


def _doubtful(stretch: Stretch, before: str, text: str, after: str, likelihood: Likelihood) -> frozenset[int]:
    """The places in which bytes may have vanished: all but those of a Han that goes well with both its neighbours."""
    if len(text) != len(stretch.places):
        return frozenset(range(len(stretch.places)))
    lefts, rights = (before or "\n") + text, text[1:] + (after or "\n")
    return frozenset(
        at
        for at, (left, one, right) in enumerate(zip(lefts, text, rights, strict=False))
        if not HAN.match(one) or likelihood.after(left, one) + likelihood.after(one, right) < _WELL
    )


def _paths(
    stretch: Stretch, before: str, after: str, likelihood: Likelihood, *, gaps_at: Collection[int]
) -> list[_Path]:
    """The two likeliest texts of a stretch, the likelier first; at some places bytes may have vanished."""
    beam = [_Path(0.0, "")]
    for at, place in enumerate(stretch.places):
        grown = [_longer(path, option, before, likelihood) for path in beam for option in place.options]
        if at == 0 and stretch.opened_by != "pinyin":
            grown = [
                path._replace(likelihood=path.likelihood + _lost_character(before, path.text, likelihood))
                for path in grown
            ]
        if at in gaps_at and place.tails:
            grown += _through_gaps(beam[:_BEFORE_A_GAP], before, place, likelihood)
        beam = _best(grown, _BEAM)
    ended = [
        path._replace(likelihood=path.likelihood + likelihood.after(path.text[-1:] or before, after)) for path in beam
    ]
    return _best(ended, _KEPT)


def _lost_character(before: str, lost: str, likelihood: Likelihood) -> float:
    """What it costs that the character with a lost first byte is no full stop and ends no word that is known."""
    is_expected = lost == "。" or before + lost in lost_words() or likelihood.times(before, lost)
    return 0.0 if is_expected else _UNEXPECTED


def _longer(path: _Path, option: str, before: str, likelihood: Likelihood) -> _Path:
    """A path with one character more, or several."""
    text, total = path.text, path.likelihood
    for one in option:
        total += likelihood.after(text[-1:] or before, one)
        text += one
    is_swallowed = option.endswith(SWALLOWED)
    return _Path(total + (_SWALLOWED if is_swallowed else 0.0), text, path.is_free or is_swallowed)


def _through_gaps(beam: Sequence[_Path], before: str, place: Place, likelihood: Likelihood) -> list[_Path]:
    """The texts that go on behind these where bytes vanished between the two of a place."""
    vanished, found = vanishing(), list[_Path]()
    open_ends = [
        (_longer(path, head, before, likelihood), second) for path in beam for second, head in heads(place.first)
    ]
    for gap in range(_MOST_GAPS):
        open_ends = sorted(open_ends, reverse=True)[:_BEAM]
        found += [
            _longer(path, tail, before, likelihood)
            for path, second in open_ends
            for first, tail in place.tails
            if first in vanished[second]
        ]
        if gap < _MOST_GAPS - 1:
            open_ends = [
                (_freed(_longer(path, one, before, likelihood)), raw[1])
                for path, second in open_ends[:_BEFORE_A_GAP]
                for one in likelihood.followers(path.text[-1])
                if (raw := gbk(one)) and raw[0] in vanished[second] and raw[1] in vanished
            ]
    return found


def _freed(path: _Path) -> _Path:
    return _Path(path.likelihood + _TWO_GAPS, path.text, is_free=True)


def _best(paths: Sequence[_Path], most: int) -> list[_Path]:
    """The likeliest of different texts, the likeliest first."""
    found: dict[str, _Path] = {}
    for path in sorted(paths, reverse=True):
        found.setdefault(path.text, path)
        if len(found) == most:
            break
    return list(found.values())


def _holds(stretch: Stretch, before: str, answer: str, after: str, likelihood: Likelihood) -> bool:
    """Whether each Han is common and goes with a neighbour; pinyin proves the last one."""
    lefts, rights = (before or "\n") + answer, answer[1:] + (after or "\n")
    proved = len(answer) - 1 if stretch.ended_by == "pinyin" else len(answer)
    return all(
        one == "\n"
        or at == proved
        or (is_common(one) and (likelihood.joins(left, one) or likelihood.joins(one, right)))
        for at, (left, one, right) in enumerate(zip(lefts, answer, rights, strict=False))
    )
