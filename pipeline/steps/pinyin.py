"""Take out the pinyin that a page rewriter put behind Traditional characters, and undo the damage that it did to bytes.

Here belong telling such an artefact (企業(yè)) from a gloss, and the repair of what the rewriter broke. Script
conversion, which must come later (瞭(liǎo)解), belongs in :mod:`pipeline.steps.script`.

The rewriter replaces a list of characters: a listed character is annotated at every occurrence, always with one
reading, and only characters that Simplified script does not have are listed. On many sites it works on GBK *bytes*
without regard to character borders, and that leaves two kinds of scars:

- A hit across two characters. 變為 is D7 83 9E E9, which holds 優 = 83 9E; ``(yōu)`` is put between the two halves of
  為, and 變為產(chǎn)品 is read as 變?yōu)楫a(chǎn)品. The half before the bracket has swallowed it; all that
  follows is one byte off until a byte below 80 sets it right.
- A lost byte. Where the second byte of a character is A3 and the next byte makes a full-width mark of it (A3 A1 is ！),
  the first byte has become a question mark: 。《中華 is read as ?！吨腥A.

A repair puts the missing byte back and decodes the stretch again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import opencc

from pipeline.edits import Edit, Layer
from pipeline.lexicon import rows, words
from pipeline.script_conversion import converter, distinctive_characters, script_evidence
from pipeline.text import NOTHING, Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from pipeline.text import View

RULES = {
    "pinyin.artifact": "Pinyin that a conversion put behind the character.",
    "pinyin.byte_shift": "Characters that pinyin put between their bytes had broken, decoded again.",
}

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
_SYLLABLE = f"[a-zɡü\u0308]{{0,5}}[{_TONED}][a-zɡü\u0308{_TONED}]{{0,4}}"
# A page that was rewritten twice has the reading twice.
_NOTE = re.compile(f"[(（]({_SYLLABLE})[)）](?:[(（]\\1[)）])*")
_ANY_NOTE = re.compile(f"[(（][^()（）\n]{{0,20}}[{_TONED}][^()（）\n]{{0,40}}[)）]")
# Acute and grave stand in French and Spanish too; macron and caron over a vowel are pinyin in a Chinese text.
_PINYIN_VOWEL = re.compile("[āēīōūǖǎěǐǒǔǚ\u0304\u030c]")
_SCAR = re.compile(f"\\?({_SYLLABLE})[)）]")
_LOST = re.compile("\\?[！，；：？]")
_LOST_AND_FOLDED = re.compile("\\?[!,;:?]")
_FULL_WIDTH_MARK = re.compile("[！，；：？]")
_LETTER_NOTE = re.compile(f"(?<=[^\x00-\x7f][@-~])[(（]{_SYLLABLE}[)）]")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]")
_WORD = re.compile("[0-9A-Za-z\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]")

_WIDE = dict(zip("!,;:?", "！，；：？", strict=True))
_PUNCTUATION = frozenset("\n、。，；：？！·—…“”‘’《》〈〉「」『』（）【】〔〕")
_OPENING = frozenset("《“‘「『【〔")
_PAUSES = frozenset("、，；：。")
"""Behind these stands no full stop."""
_CONTINUES = frozenset("、，的化和及與等性型")
"""What goes on with a noun and begins no sentence."""

_TRADITIONAL_SHARE = 0.05
_ONE_SIGN_FOR = 3
"""A text with one sign of a gloss, or more, for less than so many candidates is left alone."""
_FEW = 6
"""With fewer candidates than this one sign is enough, but for a gloss in a text with a repeated artefact."""
_SEVERAL = 3
_NEAR_ALWAYS = 0.8
_MOSTLY = 0.5
_ROUNDS = 16
_MOST_SCARS = 2000
"""A text with more is not repaired: a long page has a few hundred."""
_LONGEST = 1000
"""Bytes of a stretch: the next ASCII character is hardly ever farther away."""
_FULL_STOP = b"\xa1\xa3"
_LAST_ASCII = 0x7F


class _Note(NamedTuple):
    """A syllable in brackets behind one Han character; `start` is the bracket."""

    start: int
    end: int
    character: str
    reading: str


class _Run(NamedTuple):
    """A stretch that is one byte off: where it stands, what may have stood there, and what opens it."""

    start: int
    end: int
    options: tuple[str, ...]
    opened_by: str
    ended_by: str = ""


_PINYIN, _FULL_WIDTH, _HALF_WIDTH = "pinyin", "full-width mark", "half-width mark"
_LETTER, _LOST_BYTE = "letter", "lost byte"


class _Verdict(NamedTuple):
    """Which notes are artefacts, and whether they prove that a rewriter was at work on the whole text."""

    artefacts: Sequence[_Note]
    proven: bool


def strip_pinyin(view: View) -> Outcome:
    """Delete pinyin artefacts and decode again what they broke.

    >>> from pipeline.text import Text
    >>> Text("企業(yè)和產(chǎn)業(yè)，安徽亳(bó)州").revise(strip_pinyin).value
    '企業和產業，安徽亳(bó)州'
    >>> Text("將圖紙轉變?yōu)楫a(chǎn)品").revise(strip_pinyin).value
    '將圖紙轉變為產品'

    In Traditional text one annotation is enough where its pair was seen on rewritten pages and the character stands
    nowhere without it; other pairs take repetition, several pairs, or a scar. In other text, which may have been
    converted after it was annotated, it takes several characters that are annotated again and again and hardly ever
    stand bare.

    Left alone: glosses of rare characters and unusual readings, words with their pinyin, dictionaries and lessons
    (which annotate characters that both scripts share), and each stretch whose repair has not exactly one likely
    answer: that is flagged `pinyin_damage`. Flag `pinyin_artifacts_removed` where something was removed or repaired.
    """
    text = view.text
    if text.isascii():
        return NOTHING
    notes = _notes(text)
    broken = _scars(text) if "?" in text else []
    if not notes and not broken:
        return NOTHING
    runs = _runs(text, broken, notes) if _is_traditional(text) else []
    repairs = _repairs(text, runs, _outside(notes, runs))
    sure = {at: repair for at, repair in repairs.items() if runs[at].opened_by != _HALF_WIDTH}
    edits, proven = _edits(text, runs, sure)
    if proven and len(sure) < len(repairs):
        edits, proven = _edits(text, runs, repairs)
    flags = [Finding("flag", "pinyin_artifacts_removed")] if edits else []
    left = [run for at, run in enumerate(runs) if at not in repairs]
    if any(_PINYIN in {run.opened_by, run.ended_by} or (edits and run.opened_by == _FULL_WIDTH) for run in left) or (
        not runs and any(scar.re is _SCAR and _HAN.match(text, max(0, scar.start() - 1)) for scar in broken)
    ):
        flags.append(Finding("flag", "pinyin_damage"))
    return Outcome(edits, flags) if flags else NOTHING


def _is_traditional(text: str) -> bool:
    evidence = script_evidence(text)
    return evidence.traditional >= max(_TRADITIONAL_SHARE * evidence.han, evidence.simplified, 1)


def _scars(text: str) -> list[re.Match[str]]:
    """Where pinyin swallowed its bracket, and where a first byte may be lost, in the order of the text.

    Half-width marks count where all marks were turned to half width: elsewhere a question mark may stand before one.
    """
    found = [*_SCAR.finditer(text), *_LOST.finditer(text)]
    if not _FULL_WIDTH_MARK.search(_LOST.sub("", text)):
        found += _LOST_AND_FOLDED.finditer(text)
    return sorted(found, key=re.Match.start)


def _edits(text: str, runs: Sequence[_Run], repairs: Mapping[int, str]) -> tuple[list[Edit], bool]:
    """The edits that repair these stretches and delete the artefacts, and whether a rewriter was proved to be at work.

    Notes are judged as they stand in the repaired text.
    """
    layer = Layer.of(
        text,
        [
            Edit(runs[at].start, text[runs[at].start : runs[at].end], repair, "pinyin.byte_shift")
            for at, repair in repairs.items()
        ],
    )
    repaired = layer.apply(text)
    notes = _notes(repaired)
    # What is still broken is looked for again: a repair beside it may have ended it earlier.
    traditional = _is_traditional(repaired)
    left = _runs(repaired, _scars(repaired), notes) if traditional else []
    sound = _without(repaired, _outside(notes, left), left, {})
    scarred = any(_PINYIN in {runs[at].opened_by, runs[at].ended_by} for at in repairs)
    artefacts, proven = _judged(repaired, notes, sound, traditional=traditional, scarred=scarred)
    edits = list(layer)
    for note in artefacts:
        start, end = layer.origin((note.start, note.end))
        edits.append(Edit(start, text[start:end], "", "pinyin.artifact"))
    return edits, proven


# ------------------------------------------------------------------------------------------- artefact or gloss
def _notes(text: str) -> list[_Note]:
    """Every syllable in brackets right behind a Han character."""
    return [
        _Note(match.start(), match.end(), text[match.start() - 1], _plain(match[1]))
        for match in _NOTE.finditer(text)
        if match.start() and _HAN.match(text, match.start() - 1)
    ]


def _plain(reading: str) -> str:
    return unicodedata.normalize("NFC", reading).replace("ɡ", "g")


def _outside(notes: Sequence[_Note], runs: Sequence[_Run]) -> list[_Note]:
    """The notes that stand in none of the stretches."""
    ends = np.array([run.end for run in runs], np.int64)
    starts = np.array([run.start for run in runs] + [np.iinfo(np.int64).max], np.int64)
    places = np.searchsorted(ends, [note.start for note in notes], side="right").tolist()
    return [note for note, place in zip(notes, places, strict=True) if note.end <= starts[place]]


def _judged(text: str, notes: Sequence[_Note], sound: str, *, traditional: bool, scarred: bool) -> _Verdict:
    readings = _readings() if traditional else _readings_of_either_script()
    steady, glosses = _sorted_out(notes, readings, traditional=traditional)
    listed = {c: own for c, own in steady.items() if c in readings}
    counts = _counts(sound)
    share = {c: len(own) / max(1, counts[ord(c)]) for c, own in steady.items()}
    total = sum(map(len, listed.values()))
    few = total < _FEW
    once_only = sum(len(own) for c, own in listed.items() if share[c] < (1 if few else _MOSTLY))
    ends = {note.end for note in notes}
    alone = sum(_stands_alone(text, note, ends) for own in listed.values() for note in own)
    seen = {c for c, own in listed.items() if (c, own[0].reading) in _seen() and share[c] >= _MOSTLY}
    again = {c for c, own in listed.items() if len(own) > 1 and share[c] >= _NEAR_ALWAYS}
    # A character that is not on the list of seen pairs may be glossed twice, in a poem and in the note to it.
    repeated = len(again) > 1 or any(len(listed[c]) > 1 for c in seen)
    spoken_about = alone + once_only + _other_pinyin(sound)
    if _ONE_SIGN_FOR * (glosses + spoken_about) > total:
        return _Verdict([], proven=False)
    if few and not scarred and (spoken_about or (glosses and not repeated)):
        return _Verdict([], proven=False)
    if not traditional:
        enough = len(again) > 1 and sum(len(listed[c]) for c in again) >= _FEW
        return _Verdict([note for c in again if enough for note in listed[c]], proven=False)
    several = len(seen) > 1 and sum(share[c] >= _MOSTLY for c in listed) >= _SEVERAL
    if scarred or several or repeated:
        taken = [note for own in listed.values() for note in own]
        unlisted = [c for c in steady if c not in readings and len(steady[c]) > 1 and share[c] >= 1]
        return _Verdict(taken + [note for c in unlisted if several for note in steady[c]], proven=True)
    return _Verdict([listed[c][0] for c in listed if c in seen and share[c] >= 1], proven=False)


def _sorted_out(
    notes: Sequence[_Note], readings: Mapping[str, frozenset[str]], *, traditional: bool
) -> tuple[dict[str, list[_Note]], int]:
    """The notes that may be artefacts, by character, and how many certainly are none.

    A rewriter has one reading for each character, an ordinary one, and lists no character that both scripts share.
    """
    only_traditional = distinctive_characters().traditional if traditional else frozenset[str]()
    glosses = {
        note
        for note in notes
        if note.reading not in readings.get(note.character, ())
        and (note.character in readings or note.character not in only_traditional)
    }
    beside = _beside(notes, glosses)
    by_character: dict[str, list[_Note]] = {}
    for note in notes:
        if note not in beside:
            by_character.setdefault(note.character, []).append(note)
    steady = {c: own for c, own in by_character.items() if len({note.reading for note in own}) == 1}
    return steady, len(glosses)


def _beside(notes: Sequence[_Note], glosses: set[_Note]) -> set[_Note]:
    """The glosses, and what stands in one row of annotated characters with one: 瓷(cí)器(qì)創(chuàng)造(zào)."""
    found: set[_Note] = set()
    row: list[_Note] = []
    for note in notes:
        if row and row[-1].end + 1 != note.start:
            found.update(row if not glosses.isdisjoint(row) else ())
            row = []
        row.append(note)
    return found.union(row if not glosses.isdisjoint(row) else ())


def _stands_alone(text: str, note: _Note, ends: set[int]) -> bool:
    """Whether no word goes on before or behind the annotated character: a character that is spoken about."""
    before = note.start - 2
    return not (_WORD.match(text, note.end) or note.start - 1 in ends or (before >= 0 and _WORD.match(text, before)))


def _other_pinyin(sound: str) -> int:
    """How much pinyin stands elsewhere: words with their reading, readings without brackets."""
    rest = _LETTER_NOTE.sub("", _SCAR.sub("", sound))
    rest, count = _ANY_NOTE.subn("", rest)
    return count + len(_PINYIN_VOWEL.findall(rest))


def _counts(text: str) -> NDArray[np.int64]:
    """How often each character of the basic plane occurs."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.dtype("<u2"))
    return np.bincount(units, minlength=1 << 16)


