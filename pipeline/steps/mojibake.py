"""Repair mojibake: text that was read in a wrong codec before it was saved, where its bytes still tell what it was.

Here belongs what is repaired and what is left alone. Which stretches look misread is found in
:mod:`pipeline.mojibake.stretches`; text whose bytes are lost is flagged in :mod:`pipeline.steps.lost_characters`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.edits import Edit
from pipeline.mojibake.evidence import FEWEST, FORM, LEAST_LIKENESS, Stretch
from pipeline.mojibake.readings import LOST
from pipeline.mojibake.stretches import may_be_misread, misread
from pipeline.steps.lost_characters import is_near_word_for_codecs, is_quoted
from pipeline.text import NOTHING, Finding, Outcome, Text, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULES = {
    "mojibake.gb_as_big5": "Text in GBK that had been read as Big5.",
    "mojibake.gb_as_hkscs": "Text in GBK that had been read as Big5 with the characters of Hong Kong.",
    "mojibake.gb_as_latin": "Text in GBK that had been read as Latin-1 or Windows-1252.",
    "mojibake.utf8_as_gb": "Text in UTF-8 that had been read as GBK.",
    "mojibake.utf8_as_latin": "Text in UTF-8 that had been read as Latin-1 or Windows-1252.",
    "mojibake.utf8_as_shift_jis": "Text in UTF-8 that had been read as Shift-JIS.",
}

MOST_ROUNDS = 3
"""Text that was misread more often than this has not been seen."""

_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile("[A-Za-z]{2,}")


def repair_mojibake(view: View) -> Outcome:
    r"""Undo wrong readings, as often as they were made, in a whole text or in parts of one that is intact.

    >>> from pipeline.text import Text
    >>> damaged = "为了加强管理，制定本规定。".encode().decode("latin-1")
    >>> Text(f"{damaged}\n各区要抓好落实。").revise(repair_mojibake).value
    '为了加强管理，制定本规定。\n各区要抓好落实。'

    Each line, or stretch of Latin letters, is read back in every way that its characters hint at. It is repaired where
    what comes out is by far more like Chinese, or is UTF-8 in its form, which no text has by chance. A character whose
    bytes are gone is U+FFFD, and never guessed.

    Left alone: what a text that is mostly intact quotes, or shows beside a word for encodings; single words; words of
    European languages; names in rare characters.
    """
    if not may_be_misread(view.text):
        return NOTHING
    history = Text(view.text)
    for _ in range(MOST_ROUNDS):
        before, history = history, history.revise(_undo_once)
        if history is before or not history.revisions:
            break
    if not history.revisions:
        return NOTHING
    edits = list(_from_first_to_last(history))
    flags = ["mojibake_repaired"]
    if any(edit.after.count(LOST) > edit.before.count(LOST) for edit in edits):
        flags.append("mojibake_lossy")
    return Outcome(edits, [Finding("flag", flag) for flag in sorted(flags)])


def _from_first_to_last(history: Text) -> Iterator[Edit]:
    """The edits that lead from the first text of a history to its last one."""
    if len(history.revisions) == 1:
        yield from history.revisions[0].layer
        return
    spans = [
        (history.origin((edit.start, edit.start + len(edit.before)), depth=depth), edit.rule)
        for depth, revision in enumerate(history.revisions)
        for edit in revision.layer
    ]
    merged: list[tuple[int, int, str]] = []
    for (start, end), rule in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, rule))
    original = history.original
    for start, end, rule in merged:
        first, last = history.onward((start, end))
        yield Edit(start, original[start:end], history.value[first:last], rule)


def _undo_once(view: View) -> Outcome:
    text = view.text
    found = [one for one in _apart(misread(text)) if not _stands_beside_what_it_was(text, one)]
    if not found:
        return NOTHING
    if _is_mostly_intact(text, found):
        found = [one for one in found if not is_quoted(text, one.span)]
        found = [one for one in found if not is_near_word_for_codecs(text, one.span)]
    elif not any(_HAN.search(one.after) for one in found):
        # Without Han, quotation marks say little: they are around sentences in which a dash was misread.
        found = [one for one in found if not is_near_word_for_codecs(text, one.span)]
    return Outcome([_trimmed(one) for one in found])


def _apart(found: Sequence[Stretch]) -> list[Stretch]:
    """Those with enough others that were misread in the same way, none over one of a reading that more speaks for."""
    gained: dict[str, float] = {}
    for one in found:
        gained[one.reading.name] = gained.get(one.reading.name, 0) + one.gain
    kept: list[Stretch] = []
    for one in sorted(found, key=lambda one: (-gained[one.reading.name], -one.gain)):
        together = gained[one.reading.name]
        if together < FORM or (one.gain < FEWEST * LEAST_LIKENESS and together < 2 * FORM):
            continue
        kept.append(one)
    return _first_of_each_place(kept)


def _first_of_each_place(found: Sequence[Stretch]) -> list[Stretch]:
    taken = bytearray(max((one.span[1] for one in found), default=0))
    kept: list[Stretch] = []
    for one in found:
        start, end = one.span
        if 1 not in taken[start:end]:
            taken[start:end] = b"\1" * (end - start)
            kept.append(one)
    return sorted(kept)


def _stands_beside_what_it_was(text: str, one: Stretch) -> bool:
    """Whether a line shows both what was misread and what it was, as a lesson does: 人工智能 -> 浜哄伐鏅鸿兘."""
    start, end = one.span
    before = text[max(0, start - _NEAR) : start].rpartition("\n")[2]
    behind = text[end : end + _NEAR].partition("\n")[0]
    around, was = f"{before}\n{behind}", one.after.strip()
    is_telling = len(around.strip()) <= _SHORT or (len(was) > 1 and _HAN.search(was) is not None)
    return bool(was) and was in around and is_telling


_NEAR, _SHORT = 200, 20


def _is_mostly_intact(text: str, found: Sequence[Stretch]) -> bool:
    """Whether more of a text stands outside of what looks misread than would come out of it.

    A Han says as much as a word. Where no Han come out, words of English are what was misread, and do not count.
    """
    repaired = sum(len(_HAN.findall(one.after)) for one in found)
    words = len(_WORD.findall(text)) if repaired else 0
    misread_han = sum(len(_HAN.findall(one.before)) for one in found)
    return len(_HAN.findall(text)) - misread_han + words > repaired


def _trimmed(one: Stretch) -> Edit:
    """The edit without what both sides begin and end with."""
    before, after = one.before, one.after
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    rule = f"mojibake.{one.reading.name}"
    return Edit(one.start + head, before[head : len(before) - tail], after[head : len(after) - tail], rule)
