"""Pinyin in brackets behind a Han character: where it stands, and whether a rewriter or a writer put it there.

Here belongs telling an artefact (企業(yè)) from a gloss (安徽亳(bó)州). What a rewriter broke besides belongs in
:mod:`pipeline.pinyin.stretches`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.character_class import CharacterClass
from pipeline.lexicon import words
from pipeline.pinyin.readings import (
    SYLLABLE,
    TONED,
    character,
    gbk,
    plain,
    readings,
    readings_of_either_script,
    seen_pairs,
)
from pipeline.script.evidence import distinctive_characters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

# A page that was rewritten twice has the reading twice.
NOTE = re.compile(f"[(（]({SYLLABLE})[)）](?:[(（]\\1[)）])*")
_TONE = CharacterClass(f"[{TONED}]")
_ANY_NOTE = re.compile(f"[(（][^()（）\n]{{0,20}}[{TONED}][^()（）\n]{{0,40}}[)）]")
# Acute and grave stand in French and Spanish too; macron and caron over a vowel are pinyin in a Chinese text.
_PINYIN_VOWEL = re.compile("[āēīōūǖǎěǐǒǔǚ\u0304\u030c]")
_LETTER_NOTE = re.compile(f"(?<=[^\x00-\x7f][@-~])[(（]({SYLLABLE})[)）]")
_BROKEN_NOTE = re.compile(f"\\?{SYLLABLE}[)）]")
HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]")
_WORD = re.compile("[0-9A-Za-z\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]")

_ONE_SIGN_FOR = 3
"""A text with one sign of a gloss, or more, for less than so many candidates is left alone."""
_FEW = 6
"""With fewer candidates than this one sign is enough, but for a gloss in a text with a repeated artefact."""
_SEVERAL = 3
_NEAR_ALWAYS = 0.8
_MOSTLY = 0.5
_LESSON = 40
"""A text about reading has fewer notes than this; a page that was rewritten and speaks of 拼音 may have more."""
_FEWEST_ITEMS = 4
_LONGEST_ITEM = 6
_ITEM_ENDS = re.compile("、|」「|”“")
_SENTENCE = re.compile("[^。！？；：]+")


class Note(NamedTuple):
    """A syllable in brackets behind one Han character; `start` is the bracket."""

    start: int
    end: int
    character: str
    reading: str


class Verdict(NamedTuple):
    """Which notes are artefacts, and whether they prove that a rewriter was at work on the whole text."""

    artefacts: Sequence[Note]
    proven: bool


def find_notes(text: str) -> list[Note]:
    """Every syllable in brackets right behind a Han character.

    >>> find_notes("企業(yè)和(hé)")
    [Note(start=2, end=6, character='業', reading='yè'), Note(start=7, end=11, character='和', reading='hé')]
    """
    if not _TONE.may_occur_in(text):
        return []
    return [
        Note(match.start(), match.end(), text[match.start() - 1], plain(match[1]))
        for match in NOTE.finditer(text)
        if match.start() and HAN.match(text, match.start() - 1)
    ]


def notes_behind_letters(text: str) -> list[Note]:
    """Notes behind a letter that, with the last byte of the character before it, is a character of that reading.

    >>> [(note.start, note.end, note.character) for note in notes_behind_letters("甲，F(xiàn)-35")]
    [(3, 9, '現')]
    """
    found = []
    for match in _LETTER_NOTE.finditer(text) if _TONE.may_occur_in(text) else ():
        before = gbk(text[match.start() - 2 : match.start() - 1])
        one = character(before[1], ord(text[match.start() - 1])) if before else ""
        if plain(match[1]) in readings().get(one, ()):
            found.append(Note(match.start(), match.end(), one, plain(match[1])))
    return found


def judged(text: str, notes: Sequence[Note], sound: str, *, traditional: bool, scarred: bool) -> Verdict:
    """Which of the notes of a text are artefacts; `sound` is the text without its notes and its damage.

    `traditional` says that the text is in Traditional script, `scarred` that some of its damage was proved to be a
    rewriter's.
    """
    known = readings() if traditional else readings_of_either_script()
    steady, glosses = _sorted_out(notes, known, _in_lists(text, notes), traditional=traditional)
    listed = {c: own for c, own in steady.items() if c in known}
    counts = _counts(sound)
    share = {c: len(own) / max(1, counts[ord(c)]) for c, own in steady.items()}
    total = sum(map(len, listed.values()))
    few = total < _FEW
    once_only = sum(len(own) for c, own in listed.items() if share[c] < (1 if few else _MOSTLY))
    ends = {note.end for note in notes}
    alone = sum(_stands_alone(text, note, ends) for own in listed.values() for note in own)
    seen = {c for c, own in listed.items() if (c, own[0].reading) in seen_pairs() and share[c] >= _MOSTLY}
    again = {c for c, own in listed.items() if len(own) > 1 and share[c] >= _NEAR_ALWAYS}
    # A character that is not on the list of seen pairs may be glossed twice, in a poem and in the note to it.
    repeated = len(again) > 1 or any(len(listed[c]) > 1 for c in seen)
    spoken_about = alone + once_only + _other_pinyin(sound)
    if total < _LESSON and _lesson_words().search(text):
        spoken_about += total
    if _ONE_SIGN_FOR * (glosses + spoken_about) > total:
        return Verdict([], proven=False)
    if few and not scarred and (spoken_about or (glosses and not repeated)):
        return Verdict([], proven=False)
    if not traditional:
        enough = len(again) > 1 and sum(len(listed[c]) for c in again) >= _FEW
        return Verdict([note for c in again if enough for note in listed[c]], proven=False)
    several = len(seen) > 1 and sum(share[c] >= _MOSTLY for c in listed) >= _SEVERAL
    if scarred or several or repeated:
        taken = [note for own in listed.values() for note in own]
        unlisted = [c for c in steady if c not in known and len(steady[c]) > 1 and share[c] >= 1]
        return Verdict(taken + [note for c in unlisted if several for note in steady[c]], proven=True)
    return Verdict([listed[c][0] for c in listed if c in seen and share[c] >= 1], proven=False)


def _sorted_out(
    notes: Sequence[Note], known: Mapping[str, frozenset[str]], in_lists: set[Note], *, traditional: bool
) -> tuple[dict[str, list[Note]], int]:
    """The notes that may be artefacts, by character, and how many certainly are none.

    A rewriter has one reading for each character, an ordinary one, and lists no character that both scripts share.
    """
    only_traditional = distinctive_characters().traditional if traditional else frozenset[str]()
    glosses = in_lists | {
        note
        for note in notes
        if note.reading not in known.get(note.character, ())
        and (note.character in known or note.character not in only_traditional)
    }
    beside = _beside(notes, glosses)
    by_character: dict[str, list[Note]] = {}
    for note in notes:
        if note not in beside:
            by_character.setdefault(note.character, []).append(note)
    steady = {c: own for c, own in by_character.items() if len({note.reading for note in own}) == 1}
    return steady, len(glosses)


def _in_lists(text: str, notes: Sequence[Note]) -> set[Note]:
    """The notes in a list of words hardly one of which has none: 學(xué)校、國(guó)旗、業(yè)務、書(shū)包."""
    found: set[Note] = set()
    starts, at = [note.start for note in notes], 0
    while at < len(notes):
        # From line to line that has notes: a page may stand in one line, with thousands of them.
        line, end = text.rfind("\n", 0, starts[at]) + 1, text.find("\n", starts[at])
        end = len(text) if end < 0 else end
        first, at = at, bisect_left(starts, end, at)
        for part in _SENTENCE.finditer(text, line, end) if at - first >= _FEWEST_ITEMS else ():
            here = notes[bisect_left(starts, part.start(), first, at) : bisect_left(starts, part.end(), first, at)]
            items = _ITEM_ENDS.split(part.group()) if here else []
            annotated = sum(1 for item in items if NOTE.search(item))
            if annotated >= max(_FEWEST_ITEMS, _NEAR_ALWAYS * len(items)):
                length = len(NOTE.sub("", part.group())) / len(items)
                found.update(here if length <= _LONGEST_ITEM else ())
    return found


@cache
def _lesson_words() -> re.Pattern[str]:
    return re.compile("|".join(words("lesson_words.txt")))


def _beside(notes: Sequence[Note], glosses: set[Note]) -> set[Note]:
    """The glosses, and what stands in one row of annotated characters with one: 瓷(cí)器(qì)創(chuàng)造(zào)."""
    found: set[Note] = set()
    row: list[Note] = []
    for note in notes:
        if row and row[-1].end + 1 != note.start:
            found.update(row if not glosses.isdisjoint(row) else ())
            row = []
        row.append(note)
    return found.union(row if not glosses.isdisjoint(row) else ())


def _stands_alone(text: str, note: Note, ends: set[int]) -> bool:
    """Whether no word goes on before or behind the annotated character: a character that is spoken about."""
    before = note.start - 2
    return not (_WORD.match(text, note.end) or note.start - 1 in ends or (before >= 0 and _WORD.match(text, before)))


def _other_pinyin(sound: str) -> int:
    """How much pinyin stands elsewhere: words with their reading, readings without brackets."""
    rest = _LETTER_NOTE.sub("", _BROKEN_NOTE.sub("", sound))
    rest, count = _ANY_NOTE.subn("", rest)
    return count + len(_PINYIN_VOWEL.findall(rest))


def _counts(text: str) -> NDArray[np.int64]:
    """How often each character of the basic plane occurs."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.dtype("<u2"))
    return np.bincount(units, minlength=1 << 16)