# ----------------------------------------------------------------------------------------- one byte off, and back
def _runs(text: str, broken: Sequence[re.Match[str]], notes: Sequence[_Note]) -> list[_Run]:
    """The stretches that begin at a scar, in order; without options where the bytes lead to no end."""
    annotated = {note.end: note.character for note in notes}
    runs: list[_Run] = []
    for match in broken if len(broken) <= _MOST_SCARS else ():
        start, at = match.span()
        if runs and start < runs[-1].end:
            continue
        if match.re is _SCAR:
            before = _gbk(annotated.get(start, text[start - 1 : start]))
            seconds = _second_bytes().get((before[-1], _plain(match[1])), b"") if before else b""
            firsts, opened_by = [bytes([second]) for second in seconds], _PINYIN
        else:
            mark = match.group()[1]
            firsts = [b"\xa3\xa3" + _gbk(_WIDE.get(mark, mark))[1:]]
            opened_by = _HALF_WIDTH if mark in _WIDE else _FULL_WIDTH
        run = _Run(start, start + 1, (), opened_by)
        for first in firsts:
            end, ended_by, found = _shifted(text, at, first)
            options = tuple(string for raw in found if (string := _decoded(raw, opened_by)))
            if options:
                run = _Run(start, end, run.options + options, opened_by, ended_by)
        runs.append(run)
    return runs


