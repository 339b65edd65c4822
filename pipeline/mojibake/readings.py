r"""The ways in which text is read in a wrong codec, and back: bytes for characters, and the text that they were.

Here belongs what can be said of one stretch of text and one wrong reading. Whether a stretch was misread at all is
decided in :mod:`pipeline.mojibake.stretches`.

>>> back("äººå·¥æ\x99ºèƒ½", UTF8_AS_LATIN)
'人工智能'
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import NamedTuple

from pipeline.detection.likeness import likeness_of_text

LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands for what the bytes at hand do not tell."""

MOST_LOST = 4
"""Where one of so many bytes is lost, no stretch of GB between two losses is long enough to tell how it is read."""

_LOST_BYTE = b"\xff"  # stands in no UTF-8, and begins no character of GB or Big5


class WrongReading(NamedTuple):
    """Text that was written in one codec and read in another; `name` says both."""

    name: str
    written: str
    read: str


UTF8_AS_LATIN = WrongReading("utf8_as_latin", "utf-8", "latin")
UTF8_AS_GB = WrongReading("utf8_as_gb", "utf-8", "gb18030")
UTF8_AS_SHIFT_JIS = WrongReading("utf8_as_shift_jis", "utf-8", "cp932")
GB_AS_LATIN = WrongReading("gb_as_latin", "gb18030", "latin")
GB_AS_BIG5 = WrongReading("gb_as_big5", "gb18030", "cp950")
GB_AS_HKSCS = WrongReading("gb_as_hkscs", "gb18030", "big5hkscs")
"""The tables of Windows and of Hong Kong have other bytes for some characters: only a whole text tells which it was."""

_C1 = bytes(range(0x80, 0xA0))
_WESTERN = {ord(bytes([byte]).decode("cp1252")): chr(byte) for byte in _C1 if bytes([byte]).decode("cp1252", "ignore")}
"""What Windows shows for the bytes 0x80 to 0x9F, with the characters that Latin-1 has for them."""

LATIN = "\x80-\xff" + "".join(map(chr, sorted(_WESTERN)))
"""The characters, as a part of a class of a pattern, that Latin-1 or Windows-1252 has for a byte above ASCII."""


def back(text: str, reading: WrongReading) -> str:
    """The text that a stretch was before it was misread; what its bytes do not tell is :data:`LOST`.

    >>> back("浜哄伐鏅鸿兘", UTF8_AS_GB), back("浜哄\ufffd鏅鸿兘", UTF8_AS_GB)
    ('人工智能', '人\ufffd智能')

    Latin-1 and Windows-1252 are one: a byte that Windows does not define is the control character of Latin-1, as
    browsers have it. A question mark beside half a character stands for the other half.
    """
    return _decoded(bytes_of(text, reading.read), reading.written)


def bytes_of(text: str, read: str) -> bytes:
    """The bytes that a stretch was read from; one that is lost is 0xFF."""
    if read == "latin":
        return text.translate(_WESTERN).encode("latin-1", "pipeline.lost_byte")
    # GB 18030 has bytes for U+FFFD itself, which are not those that it stands for; no codec has any for a surrogate.
    return text.replace(LOST, "\udcff").encode(read, "pipeline.lost_byte")


def _lost_byte(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"".join(map(_byte_of, error.object[error.start : error.end])), error.end


def _byte_of(character: str) -> bytes:
    """What Python's table of a codec lacks and another has: 0x80 itself, and in Big5 the signs of one of the two."""
    if character == "\x80":
        return b"\x80"
    for table in ("cp950", "big5hkscs"):
        with suppress(UnicodeEncodeError):
            return character.encode(table)
    return _LOST_BYTE


codecs.register_error("pipeline.lost_byte", _lost_byte)

_SEQUENCE = (
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_WHOLE_UTF8 = re.compile(rb"(?:[\x00-\x3e\x40-\x7f]|" + _SEQUENCE + rb")+")


def _decoded(content: bytes, written: str) -> str:
    try:
        return content.decode(written)
    except UnicodeDecodeError:
        return _from_utf8(content) if written == "utf-8" else _from_gb(content)


def _from_utf8(content: bytes) -> str:
    """What stands between whole sequences are halves of characters; question marks by themselves are what they are."""
    parts = []
    at = 0
    for whole in _WHOLE_UTF8.finditer(content):
        parts += [_rest(content[at : whole.start()]), whole[0].decode("utf-8")]
        at = whole.end()
    return "".join([*parts, _rest(content[at:])])


def _rest(between: bytes) -> str:
    return LOST if between.strip(b"?") else between.decode("ascii")


def _from_gb(content: bytes) -> str:
    """Behind a lost byte, the next one may be the second half of the lost character: what reads well is taken.

    Where neither does, what stands there would be made up, up to the next byte of which one is sure.
    """
    if MOST_LOST * content.count(_LOST_BYTE) > len(content):
        return LOST
    parts = []
    for number, stretch in enumerate(content.split(_LOST_BYTE)):
        readings = [stretch[skipped:].decode("gb18030", "replace") for skipped in range(2 if number else 1)]
        best = max(readings, key=lambda text: likeness_of_text(text, "chinese").value)
        is_sure = number == 0 or best.isascii() or likeness_of_text(best.strip(LOST), "chinese").accepted
        parts.append(best.strip(LOST) if is_sure else _NOT_ASCII.sub(LOST, best))
    return _LOSSES.sub(LOST, LOST.join(parts))


_LOSSES = re.compile(f"{LOST}+")
_NOT_ASCII = re.compile("[^\\x00-\\x7f]+")
