"""Stretches of a text that look as if they had been misread, each with what it was before.

Here belongs how such stretches are found and what speaks for each of them. Which of them are repaired is decided in
:mod:`pipeline.steps.mojibake`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from pipeline.character_class import LINE_FEED, CharacterClass
from pipeline.detection.likeness import likeness_of_text
from pipeline.mojibake.evidence import FEWEST, FORM, HINTS, LEAST_GAIN, LEAST_LIKENESS, Stretch
from pipeline.mojibake.readings import GB_AS_LATIN, LATIN, LOST, UTF8_AS_LATIN, WrongReading, back, bytes_of
from pipeline.mojibake.runs import READ_IN_RUNS, with_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

HINTS_OF_A_LINE = 0.03
"""Of the characters of a line that are not ASCII; lines with fewer are looked at where there are others with more."""

MOST_LINES = 20_000
"""So many different lines of a text are looked at for one wrong reading: each costs some time."""

SAMPLE, MOST_HAN = 1_000, 0.8
"""Where the first characters of a text are Han in such a share of what is not ASCII, and no Chinese for all that, lines
are looked at without a hint: names and lists have neither commas nor 的."""

_TRAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_UTF8_IN_LATIN = re.compile(f"(?:[\xc2-\xdf]{_TRAIL}|[\xe0-\xef]{_TRAIL}{{2}}|[\xf0-\xf4]{_TRAIL}{{3}})+")
_LATIN_STRETCH = re.compile(f"[{LATIN}](?:[{LATIN} -~]*[{LATIN}])?[@-~]?")
_HIGH = re.compile(f"[{LATIN}]")
_IS_HIGH, _IS_LEAD = CharacterClass(_HIGH.pattern), CharacterClass("[\xc2-\xf4]")
_IS_WIDE = CharacterClass("[^\\x00-\\x7f]")
_IS_HINT = {hints: CharacterClass(f"[{hints}]") for hints in HINTS.values()}
_TWO_PAIRS = 4
_EAST_ASIAN = re.compile("[\u2014-\u2026\u2e80-\u9fff\uac00-\ud7a3\ue000-\uf8ff\uff00-\uffef\U00020000-\U0003ffff]")
_LEAST_EAST_ASIAN = 0.6
_FEWEST_LETTERS = 3  # different ones
_MOST_PRIVATE = 0.35  # of what was misread in GB 18030 or in Windows' Shift-JIS before
_MOST_IN_FORM = 0.6  # of the high characters of a stretch; of GBK in Latin-1, a tenth is UTF-8 by chance
_LINE = re.compile("[^\n]+")
_NOT_ASCII = re.compile("[^\\x00-\\x7f]")
_OF_CHINESE = "，的。、"  # together a twentieth of all Chinese, and in no wrong reading of it
_HAN = re.compile("[\u3400-\u9fff\uff61-\uff9f\ue000-\uf8ff\ufffd]")
"""Han, and what wrong readings put among them: half-width kana, private characters, losses."""


def may_be_misread(text: str) -> bool:
    """Look once at each character: most texts have none that a wrong reading makes.

    >>> may_be_misread("各区要抓好落实。"), may_be_misread("浜哄伐鏅鸿兘")
    (False, True)
    """
    if text.isascii():
        return False
    if any(hint.may_occur_in(text) for hint in _IS_HINT.values()) or _is_unlike_chinese(text):
        return True
    return _is_utf8_in_latin(text) or (_IS_LEAD.may_occur_in(text) and _IS_HIGH.stand_together_in(text, _TWO_PAIRS))


def _is_unlike_chinese(text: str) -> bool:
    sample = text[:SAMPLE]
    if sum(map(sample.count, _OF_CHINESE)) > len(sample) / 50:
        return False
    if likeness_of_text(sample, "chinese").value >= 0:
        return False
    others = len(_NOT_ASCII.findall(sample))
    return others >= FEWEST and len(_HAN.findall(sample)) >= MOST_HAN * others


def misread(text: str) -> list[Stretch]:
    """Every stretch that looks misread, in any of the ways that are known; they may lie over one another.

    >>> [found.after for found in misread("第一条 浜哄伐鏅鸿兘，各区要抓好落实。")]
    ['人工智能']
    """
    found = [*_utf8_in_latin(text), *_gb_in_latin(text)]
    is_unlike = _is_unlike_chinese(text)
    hinted = [reading for reading, hints in HINTS.items() if is_unlike or _IS_HINT[hints].may_occur_in(text)]
    if hinted:
        lines = _Lines(text)
        found += [one for reading in hinted for one in _in_lines(lines, reading, without_hints=is_unlike)]
    return found


# ------------------------------------------------------------------------------------------------ in Latin characters


def _is_utf8_in_latin(text: str) -> bool:
    return _IS_LEAD.may_occur_in(text) and _UTF8_IN_LATIN.search(text) is not None


def _utf8_in_latin(text: str) -> Iterator[Stretch]:
    """Sequences of UTF-8 in Latin characters: their form is evidence, most of all where they are long."""
    if not _is_utf8_in_latin(text):
        return
    for stretch in _LATIN_STRETCH.finditer(text):
        runs = list(_UTF8_IN_LATIN.finditer(text, stretch.start(), stretch.end()))
        if sum(len(run[0]) for run in runs) < _MOST_IN_FORM * len(_HIGH.findall(stretch[0])):
            continue
        for run in runs:
            try:
                after = bytes_of(run[0], "latin").decode("utf-8")
            except UnicodeDecodeError:
                continue
            if _may_be_written(after):
                gain = sum(1 if character < "\u0800" else FORM for character in after)
                yield Stretch(run.start(), run[0], after, UTF8_AS_LATIN, gain)


def _may_be_written(text: str) -> bool:
    """Whether somebody may have written a text: not what is not assigned; what is private, a codec may have made."""
    kinds = [unicodedata.category(character) for character in text if not "\x80" <= character <= "\xff"]
    return not {"Cc", "Cn", "Cs"} & {*kinds} and kinds.count("Co") <= _MOST_PRIVATE * len(kinds)


def _gb_in_latin(text: str) -> Iterator[Stretch]:
    if not _IS_HIGH.stand_together_in(text, _TWO_PAIRS):
        return
    for stretch in _LATIN_STRETCH.finditer(text):
        high = len(_HIGH.findall(stretch[0]))
        if high < FEWEST:
            continue
        after = back(stretch[0], GB_AS_LATIN)
        found = likeness_of_text(after, "chinese")
        # Two Latin characters become one: of words with accents, most would be left over. A sound is drawn out: ÖÖÖÖ.
        if len({*stretch[0]}) >= _FEWEST_LETTERS and found.value >= LEAST_LIKENESS and 4 * found.characters >= high:
            yield Stretch(stretch.start(), stretch[0], after, GB_AS_LATIN, found.value * found.characters)


# ------------------------------------------------------------------------------------------------ in Chinese characters


class _Lines:
    """The lines of a text, each with how many of its characters are not ASCII."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = np.append(0, LINE_FEED.positions_in(text) + 1)
        self._wide = self._count(_IS_WIDE)

    def _count(self, kind: CharacterClass) -> NDArray[np.int64]:
        """Count the characters of a class in each line."""
        lines = np.searchsorted(self._starts, kind.positions_in(self.text), "right") - 1
        return np.bincount(lines, minlength=len(self._starts))

    def hints(self, reading: WrongReading) -> NDArray[np.int64]:
        """Count the hints at a reading in each line."""
        return self._count(_IS_HINT[HINTS[reading]])

    def where(self, chosen: NDArray[np.bool_]) -> Iterator[re.Match[str]]:
        """The chosen lines, of those that are not ASCII."""
        for start in self._starts[chosen & (self._wide > 0)].tolist():
            line = _LINE.match(self.text, start)
            if line is not None:
                yield line

    def hinted(self, hints: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Choose those in which there are as many hints as in a line that was misread."""
        return hints >= HINTS_OF_A_LINE * self._wide


def _in_lines(lines: _Lines, reading: WrongReading, *, without_hints: bool) -> list[Stretch]:
    """Lines that were misread as wholes: those with hints, and if there are such, all others as well."""
    hints = lines.hints(reading)
    hinted = lines.hinted(hints)
    seen: dict[str, Stretch | None] = {}
    found = _whole_lines(lines.where(hinted), reading, seen)
    if without_hints or sum(one.gain for one in found) >= FORM:
        found += _whole_lines(lines.where(~hinted), reading, seen)
    return with_runs(found, lines.where(hints > 0), reading) if reading in READ_IN_RUNS else found


def _whole_lines(
    lines: Iterable[re.Match[str]], reading: WrongReading, seen: dict[str, Stretch | None]
) -> list[Stretch]:
    """Look at each line, at those that are repeated once, and at no more of them than a long document has."""
    found = []
    for line in lines:
        if line[0] not in seen and len(seen) < MOST_LINES:
            seen[line[0]] = _line(line, reading)
        one = seen.get(line[0])
        if one is not None:
            found.append(one._replace(start=line.start()))
    return found


def _is_east_asian(text: str) -> bool:
    """Whether what comes out is Chinese, Japanese or Korean: Han in the order of their codes are Arabic by chance."""
    others = len(_NOT_ASCII.findall(text))
    return others >= FEWEST and len(_EAST_ASIAN.findall(text)) >= _LEAST_EAST_ASIAN * others


def _line(line: re.Match[str], reading: WrongReading) -> Stretch | None:
    before = likeness_of_text(line[0], "chinese")
    if before.value >= LEAST_LIKENESS:
        return None
    after = back(line[0], reading)
    if reading.written == "utf-8" and LOST not in after and _is_east_asian(after):
        return Stretch(line.start(), line[0], after, reading, FORM * len(_NOT_ASCII.findall(after)))
    found = likeness_of_text(after.replace(LOST, ""), "chinese")
    # What is lost speaks neither for nor against a reading; where it is most of a line, what is left is chance.
    if found.characters <= 2 * after.count(LOST) or found.value < max(LEAST_LIKENESS, before.value + LEAST_GAIN):
        return None
    return Stretch(line.start(), line[0], after, reading, found.value * found.characters)