def _shifted(text: str, at: int, first: bytes) -> tuple[int, str, list[bytes]]:
    """Where the stretch that begins with `first` and goes on at `at` ends, by what, and what its bytes may be."""
    raw = bytearray(first)
    while run := _NOT_ASCII.match(text, at):
        encoded = _gbk(run.group())
        if not encoded:
            return at, "", []
        raw += encoded
        at = run.end()
        note = _NOTE.match(text, at)
        if note is None or not _is_pair(raw, note):
            break
        at = note.end()
    scar = _SCAR.match(text, at)
    mark, follows = text[at : at + 1], text[at + 1 : at + 2]
    endings, ended_by = list[bytes](), _LOST_BYTE
    if scar is not None:
        at, ended_by = scar.end(), _PINYIN
        endings = [bytes([last]) for last in _second_bytes().get((raw[-1], _plain(scar[1])), b"")]
    elif "@" <= mark <= "~":
        note = _NOTE.match(text, at + 1)
        at, ended_by = (at + 1, _LETTER) if note is None else (note.end(), _PINYIN)
        endings = [mark.encode()] if note is None or _is_pair(raw + mark.encode(), note) else []
    elif mark == "?" and _gbk(follows) and (len(first) == 1 or len(raw) > len(first)):
        # The byte before a valid character made no character with it, and was lost.
        at += 1
        lead = _gbk(follows)[0]
        endings = [bytes([last]) for last in range(_LAST_ASCII + 2, 0xFF) if not _is_character(last, lead)]
    elif mark == "?" and follows == "\n" and raw[-1] == _FULL_STOP[0]:
        # The second byte of 。 swallowed one of the two line feeds that stand between paragraphs.
        at += 1
        endings = [_FULL_STOP[1:] + b"\n"]
    return at, ended_by, [bytes(raw) + ending for ending in endings if len(raw) < _LONGEST]


