"""Where pinyin has put a text one byte off, how far, and what may have stood there.

Here belongs the arithmetic of bytes: each stretch with every text that would have been damaged into what is there now.
Which of them is likely belongs in :mod:`pipeline.pinyin.repair`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pipeline.pinyin.likelihood import is_common
from pipeline.pinyin.notes import HAN, NOTE
from pipeline.pinyin.readings import SYLLABLE, character, characters_read_as, gbk, plain, readings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.pinyin.notes import Note

SCAR = re.compile(f"\\?({SYLLABLE})[)）]")
_LOST = re.compile("\\?[！，；：？]")
_LOST_AND_FOLDED = re.compile("\\?[!,;:?]")
_FULL_WIDTH_MARK = re.compile("[！，；：？]")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_WIDE = dict(zip("!,;:?", "！，；：？", strict=True))
_MOST_SCARS = 1000
"""A text with more is not repaired: a long page has a few hundred."""
_LONGEST = 1000
"""Bytes of a stretch: the next ASCII character is hardly ever farther away."""
_LOST_TRAIL = 0xA3
_MARKS_AT_LINE_ENDS = "。；：，”？！）》…"
SWALLOWED = " "
"""Stands for an ASCII character of which nothing is left: nobody knows which one it was."""

OpenedBy: TypeAlias = Literal["pinyin", "full-width mark", "half-width mark"]
EndedBy: TypeAlias = Literal["", "pinyin", "letter", "lost byte", "line feed"]


class Place(NamedTuple):
    """One character of two bytes: what it may be, and what stood there if bytes vanished between its two.

    `options` has one answer mostly, more where a byte is lost. Where two bytes or more vanished, the first byte of the
    place, `first`, began one character, and another ended there: one of `tails`, each with its own first byte.
    """

    options: tuple[str, ...]
    first: int = 0
    tails: tuple[tuple[int, str], ...] = ()


class Stretch(NamedTuple):
    """A stretch that is one byte off: where it is, what opens and ends it, and what may have stood there.

    Without places, its bytes lead to no end.
    """

    start: int
    end: int
    opened_by: OpenedBy
    ended_by: EndedBy = ""
    places: tuple[Place, ...] = ()


def scars(text: str) -> list[re.Match[str]]:
    """Where pinyin swallowed its bracket, and where a first byte may be lost, in the order of the text.

    >>> [match[0] for match in scars("轉變?yōu)楫a品?！吨腥A")]
    ['?yōu)', '?！']

    Half-width marks count where all marks were turned to half width: elsewhere a question mark may stand before one.
    """
    if "?" not in text:
        return []
    found = [*SCAR.finditer(text), *_LOST.finditer(text)]
    if not _FULL_WIDTH_MARK.search(_LOST.sub("", text)):
        found += _LOST_AND_FOLDED.finditer(text)
    return sorted(found, key=re.Match.start)


def stretches(text: str, broken: Sequence[re.Match[str]], notes: Sequence[Note]) -> list[Stretch]:
    """The stretches that begin at these scars, in order.

    >>> text = "圖紙轉變?yōu)楫a品"
    >>> [(one.start, one.end, [place.options for place in one.places]) for one in stretches(text, scars(text), [])]
    [(4, 11, [('為',), ('產',)])]
    """
    annotated = {note.end: note.character for note in notes}
    found: list[Stretch] = []
    for match in broken if len(broken) <= _MOST_SCARS else ():
        start, at = match.span()
        if found and start < found[-1].end:
            continue
        if match.re is SCAR:
            before = gbk(annotated.get(start, text[start - 1 : start]))
            listed = characters_read_as().get(plain(match[1]), ()) if before else ()
            firsts = sorted({second for first, second in listed if first == before[-1]})
            opened: Stretch = Stretch(start, start + 1, "pinyin")
            head: tuple[Place, ...] = ()
        else:
            mark = match.group()[1]
            firsts = list(gbk(_WIDE.get(mark, mark))[1:])
            opened = Stretch(start, start + 1, "half-width mark" if mark in _WIDE else "full-width mark")
            head = (_lost_characters(),)
        read = [one for first in firsts if (one := _read(text, at, first, opened.opened_by)) is not None]
        found.append(_joined(opened, head, read) if read else opened)
    return found


class _Read(NamedTuple):
    """Bytes from the middle of a character on: what they may be, place by place, and what ended them."""

    end: int
    ended_by: EndedBy
    places: tuple[Place, ...]


def _joined(opened: Stretch, head: tuple[Place, ...], read: Sequence[_Read]) -> Stretch:
    """The stretch whose first byte may have been one of several: only its first place is another for each."""
    last = read[-1]
    first = last.places[0]
    if len(read) > 1:
        first = Place(tuple(chain.from_iterable(one.places[0].options for one in read)))
    return opened._replace(end=last.end, ended_by=last.ended_by, places=(*head, first, *last.places[1:]))


def _read(text: str, at: int, first: int, opened_by: OpenedBy) -> _Read | None:
    """The bytes from `first` on, which goes on at `at`; None where they lead to no end."""
    raw = bytearray([first])
    while run := _NOT_ASCII.match(text, at):
        encoded = gbk(run.group())
        if not encoded:
            return None
        raw += encoded
        at = run.end()
        note = NOTE.match(text, at)
        if note is None or not _is_pair(bytes(raw[-2:]), note):
            break
        at = note.end()
    if len(raw) >= _LONGEST:
        return None
    end, ended_by, last = _ending(text, at, raw[-1], may_be_lost=opened_by == "pinyin" or len(raw) > 1)
    if not (last.options or last.tails):
        return None
    pairs = zip(raw[:-1:2], raw[1::2], strict=True)
    return _Read(end, ended_by, (*(_place(first, second) for first, second in pairs), last))


def _place(first: int, second: int) -> Place:
    whole = character(first, second)
    return Place((whole,) if whole else (), first, tails(second))


def _ending(text: str, at: int, last: int, *, may_be_lost: bool) -> tuple[int, EndedBy, Place]:
    """What ends the bytes at `at`, of which `last` is the first byte of a character, and what that one may be."""
    scar = SCAR.match(text, at)
    mark, follows = text[at : at + 1], text[at + 1 : at + 2]
    if scar is not None:
        return scar.end(), "pinyin", _listed(last, characters_read_as().get(plain(scar[1]), ()))
    if "@" <= mark <= "~":
        note = NOTE.match(text, at + 1)
        if note is None:
            return at + 1, "letter", _place(last, ord(mark))
        raws = [one.encode("gbk") for one, those in readings().items() if plain(note[1]) in those]
        return note.end(), "pinyin", _listed(last, [raw for raw in raws if raw[1:] == mark.encode()])
    if mark == "?" and gbk(follows) and may_be_lost:
        # The byte before a valid character made no character with it, and was lost; or it swallowed an ASCII character.
        lead = gbk(follows)[0]
        every = [(second, one) for second in range(0x81, 0xFF) if (one := character(last, second))]
        lost = [one for second, one in every if not character(second, lead)]
        return at + 1, "lost byte", Place((*lost, *(one + SWALLOWED for _, one in every)))
    if mark == "?" and follows == "\n" and text[at + 2 : at + 3] != "\n":
        # A second byte swallowed one of the two line feeds that stand between paragraphs.
        every = [(second, one) for second in range(0x81, 0xFF) if (one := character(last, second))]
        options = tuple(one + "\n" for _, one in every if HAN.match(one) or one in _MARKS_AT_LINE_ENDS)
        return at + 1, "line feed", Place(options, last, _ends_of_lines())
    return at, "", Place(())


def _listed(first: int, raws: Sequence[bytes]) -> Place:
    """The place of an annotated character: it has a reading that is known."""
    options = tuple(raw.decode("gbk") for raw in raws if raw[0] == first)
    return Place(options, first, tuple((raw[0], raw.decode("gbk")) for raw in raws))


def _is_pair(raw: bytes, note: re.Match[str]) -> bool:
    return plain(note[1]) in readings().get(raw.decode("gbk", "replace"), ())


# ------------------------------------------------------------------------------------ two bytes that are no character
def heads(first: int) -> tuple[tuple[int, str], ...]:
    """The common characters that begin with a byte and may stand before a gap, each with its second byte.

    >>> (0xAE, "十") in heads(0xCA)
    True
    """
    return _by_first().get(first, ())


def tails(second: int) -> tuple[tuple[int, str], ...]:
    """The common characters that end with a byte, each with its first byte."""
    return _by_second().get(second, ())


@cache
def vanishing() -> Mapping[int, frozenset[int]]:
    """For each first byte the second ones with which it is no character in GBK, though it could be."""
    trails = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
    found = {lead: frozenset(t for t in trails if not character(lead, t)) for lead in range(0x81, 0xFF)}
    return {lead: those for lead, those in found.items() if those}


@cache
def _by_first() -> Mapping[int, tuple[tuple[int, str], ...]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for first, second, one in _common():
        if second in vanishing():
            found[first].append((second, one))
    return {byte: tuple(those) for byte, those in found.items()}


@cache
def _by_second() -> Mapping[int, tuple[tuple[int, str], ...]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for first, second, one in _common():
        found[second].append((first, one))
    return {byte: tuple(those) for byte, those in found.items()}


@cache
def _common() -> tuple[tuple[int, int, str], ...]:
    """Every common character of two bytes, behind its bytes."""
    return tuple(
        (first, second, one)
        for first in range(0x81, 0xFF)
        for second in range(0x40, 0xFF)
        if (one := character(first, second)) and is_common(one)
    )


@cache
def _ends_of_lines() -> tuple[tuple[int, str], ...]:
    return tuple((mark.encode("gbk")[0], mark + "\n") for mark in _MARKS_AT_LINE_ENDS)


@cache
def _lost_characters() -> Place:
    """Every common character whose second byte is A3."""
    return Place(tuple(one for _, second, one in _common() if second == _LOST_TRAIL))
