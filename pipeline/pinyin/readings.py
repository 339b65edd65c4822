"""Which reading a character has, and which character two bytes are: what both halves of the work look up.

Here belong the word lists in the form in which they are asked. What a match means belongs to who asks.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from pipeline.lexicon import rows, words
from pipeline.script.conversion import converter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
SYLLABLE = f"[a-zɡü\u0308]{{0,5}}[{TONED}][a-zɡü\u0308{TONED}]{{0,4}}"
_LAST_ASCII = 0x7F


def plain(reading: str) -> str:
    """A reading as the lists have it: composed, with the ordinary g.

    >>> plain("ɡuo\u0301")
    'guó'
    """
    return unicodedata.normalize("NFC", reading).replace("ɡ", "g")


@cache
def readings() -> Mapping[str, frozenset[str]]:
    """The ordinary readings of common Traditional characters."""
    return _grouped(rows("pinyin_readings.tsv"))


@cache
def readings_of_either_script() -> Mapping[str, frozenset[str]]:
    """The same, with the characters that they become in Simplified script."""
    simplified = converter("t2s").convert
    return _grouped(
        (form, r) for character, r in rows("pinyin_readings.tsv") for form in (character, simplified(character))
    )


def _grouped(pairs: Iterable[Sequence[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for character, reading in pairs:
        found.setdefault(character, set()).add(reading)
    return {character: frozenset(those) for character, those in found.items()}


@cache
def seen_pairs() -> frozenset[tuple[str, str]]:
    """The pairs that were seen on rewritten pages."""
    return frozenset((character, reading) for character, reading in rows("pinyin_pairs.tsv"))


@cache
def lost_words() -> frozenset[str]:
    """Common words whose last character has A3 as its second byte."""
    return frozenset(words("pinyin_lost_words.txt"))


@cache
def characters_read_as() -> Mapping[str, tuple[bytes, ...]]:
    """For each reading the characters of two bytes that a list may have with it, as bytes."""
    found: dict[str, list[bytes]] = {}
    for character, those in readings().items():
        raw = character.encode("gbk")
        if raw[1] > _LAST_ASCII:
            for reading in those:
                found.setdefault(reading, []).append(raw)
    return {reading: tuple(raws) for reading, raws in found.items()}


def gbk(text: str) -> bytes:
    """Two bytes for each character, or none at all where one of them has no two.

    >>> gbk("變").hex(), gbk("變a")
    ('d783', b'')
    """
    try:
        raw = text.encode("gbk")
    except UnicodeEncodeError:
        return b""
    return raw if len(raw) == 2 * len(text) else b""


def character(lead: int, trail: int) -> str:
    """The character of two bytes, or nothing."""
    return _CHARACTERS.get(lead << 8 | trail, "")


def _characters() -> dict[int, str]:
    found = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            decoded = bytes([lead, trail]).decode("gbk", "ignore")
            if len(decoded) == 1 and ord(decoded) > _LAST_ASCII:
                found[lead << 8 | trail] = decoded
    return found


_CHARACTERS = _characters()
