"""Take out the pinyin that a page rewriter put behind Traditional characters, and undo the damage that it did to bytes.

Here belong the edits, and which of the findings of :mod:`pipeline.pinyin` they need. Script conversion, which must come
later (瞭(liǎo)解), belongs in :mod:`pipeline.steps.script`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.edits import Edit, Layer
from pipeline.pinyin.notes import HAN, find_notes, judged, notes_behind_letters
from pipeline.pinyin.repair import outside, repairs, without
from pipeline.pinyin.stretches import SCAR, Place, Stretch, scars, stretches
from pipeline.script.evidence import script_evidence
from pipeline.text import NOTHING, Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.text import View

RULES = {
    "pinyin.artifact": "Pinyin that a conversion put behind the character.",
    "pinyin.byte_shift": "Characters that pinyin put between their bytes had broken, decoded again.",
}

_TRADITIONAL_SHARE = 0.05


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
    notes, broken = find_notes(text), scars(text)
    if not notes and not broken:
        return NOTHING
    off = stretches(text, broken, notes) if _is_traditional(text) else []
    found = repairs(text, off, outside(notes, off))
    sure = {at: repair for at, repair in found.items() if off[at].opened_by != "half-width mark"}
    edits, proven = _edits(text, off, sure)
    if proven and len(sure) < len(found):
        edits, proven = _edits(text, off, found)
    flags = [Finding("flag", "pinyin_artifacts_removed")] if edits else []
    left = [one for at, one in enumerate(off) if at not in found]
    is_damaged = any(
        "pinyin" in {one.opened_by, one.ended_by} or (edits and one.opened_by == "full-width mark") for one in left
    )
    if is_damaged or (
        not off and any(scar.re is SCAR and HAN.match(text, max(0, scar.start() - 1)) for scar in broken)
    ):
        flags.append(Finding("flag", "pinyin_damage"))
    return Outcome(edits, flags) if flags else NOTHING


def _is_traditional(text: str) -> bool:
    evidence = script_evidence(text)
    return evidence.traditional >= max(_TRADITIONAL_SHARE * evidence.han, evidence.simplified, 1)


def _edits(text: str, off: Sequence[Stretch], found: Mapping[int, str]) -> tuple[list[Edit], bool]:
    """The edits that repair these stretches and delete the artefacts, and whether a rewriter was proved to be at work.

    Notes are judged as they stand in the repaired text.
    """
    layer = Layer.of(
        text,
        [
            Edit(off[at].start, text[off[at].start : off[at].end], repair, "pinyin.byte_shift")
            for at, repair in found.items()
        ],
    )
    repaired = layer.apply(text)
    notes = find_notes(repaired)
    # What is still broken is looked for again: a repair beside it may have ended it earlier.
    traditional = _is_traditional(repaired)
    left = stretches(repaired, scars(repaired), notes) if traditional else []
    # What was repaired is neither bare nor annotated: its last character had its pinyin in the stretch.
    spans = zip(layer.out_starts.tolist(), layer.after_lengths.tolist(), strict=True)
    mended = [Stretch(start, start + length, "pinyin", places=(Place(()),)) for start, length in spans]
    damaged = sorted([*left, *mended], key=lambda one: one.start)
    sound = without(repaired, outside(notes, damaged), damaged, {})
    scarred = any("pinyin" in {off[at].opened_by, off[at].ended_by} for at in found)
    artefacts, proven = judged(repaired, notes, sound, traditional=traditional, scarred=scarred)
    edits = list(layer)
    if proven:
        artefacts = [*artefacts, *outside(notes_behind_letters(repaired), left)]
    for note in artefacts:
        start, end = layer.origin((note.start, note.end))
        edits.append(Edit(start, text[start:end], "", "pinyin.artifact"))
    return edits, proven