def _decoded(raw: bytes, opened_by: str) -> str:
    """The text that the bytes stand for, or nothing; a lost first byte is left as a question mark."""
    try:
        return raw.decode("gbk") if opened_by == _PINYIN else "?" + raw[2:].decode("gbk")
    except UnicodeDecodeError:
        return ""


def _gbk(text: str) -> bytes:
    """Two bytes for each character, or none at all."""
    try:
        raw = text.encode("gbk")
    except UnicodeEncodeError:
        return b""
    return raw if len(raw) == 2 * len(text) else b""


def _is_pair(raw: bytearray, note: re.Match[str]) -> bool:
    return _plain(note[1]) in _readings().get(raw[-2:].decode("gbk", "replace"), ())


@cache
def _is_character(lead: int, trail: int) -> bool:
    return len(bytes([lead, trail]).decode("gbk", "ignore")) == 1


class _Sound(NamedTuple):
    """What a text says outside of its damage: its characters, and how often two stand side by side."""

    characters: frozenset[str]
    pairs: Mapping[int, int]

    def times(self, left: str, right: str) -> int:
        """How often the two stand side by side."""
        return self.pairs.get(ord(left) << 16 | ord(right), 0) if left and right else 0

    def joins(self, left: str, right: str) -> bool:
        """Whether the two stand side by side in the text or in a word."""
        return left + right in _word_pairs() or self.times(left, right) > 0


