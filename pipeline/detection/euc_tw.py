"""Traditional text in EUC-TW, which Python cannot decode: it has the form of GB2312 and EUC-KR, and is set aside."""

from __future__ import annotations

import functools
import re

from pipeline.lexicon import words

_EUC_TW = re.compile(rb"\x8e[\xa1-\xb0][\xa1-\xfe]{2}|[\xa1-\xfe]{2}")
_LEAST_COMMON = 0.4  # of the characters: in running text 0.7 are common; in Korean or Thai bytes 0.1 seem so
# Plane 1 of CNS 11643 has the order of the first part of Big5, in stretches: the first code of each in both.
_BIG5_IN_CNS = (
    *((0xA440, 0x4421), (0xAD40, 0x5323), (0xAFD0, 0x5754), (0xBBC8, 0x6B51), (0xBE53, 0x6F5C), (0xC1AB, 0x7536)),
    *((0xC2CC, 0x7737), (0xC361, 0x782F)),
)
_FEWEST_IN_EUC_TW = 10
_LAST_IN_PLANE_1 = 0xC67E
_ASCII_END = 0x80


def looks_like_euc_tw(data: bytes) -> bool:
    """Say whether bytes look like Traditional text in EUC-TW, which has the form of GB2312 and EUC-KR.

    >>> looks_like_euc_tw(bytes.fromhex("c4e3d1d4c8b3e2f1c4e2c4ade8eddceecae7d1cac5c6e5a1"))
    False
    """
    characters = _EUC_TW.findall(data)
    common = sum(map(_common_in_euc_tw().__contains__, characters))
    return len(characters) >= _FEWEST_IN_EUC_TW and common / len(characters) >= _LEAST_COMMON


@functools.cache
def _common_in_euc_tw() -> frozenset[bytes]:
    found = set()
    for character in words("common_han.txt"):
        code = character.encode("big5", "replace")
        for big5, cns in reversed(_BIG5_IN_CNS):
            if big5 <= int.from_bytes(code, "big") <= _LAST_IN_PLANE_1:
                row, cell = divmod(_place(code) - _place(big5.to_bytes(2, "big")) + (cns & 0xFF) - 0x21, 94)
                found.add(bytes(((cns >> 8) + row + 0x80, cell + 0xA1)))
                break
    return frozenset(found)


def _place(big5: bytes) -> int:
    lead, trail = big5
    return lead * 157 + trail - (0x40 if trail < _ASCII_END else 0x62)