def _repairs(text: str, runs: Sequence[_Run], notes: Sequence[_Note]) -> dict[int, str]:
    """For each stretch with one likely answer this answer.

    What is repaired is evidence for the rest, so it goes in rounds until nothing is added.
    """
    annotated = {note.end: note.character for note in notes}
    chosen: dict[int, str] = {}
    for _ in range(_ROUNDS if any(run.options for run in runs) else 0):
        sound = _evidence(_without(text, notes, runs, chosen))
        found = {}
        for at, run in enumerate(runs):
            if run.options and at not in chosen:
                before = annotated.get(run.start, text[run.start - 1 : run.start])
                answer = _likeliest(run, before, text[run.end : run.end + 1], sound)
                if answer:
                    found[at] = answer
        if not found:
            break
        chosen |= found
    return chosen


def _without(text: str, notes: Sequence[_Note], runs: Sequence[_Run], chosen: Mapping[int, str]) -> str:
    gone = [(note.start, note.end, "") for note in notes]
    gone += [(run.start, run.end, chosen.get(at, "\0")) for at, run in enumerate(runs) if run.options]
    parts, last = list[str](), 0
    for start, end, instead in sorted(gone):
        parts += text[last:start], instead
        last = end
    return "".join([*parts, text[last:]])


def _evidence(sound: str) -> _Sound:
    units = np.frombuffer(sound.encode("utf-16-le", "surrogatepass"), np.dtype("<u2")).astype(np.int64)
    pairs, counts = np.unique(units[:-1] << 16 | units[1:], return_counts=True)
    return _Sound(frozenset(sound), dict(zip(pairs.tolist(), counts.tolist(), strict=True)))


def _likeliest(run: _Run, before: str, after: str, sound: _Sound) -> str:
    """The one likely answer, or nothing."""
    answers: dict[str, int] = {}
    for option in run.options:
        if option.endswith("\n") and not (sound.times("\n", "\n") and sound.times("。", "\n")):
            continue
        lead = "" if run.opened_by == _PINYIN else _lost_character(before, option[1], sound)
        answer = lead + option[len(lead) :]
        if (
            "?" not in answer
            and not answer.endswith("。。\n")
            and _holds(before, answer, after, sound, ended_by=run.ended_by)
        ):
            answers[answer] = sum(sound.joins(*two) for two in pairwise(before + answer + after))
    best = max(answers.values(), default=0)
    likeliest = [answer for answer, support in answers.items() if support == best]
    return likeliest[0] if len(likeliest) == 1 else ""


def _holds(before: str, answer: str, after: str, sound: _Sound, *, ended_by: str) -> bool:
    """Whether each character goes with a neighbour.

    That catches bytes that stand for no character and vanished where the page was shown: what is left of two characters
    makes a third. A last character needs no neighbour where a pair proves it, or where nothing can have vanished.
    """
    proved = ended_by == _PINYIN or (ended_by == _LETTER and len(answer.strip("".join(_PUNCTUATION))) == 1)
    lefts, rights = (before or "\0") + answer, answer[1:] + (after or "\0")
    return all(
        character in _PUNCTUATION
        or (proved and at == len(answer) - 1 and character in _readings())
        or _goes(left, character, right, sound)
        for at, (left, character, right) in enumerate(zip(lefts, answer, rights, strict=False))
    )


def _goes(left: str, character: str, right: str, sound: _Sound) -> bool:
    if character not in _common() and character not in sound.characters:
        return False
    return character in _function_words() or sound.joins(left, character) or sound.joins(character, right)


def _lost_character(before: str, follows: str, sound: _Sound) -> str:
    """The character with second byte A3 whose first byte was lost: 。 unless a common word has another here."""
    if before in _PAUSES:
        found = [other for other in _lost_leads() if sound.joins(other, follows)]
        return found[0] if len(found) == 1 else ""
    others = [
        other
        for other in _lost_leads()
        if before + other in _lost_words() or (sound.times(before, other) and sound.joins(other, follows))
    ]
    if not others:
        return "" if follows in _CONTINUES else "。"
    if follows in _OPENING:
        return "。"
    best = max(others, key=lambda other: sound.times(before, other))
    words_here, stops_here = sound.times(before, best), sound.times(before, "。")
    if follows in _CONTINUES or words_here > max(1, 3 * stops_here):
        return best if len(others) == 1 or words_here else ""
    return "。" if stops_here > max(1, 3 * words_here) else ""


# ------------------------------------------------------------------------------------------------------- the words
@cache
def _readings() -> Mapping[str, frozenset[str]]:
    """The ordinary readings of common Traditional characters."""
    return _grouped(rows("pinyin_readings.tsv"))


@cache
def _readings_of_either_script() -> Mapping[str, frozenset[str]]:
    """The same, with the characters that they become in Simplified script."""
    simplified = converter("t2s").convert
    return _grouped(
        (form, r) for character, r in rows("pinyin_readings.tsv") for form in (character, simplified(character))
    )


def _grouped(pairs: Iterable[Sequence[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for character, reading in pairs:
        found.setdefault(character, set()).add(reading)
    return {character: frozenset(readings) for character, readings in found.items()}


@cache
def _seen() -> frozenset[tuple[str, str]]:
    """The pairs that were seen on rewritten pages."""
    return frozenset((character, reading) for character, reading in rows("pinyin_pairs.tsv"))


@cache
def _second_bytes() -> Mapping[tuple[int, str], bytes]:
    """For the first byte of a listed character and its reading, what its second byte may be."""
    found: dict[tuple[int, str], bytes] = {}
    for character, readings in _readings().items():
        first, second = character.encode("gbk")
        if second > _LAST_ASCII:
            found.update({(first, reading): found.get((first, reading), b"") + bytes([second]) for reading in readings})
    return found


@cache
def _lost_words() -> frozenset[str]:
    """Common words whose last character has A3 as its second byte."""
    return frozenset(words("pinyin_lost_words.txt"))


@cache
def _lost_leads() -> tuple[str, ...]:
    """Every common character that has A3 as its second byte."""
    return tuple(sorted(character for character in _common() - _PUNCTUATION if _gbk(character)[1:] == b"\xa3"))


@cache
def _common() -> frozenset[str]:
    return _PUNCTUATION.union(words("pinyin_common.txt"), _readings())


@cache
def _function_words() -> frozenset[str]:
    return frozenset(words("pinyin_function_words.txt"))


@cache
def _word_pairs() -> frozenset[str]:
    """Each two characters that stand side by side in a phrase of the script converter's dictionary."""
    path = Path(opencc.__file__).parent / "dictionary" / "STPhrases.txt"
    phrases = path.read_text("utf-8").replace("\n", "\t").replace(" ", "\t").split("\t")
    return frozenset(map("".join, chain.from_iterable(map(pairwise, phrases))))
